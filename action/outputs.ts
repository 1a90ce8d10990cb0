import { renderCleanUpJson } from "../src/model/clean_up_json.ts";
import { type CleanUpReport, countRows } from "../src/model/clean_up_report.ts";
import type { Runner } from "./runner.ts";

/** All outputs of a job may have 1 MiB; GitHub drops them all beyond that. */
const MAX_LENGTH = 400_000;

/**
 * Sets the outputs of the step.
 *
 * @param result the recorded result of the agent that the input `id` names
 */
export function setOutputs(
  runner: Runner,
  { rows }: CleanUpReport,
  result: string | undefined,
): void {
  for (const [name, count] of Object.entries(countRows(rows))) {
    runner.setOutput(name, String(count));
  }
  const server = runner.env["GITHUB_SERVER_URL"];
  runner.setOutput(
    "processes",
    renderCleanUpJson(rows, server, MAX_LENGTH),
  );
  const fits = result === undefined || result.length <= MAX_LENGTH;
  if (!fits) {
    runner.annotate(
      "warning",
      `The output "result" was left out: it has ${result.length} characters, and no more than ${MAX_LENGTH} may be given`,
    );
  }
  runner.setOutput("result", fits ? result ?? "" : "");
}
