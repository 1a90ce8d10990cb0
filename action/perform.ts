import type { CleanUpCommand } from "../src/commands/clean_up.ts";
import type { Context } from "../src/commands/context.ts";
import type { CleanUpReport } from "../src/model/clean_up_report.ts";
import { ZagPsError } from "../src/model/errors.ts";
import { locatePaths } from "../src/model/paths.ts";
import { describeStep } from "../src/model/workflow_log.ts";
import type { Scope } from "../src/model/clean_up_scope.ts";
import type { System } from "../src/system/system.ts";
import type { Inputs } from "./inputs.ts";
import { isFailure, logReport } from "./log.ts";
import { setOutputs } from "./outputs.ts";
import type { Runner } from "./runner.ts";
import { summarize } from "./summary.ts";

/** What a step works with. */
export interface Step {
  readonly runner: Runner;
  readonly system: System;
}

/** What a step does. */
export interface Task {
  readonly command: CleanUpCommand | "prune";
  readonly scope: Scope;
  readonly timeoutMs: number;
  /** The heading in the summary. */
  readonly title: string;
  /** Whether the outputs of the step are set. */
  readonly setsOutputs: boolean;
}

/**
 * Does a task, and tells of it in the log, in annotations, in the outputs and
 * in the summary.
 *
 * @returns the exit status
 */
export async function perform(
  { runner, system }: Step,
  inputs: Inputs,
  task: Task,
): Promise<number> {
  const context = makeContext(runner, system, inputs["zag-home"]);
  const report = task.command === "prune"
    ? await prune(context, inputs)
    : await end(context, inputs, { ...task, command: task.command }, runner);
  logReport(runner, report, inputs);
  if (task.setsOutputs) {
    setOutputs(runner, report, await findResult(context, inputs.id));
  }
  await summarize(runner, report, inputs, task.title);
  return isFailure(report, inputs) ? 1 : 0;
}

function makeContext(
  runner: Runner,
  system: System,
  zagHome: string | undefined,
): Context {
  // No shell reads the inputs.
  const home = zagHome?.replace(/^~(?=\/|$)/, () => system.userHome());
  const warned = new Set<string>();
  return {
    system,
    paths: locatePaths(home, system.env, system.userHome),
    warn: (message) => {
      if (warned.has(message)) return;
      warned.add(message);
      runner.log(`Warning: ${message}`);
    },
  };
}

/** The commands are loaded when the inputs have proved to be right. */
async function end(
  context: Context,
  inputs: Inputs,
  { command, scope, timeoutMs }: Task & { readonly command: CleanUpCommand },
  runner: Runner,
): Promise<CleanUpReport> {
  const { cleanUp } = await import("../src/commands/clean_up.ts");
  return await cleanUp(context, {
    command,
    scopes: [scope],
    timeoutMs,
    id: inputs.id,
    result: inputs.result,
    filters: listFilters(inputs),
    olderThan: inputs["older-than"],
    includeUntracked: inputs["include-untracked"],
    includeDetached: inputs["include-detached"],
    tree: inputs.tree,
    max: inputs.max,
    dryRun: inputs["dry-run"],
    onStep: ({ entry, signal, pids }) =>
      runner.log(describeStep(signal, pids, entry.id)),
  });
}

async function prune(
  context: Context,
  inputs: Inputs,
): Promise<CleanUpReport> {
  const { cleanUpStore } = await import("../src/commands/clean_up_work.ts");
  return await cleanUpStore(context, {
    filters: listFilters(inputs),
    olderThan: inputs["older-than"],
    dryRun: inputs["dry-run"],
  });
}

function listFilters({ filter, provider }: Inputs): string[] {
  return [...filter, ...provider.map((name) => `provider=${name}`)];
}

/** The recorded result of an agent, if it has one. */
async function findResult(
  context: Context,
  id: string | undefined,
): Promise<string | undefined> {
  if (id === undefined || id.startsWith("pid:")) return undefined;
  const { readOutput } = await import("../src/commands/clean_up_work.ts");
  try {
    const { text } = await readOutput(context, id);
    return text;
  } catch (error) {
    if (error instanceof ZagPsError) return undefined;
    throw error;
  }
}
