/** The part of a job's summary that tells of a clean-up: a piece of HTML. */

import {
  checkRunUrl,
  type CleanUpReport,
  type CleanUpRow,
} from "./clean_up_report.ts";
import { formatBytes } from "./byte_size.ts";
import { escapeControls } from "./escape.ts";
import { formatAge } from "./plan_table.ts";
import { concludeCleanUp, listReasons } from "./workflow_log.ts";

/** More agents are counted, not shown. */
export const MAX_SUMMARY_ROWS = 200;
/** A summary may have 1 MiB; GitHub drops it all beyond that. */
export const MAX_SUMMARY_BYTES = 900_000;
/** Longer texts are cut. */
const MAX_TEXT_LENGTH = 500;

/** How a summary is written. */
export interface SummaryOptions {
  /** Says what was done. */
  readonly title: string;
  /** Also shows what the agents were asked, which may hold secrets. */
  readonly showPrompts: boolean;
  /** The address of the server, for the links to runs. */
  readonly server: string | undefined;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The text for HTML, on one line, with nothing in it that would act. */
export function escapeHtml(text: string): string {
  return escapeControls(text).replace(/[&<>"']/g, (mark) => ENTITIES[mark]!);
}

/**
 * The clean-up as a heading, a sentence and a table. It has no blank line, so
 * that nothing in it is read as Markdown.
 */
export function renderJobSummary(
  report: CleanUpReport,
  options: SummaryOptions,
): string {
  const { rows, refusal } = report;
  const lines = [
    `<h3>${escapeHtml(options.title)}</h3>`,
    `<p>${escapeHtml(concludeCleanUp(report))}</p>`,
    ...(refusal === undefined ? [] : [`<p>${code(refusal)}</p>`]),
    ...(rows.length === 0 ? [] : renderTable(rows, options)),
  ];
  return `${lines.join("\n")}\n\n`;
}

function renderTable(
  rows: readonly CleanUpRow[],
  options: SummaryOptions,
): string[] {
  const header = [
    ...["Agent", "Age", "Memory", "Ownership", "Why", "Outcome", "Left by"],
    ...(options.showPrompts ? ["Prompt"] : []),
  ];
  let bytes = 0;
  const all = rows.slice(0, MAX_SUMMARY_ROWS)
    .map((row) => renderRow("td", renderCells(row, options)));
  const shown = all.filter((html) =>
    (bytes += new TextEncoder().encode(html).length) <= MAX_SUMMARY_BYTES
  );
  const hidden = rows.length - shown.length;
  return [
    "<table>",
    renderRow("th", header),
    ...shown,
    "</table>",
    ...(hidden > 0 ? [`<p>and ${hidden} more</p>`] : []),
  ];
}

function renderRow(tag: string, cells: readonly string[]): string {
  return `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
}

function renderCells(
  row: CleanUpRow,
  { showPrompts, server }: SummaryOptions,
): string[] {
  const link = checkRunUrl(row.runUrl, server);
  return [
    `${code(row.provider)}<br>pid ${row.pid}<br>${code(row.id)}`,
    row.ageMs === undefined ? "?" : formatAge(row.ageMs),
    row.memoryBytes === undefined ? "?" : formatBytes(row.memoryBytes),
    row.ownership ?? "-",
    listReasons({ ...row, reason: undefined }).map(code).join("<br>"),
    row.outcome + (row.reason === undefined ? "" : `<br>${code(row.reason)}`),
    link === undefined
      ? "-"
      : `<a href="${escapeHtml(link)}">run ${escapeHtml(nameRun(link))}</a>`,
    ...(showPrompts ? [row.prompt === undefined ? "-" : code(row.prompt)] : []),
  ];
}

/** Names, numbers and mentions mean nothing to GitHub in code. */
function code(text: string): string {
  const short = text.length > MAX_TEXT_LENGTH
    ? `${text.slice(0, MAX_TEXT_LENGTH).replace(/[\ud800-\udbff]$/, "")}...`
    : text;
  return `<code>${escapeHtml(short)}</code>`;
}

function nameRun(link: string): string {
  return /\/runs\/(\d+)/.exec(link)?.[1] ?? link;
}
