/** What the Action writes to the log, and the annotations of the job. */

import {
  type CleanUpReport,
  isLeftBehind,
} from "../src/model/clean_up_report.ts";
import { count } from "../src/model/plan_table.ts";
import {
  concludeCleanUp,
  describeLeft,
  renderCleanUpTable,
} from "../src/model/workflow_log.ts";
import type { Inputs } from "./inputs.ts";
import type { Runner } from "./runner.ts";

/** Writes the agents as a table, and marks the job with those still there. */
export function logReport(
  runner: Runner,
  report: CleanUpReport,
  inputs: Inputs,
): void {
  const { rows, refusal } = report;
  if (rows.length > 0) {
    runner.logGroup(
      `zag-ps: ${count(rows.length, "agent")}`,
      renderCleanUpTable(rows),
    );
  }
  runner.log(concludeCleanUp(report));
  const severity = inputs["fail-on-survivor"] ? "error" : "warning";
  if (refusal !== undefined) runner.annotate("error", refusal);
  else {
    for (const row of rows.filter(isLeftBehind)) {
      runner.annotate(severity, describeLeft(row));
    }
  }
  if (inputs["fail-on-found"] && rows.length > 0) {
    runner.annotate(
      "error",
      `${count(rows.length, "agent")} found, and fail-on-found is set`,
    );
  }
}

/** Whether the step has to fail. */
export function isFailure(
  { rows, refusal }: CleanUpReport,
  inputs: Inputs,
): boolean {
  return refusal !== undefined ||
    inputs["fail-on-found"] && rows.length > 0 ||
    inputs["fail-on-survivor"] && rows.some(isLeftBehind);
}
