import { type HookOptions, runHook } from "../../commands/hook.ts";
import { renderCleanUpJson } from "../../model/clean_up_json.ts";
import { isLeftBehind } from "../../model/clean_up_report.ts";
import {
  concludeCleanUp,
  describeLeft,
  describeStep,
  renderCleanUpTable,
} from "../../model/workflow_log.ts";
import type { Invocation } from "../verb.ts";

/**
 * How long after its deadline a hook is cut off: the runner itself sets it no
 * limit, and a disk that does not answer would hold up the job for ever.
 */
const GRACE_MS = 3_000;

/** Cleans up, and tells of it in the log of the job. */
export async function performHook(
  options: HookOptions,
  invocation: Invocation,
): Promise<void> {
  const { system } = invocation.context;
  const disarm = await system.armCutOff(options.deadlineMs + GRACE_MS);
  try {
    await cleanUpAndTell(options, invocation);
  } finally {
    disarm();
  }
}

async function cleanUpAndTell(
  options: HookOptions,
  { context, screen, json, progress }: Invocation,
): Promise<void> {
  const report = await runHook(context, {
    ...options,
    onStep: ({ entry, signal, pids }) =>
      screen.err(`${describeStep(signal, pids, entry.id)}\n`),
  });
  const { rows, refusal } = report;
  if (json) {
    const server = context.system.env("GITHUB_SERVER_URL");
    screen.out(`${renderCleanUpJson(rows, server)}\n`);
  }
  progress(`${renderCleanUpTable(rows)}zag-ps: ${concludeCleanUp(report)}\n`);
  const left = refusal === undefined
    ? rows.filter(isLeftBehind).map(describeLeft)
    : [refusal];
  for (const message of left) screen.err(`Warning: ${message}\n`);
}
