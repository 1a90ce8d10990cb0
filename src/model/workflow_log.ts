/** What a clean-up writes to the log of a CI job. */

import type { CleanUpReport, CleanUpRow } from "./clean_up_report.ts";
import { countRows } from "./clean_up_report.ts";
import { formatBytes } from "./byte_size.ts";
import { say } from "./escape.ts";
import { escapeForRunner } from "./runner_text.ts";
import { count, formatAge, renderPlanTable } from "./plan_table.ts";

/** The agents as a table, as wide as it has to be; nothing without agents. */
export function renderCleanUpTable(rows: readonly CleanUpRow[]): string {
  if (rows.length === 0) return "";
  const table = renderPlanTable(
    ["OUTCOME", "AGENT", "PID", "ID", "AGE", "MEMORY", "OWNERSHIP", "WHY"],
    rows.map((row) => [
      row.outcome,
      row.provider,
      String(row.pid),
      row.id,
      row.ageMs === undefined ? "?" : formatAge(row.ageMs),
      row.memoryBytes === undefined ? "?" : formatBytes(row.memoryBytes),
      row.ownership ?? "-",
      listReasons(row).join("; "),
    ]),
    undefined,
  );
  return escapeForRunner(table);
}

/** Why an agent was met, and, in a line, what is to be known of its end. */
export function listReasons(
  { why, evidence, reason }: Pick<CleanUpRow, "why" | "evidence" | "reason">,
): readonly string[] {
  const line = reason?.split("\n", 1)[0];
  return [why, ...evidence, line ?? ""].filter((text) => text !== "");
}

/** A line on signals that are about to be sent. */
export function describeStep(
  signal: string,
  pids: readonly number[],
  id: string,
): string {
  const whom = pids.length === 1
    ? `process ${pids[0]}`
    : `${pids.length} processes`;
  return escapeForRunner(say`> ${signal} to ${whom} (${id})`);
}

/** A sentence on an agent that is still there. */
export function describeLeft(row: CleanUpRow): string {
  const what = row.outcome === "survived" ? "survived" : "was not ended";
  return escapeForRunner(
    say`Agent ${row.provider} (pid ${row.pid}, ${row.id}) ${what}` +
      (row.reason === undefined ? "" : `: ${row.reason}`),
  );
}

/** What was met and done, in one sentence. */
export function concludeCleanUp({ rows, others }: CleanUpReport): string {
  const { found, ended, survived, refused } = countRows(rows);
  const parts = [
    `${count(found, "agent")} found`,
    ...(ended > 0 ? [`${ended} ended`] : []),
    ...(survived > 0 ? [`${survived} survived`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(rows.some(({ outcome }) => outcome === "planned")
      ? ["nothing was changed: this is a dry run"]
      : []),
  ];
  const left = [...others].map(([what, number]) => `${number} ${what}`);
  return escapeForRunner(
    parts.join(", ") +
      (left.length === 0 ? "" : `; left alone: ${left.join(", ")}`),
  );
}
