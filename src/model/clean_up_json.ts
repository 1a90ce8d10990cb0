import { checkRunUrl, type CleanUpRow } from "./clean_up_report.ts";
import { toSafeJson } from "./escape.ts";
import { formatAge } from "./plan_table.ts";
import { listReasons } from "./workflow_log.ts";

/**
 * The agents as a JSON array on one line.
 *
 * @param server the address of the server, for the links to runs
 * @param maxLength agents beyond so many characters are left out
 */
export function renderCleanUpJson(
  rows: readonly CleanUpRow[],
  server: string | undefined,
  maxLength: number = Infinity,
): string {
  let length = 2;
  const shown: string[] = [];
  for (const row of rows) {
    const json = toSafeJson({
      id: row.id,
      pid: row.pid,
      provider: row.provider,
      age: row.ageMs === undefined ? null : formatAge(row.ageMs),
      age_ms: row.ageMs ?? null,
      memory_bytes: row.memoryBytes ?? null,
      ownership: row.ownership ?? null,
      evidence: listReasons({ ...row, reason: undefined }),
      outcome: row.outcome,
      reason: row.reason ?? null,
      run_url: checkRunUrl(row.runUrl, server) ?? null,
      // It may be printed, and a runner obeys "##[" wherever it is.
    }).replaceAll("##[", "#\\u0023[");
    length += json.length + 1;
    if (length > maxLength) break;
    shown.push(json);
  }
  return `[${shown.join(",")}]`;
}
