import type { CleanUpReport } from "../model/clean_up_report.ts";
import type { Scope } from "../model/clean_up_scope.ts";
import { divideTime } from "../model/clean_up_time.ts";
import { reasonOf } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import type { HookEvent } from "../model/hook_events.ts";
import { renderJobSummary } from "../model/job_summary.ts";
import { REAP_TIMEOUT_MS } from "../model/reap_defaults.ts";
import { cleanUp, type CleanUpOptions } from "./clean_up.ts";
import type { Context } from "./context.ts";
import { limitTime } from "./steps/limit_time.ts";

/** What a hook does. */
export interface HookOptions extends
  Pick<
    CleanUpOptions,
    "filters" | "includeDetached" | "max" | "dryRun" | "onStep"
  > {
  readonly event: HookEvent;
  /** How long it may take, in milliseconds. */
  readonly deadlineMs: number;
}

/**
 * Whose agents are ended: before a job what earlier ones have left, after it
 * also what it has started itself.
 */
const SCOPES: Readonly<Record<HookEvent, readonly Scope[]>> = {
  "job-started": ["runner"],
  "job-completed": ["job", "runner"],
};

/**
 * Cleans up before or after a job, as the Action does with the command reap,
 * and tells of it in the summary of the job where there is one.
 *
 * @throws {ZagPsError} as {@linkcode cleanUp}
 */
export async function runHook(
  context: Context,
  { event, deadlineMs, ...options }: HookOptions,
): Promise<CleanUpReport> {
  const { system } = context;
  const { workMs, stepMs } = divideTime(deadlineMs, REAP_TIMEOUT_MS);
  const limited = limitTime(system, system.now() + workMs);
  const report = await cleanUp({ ...context, system: limited }, {
    ...options,
    command: "reap",
    scopes: SCOPES[event],
    includeUntracked: true,
    tree: true,
    timeoutMs: stepMs,
    reason: `${event} hook of zag-ps`,
  });
  if (report.rows.length > 0) writeSummary(context, event, report);
  return report;
}

/** A summary that cannot be written is no failure of a hook. */
function writeSummary(
  { system, warn }: Context,
  event: HookEvent,
  report: CleanUpReport,
): void {
  const path = system.env("GITHUB_STEP_SUMMARY");
  if (!path) return;
  const html = renderJobSummary(report, {
    title: `zag-ps ${event}`,
    showPrompts: false,
    server: system.env("GITHUB_SERVER_URL"),
  });
  try {
    // The runner makes the file; another path is none of ours to create.
    if (system.status(path)?.kind !== "file") return;
    system.appendFile(path, new TextEncoder().encode(html));
  } catch (error) {
    warn(say`Failed to write the job summary to "${path}": ${reasonOf(error)}`);
  }
}
