import type { CleanUpReport } from "../src/model/clean_up_report.ts";
import { reasonOf } from "../src/model/errors.ts";
import { renderJobSummary } from "../src/model/job_summary.ts";
import type { Inputs } from "./inputs.ts";
import type { Runner } from "./runner.ts";

/**
 * Adds the report to the summary of the job. A summary that cannot be written
 * is no reason to fail: what it would say is in the log.
 */
export async function summarize(
  runner: Runner,
  report: CleanUpReport,
  inputs: Inputs,
  title: string,
): Promise<void> {
  if (!inputs.summary) return;
  const html = renderJobSummary(report, {
    title,
    showPrompts: inputs["show-prompts"],
    server: runner.env["GITHUB_SERVER_URL"],
  });
  try {
    await runner.writeSummary(html);
  } catch (error) {
    runner.annotate(
      "warning",
      `Failed to write the job summary: ${reasonOf(error)}`,
    );
  }
}
