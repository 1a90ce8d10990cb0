import type { JudgedEntry } from "../commands/steps/judge.ts";
import { escapeControls } from "../model/escape.ts";
import type { LiveStatus } from "../model/liveness.ts";
import { PROMPT_LENGTH } from "../model/plain_store.ts";
import type { ListedEntry } from "../model/process_entry.ts";
import { countCharacters } from "../model/text_position.ts";
import { PLAIN, type Style } from "./style.ts";

/** Column widths of the table, in Unicode scalar values. */
const WIDTHS = [38, 7, 8, 10, 10, 7, 22] as const;
const HEADER = [
  "ID",
  "PID",
  "STATUS",
  "PROVIDER",
  "MODEL",
  "CMD",
  "STARTED",
  "PROMPT",
];
const RULE = "-".repeat(130);
const STARTED_LENGTH = 20;

/**
 * The table of `list` (contract, section 6).
 *
 * @param columns the width to cut lines to, on a terminal; elsewhere nothing
 * is cut
 */
export function renderTable(
  rows: readonly JudgedEntry[],
  style: Style,
  columns: number | undefined,
): string {
  const finish = makeFinish(style, columns);
  const lines = rows.map(({ entry, verdict: { liveStatus } }) =>
    finish(renderEntry(entry, liveStatus), liveStatus)
  );
  // The last line break is of the same piece: adding it would copy all.
  return [...layTable(lines, columns).flat(), ""].join("\n");
}

/** The line of an entry, as long as it is. */
export function renderEntry(
  entry: ListedEntry,
  liveStatus: LiveStatus,
): string {
  const { id, pid, started_at, prompt } = entry;
  const started = started_at.slice(0, STARTED_LENGTH);
  const program = joinProgram(entry);
  const lead = joinColumns(id, `${pid}`, liveStatus, program, started);
  const line = lead + (prompt ?? "").slice(0, PROMPT_LENGTH);
  // The test also merges the pieces.
  if (SIMPLE.test(line)) return line;
  const fields = SIMPLE.test(lead) ? lead : renderFields(entry, liveStatus);
  return fields + renderPrompt(prompt ?? "");
}

/**
 * Makes one text of a line in pieces. Engines put that off until a text is
 * looked at, and many texts in pieces cost the garbage collector more than all
 * the rest.
 */
export function mergePieces(line: string): string {
  ANYTHING.test(line);
  return line;
}

const ANYTHING = /^/;

/** Cuts a line to the terminal, and colours the status in it. */
export type Finish = (line: string, liveStatus: LiveStatus) => string;

/** Makes what finishes the lines of a table. */
export function makeFinish(style: Style, columns: number | undefined): Finish {
  if (style === PLAIN && columns === undefined) return (line) => line;
  const paints = choosePaints(style);
  return (line, status) => paintStatus(cut(line, columns), status, paints);
}

/** The table in parts, the head first: the many lines are not copied. */
export function layTable(
  lines: readonly string[],
  columns: number | undefined,
): (readonly string[])[] {
  if (lines.length === 0) return [["No processes found."]];
  const head = [HEADER.map(padUnits).join(""), RULE];
  return [head.map((line) => cut(line, columns)), lines];
}

/**
 * Characters that are shown as they are and take one UTF-16 unit each: in a
 * text that holds nothing else, units may be counted instead of scalar values.
 */
const SIMPLE = /^[ -~\u00a0-\u05ff\u3000-\ud7ff]*$/;

/** Joins the columns before the prompt; all have to be {@linkcode SIMPLE}. */
export function joinColumns(
  id: string,
  pid: string,
  status: LiveStatus,
  program: string,
  started: string,
): string {
  // One template is put together in one step, a chain of pieces is not.
  return `${id}${gapAfter(id, 0)}${pid}${gapAfter(pid, 1)}${
    STATUS_CELLS[status]
  }${program}${started}${gapAfter(started, 6)}`;
}

/** Joins the columns that say what was started, and the space after them. */
export function joinProgram(
  { provider, model, command }: Pick<
    ListedEntry,
    "provider" | "model" | "command"
  >,
): string {
  return padUnits(provider, 3) + padUnits(model, 4) + padUnits(command, 5);
}

/** The columns before the prompt, whatever is in them. */
function renderFields(entry: ListedEntry, liveStatus: LiveStatus): string {
  const fields = [
    entry.id,
    String(entry.pid),
    liveStatus,
    entry.provider,
    entry.model,
    entry.command,
    takeScalars(entry.started_at, STARTED_LENGTH),
  ];
  return fields.map((field, i) =>
    SIMPLE.test(field)
      ? padUnits(field, i)
      : padScalars(escapeControls(field), WIDTHS[i] ?? 0)
  ).join("");
}

/** What the table shows of a prompt. */
export function renderPrompt(prompt: string): string {
  return escapeControls(takeScalars(prompt, PROMPT_LENGTH));
}

/** The space after a field, by column and length; at least one. */
const GAPS = WIDTHS.map((width) =>
  Array.from({ length: width + 1 }, (_, i) => " ".repeat(width + 1 - i))
);

/** Pads a field that is {@linkcode SIMPLE} to its column, and the space after. */
function padUnits(field: string, column: number): string {
  return column < GAPS.length ? field + gapAfter(field, column) : field;
}

function gapAfter(field: string, column: number): string {
  return GAPS[column]?.[field.length] ?? " ";
}

const STATUS_CELLS: Readonly<Record<LiveStatus, string>> = {
  running: padUnits("running", 2),
  dead: padUnits("dead", 2),
  exited: padUnits("exited", 2),
  killed: padUnits("killed", 2),
  unknown: padUnits("unknown", 2),
};

type Paints = Readonly<Record<LiveStatus, (text: string) => string>>;

function choosePaints(style: Style): Paints {
  return {
    running: style.good,
    dead: style.bad,
    killed: style.doing,
    exited: style.faint,
    unknown: style.bad,
  };
}

function paintStatus(line: string, status: LiveStatus, paints: Paints): string {
  const painted = paints[status](status);
  if (painted === status) return line;
  // The status stands behind the first two columns; a terminal that is too
  // narrow for it has cut it off.
  const found = line.indexOf(` ${status} `, WIDTHS[0] + WIDTHS[1]);
  if (found < 0) return line;
  const at = found + 1;
  return line.slice(0, at) + painted + line.slice(at + status.length);
}

// deno-lint-ignore no-control-regex
const ONE_UNIT_EACH = /^[\u0000-\ud7ff]*$/;

function padScalars(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - countCharacters(text)) + 1);
}

function takeScalars(text: string, count: number): string {
  if (text.length <= count) return text;
  const head = text.slice(0, count);
  if (ONE_UNIT_EACH.test(head)) return head;
  return [...text.slice(0, count * 2)].slice(0, count).join("");
}

function cut(line: string, columns: number | undefined): string {
  if (columns === undefined || line.length <= columns) return line;
  return takeScalars(line, columns);
}
