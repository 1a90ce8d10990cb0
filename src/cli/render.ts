import type { JudgedEntry } from "../commands/steps/judge.ts";
import { escapeControls } from "../model/escape.ts";
import type { LiveStatus } from "../model/liveness.ts";
import { PROMPT_LENGTH } from "../model/plain_store.ts";
import type { ListedEntry } from "../model/process_entry.ts";
import { countCharacters } from "../model/text_position.ts";
import type { Style } from "./style.ts";

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
  const render = makeLineRenderer(style, columns);
  return renderLines(
    rows.map(({ entry, verdict }) => render(entry, verdict.liveStatus)),
    columns,
  );
}

/** @returns what renders an entry as a line of the table */
export function makeLineRenderer(
  style: Style,
  columns: number | undefined,
): (entry: ListedEntry, liveStatus: LiveStatus) => string {
  const paints = choosePaints(style);
  return (entry, liveStatus) => {
    const simple = joinSimple(entry, liveStatus);
    // The test also makes one text of the pieces: many texts in pieces cost
    // the garbage collector more than all the rest.
    const line = SIMPLE.test(simple) ? simple : renderRow(entry, liveStatus);
    return paintStatus(cut(line, columns), liveStatus, paints);
  };
}

/** Puts the lines of the table below its head. */
export function renderLines(
  lines: readonly string[],
  columns: number | undefined,
): string {
  if (lines.length === 0) return "No processes found.\n";
  const head = [HEADER.map(padUnits).join(""), RULE]
    .map((line) => cut(line, columns));
  // The last line break is of the same piece: adding it would copy all.
  return [...head, ...lines, ""].join("\n");
}

/**
 * Characters that are shown as they are and take one UTF-16 unit each: in a
 * text that holds nothing else, units may be counted instead of scalar values.
 */
const SIMPLE = /^[ -~\u00a0-\u05ff\u3000-\ud7ff]*$/;

/** The line of an entry whose fields are all {@linkcode SIMPLE}. */
function joinSimple(entry: ListedEntry, liveStatus: LiveStatus): string {
  const prompt = entry.prompt ?? "";
  const { id, provider, model, command } = entry;
  const pid = String(entry.pid);
  const started = entry.started_at.slice(0, STARTED_LENGTH);
  // One template is put together in one step, a chain of pieces is not.
  return `${id}${gapAfter(id, 0)}${pid}${gapAfter(pid, 1)}${liveStatus}${
    gapAfter(liveStatus, 2)
  }${provider}${gapAfter(provider, 3)}${model}${gapAfter(model, 4)}${command}${
    gapAfter(command, 5)
  }${started}${gapAfter(started, 6)}${prompt.slice(0, PROMPT_LENGTH)}`;
}

function renderRow(entry: ListedEntry, liveStatus: LiveStatus): string {
  const fields = [
    entry.id,
    String(entry.pid),
    liveStatus,
    entry.provider,
    entry.model,
    entry.command,
    takeScalars(entry.started_at, STARTED_LENGTH),
    takeScalars(entry.prompt ?? "", PROMPT_LENGTH),
  ];
  return fields.map((field, i) =>
    SIMPLE.test(field)
      ? padUnits(field, i)
      : padScalars(escapeControls(field), WIDTHS[i])
  ).join("");
}

/** The space after a field, by column and missing width; one space apart. */
const GAPS = WIDTHS.map((width) =>
  Array.from({ length: width + 1 }, (_, missing) => " ".repeat(missing + 1))
);

/** Pads a field that is {@linkcode SIMPLE} to its column, and the space after. */
function padUnits(field: string, column: number): string {
  return column < GAPS.length ? field + gapAfter(field, column) : field;
}

function gapAfter(field: string, column: number): string {
  const gaps = GAPS[column];
  return gaps?.[gaps.length - 1 - field.length] ?? " ";
}

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

function padScalars(text: string, width: number | undefined): string {
  if (width === undefined) return text;
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
