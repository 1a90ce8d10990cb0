import { errorCode, reasonOf, ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import {
  type Ending,
  endMembers,
  judgeEnd,
  type LaunchOptions,
  type ProgramEnd,
} from "../model/launch.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import { withLock } from "../system/lock.ts";
import type { StartedProgram } from "../system/system.ts";
import type { Context } from "./context.ts";
import { catchForProgram, type CaughtSignals } from "./steps/catch_signals.ts";
import { endInTime } from "./steps/end_in_time.ts";
import {
  appendEvent,
  describeEnding,
  describeStart,
  hasEventSinceStart,
} from "./steps/log_run.ts";
import { planRun, type RunIds, type RunPlan } from "./steps/plan_run.ts";
import {
  keepProcess,
  registerProcess,
  registerSession,
  updateProcess,
} from "./steps/register_run.ts";

/** How often the end of a command is written anew if a signal cuts it off. */
const MAX_TRIES = 5;

/** What to start, and how long it may take. */
export interface RunOptions extends LaunchOptions {
  /** Milliseconds after which the command is ended. */
  readonly timeoutMs?: number | undefined;
  /** The ids; new ones unless given. */
  readonly ids?: RunIds | undefined;
}

/** How a command went that {@linkcode run} started. */
export interface RunReport extends RunIds {
  /** The entry, as it is in the store, if it came that far. */
  readonly entry: ProcessEntry;
  /** The session log. */
  readonly log: string;
  /**
   * What a shell would say: the command's own status, 126 or 127 if it could
   * not be started, 128 and the number of the signal that ended it, 124 if its
   * time was up; 0 if it ended itself with an accepted result.
   */
  readonly exitStatus: number;
  /** Why the command was not started. */
  readonly failure: string | undefined;
}

/**
 * Starts a command the way zag starts an agent, waits for its end, and records
 * both. The command has the terminal and the files of this program, and gets
 * the signals that are sent to it.
 *
 * @throws {ZagPsError} before anything is started
 */
export async function run(
  context: Context,
  options: RunOptions,
): Promise<RunReport> {
  const { system } = context;
  const ids = options.ids ??
    { id: system.uniqueText(), sessionId: system.uniqueText() };
  const plan = planRun(context, options, ids);
  const caught = catchForProgram(system);
  try {
    const cutOff = await register(context, plan, caught);
    if (cutOff !== undefined) return { ...ids, log: plan.log, ...cutOff };
    const outcome = await perform(context, plan, caught, options.timeoutMs);
    const entry = await complete(context, plan, caught, outcome);
    return {
      ...ids,
      entry,
      log: plan.log,
      exitStatus: outcome.ending.exitCode,
      failure: outcome.failure,
    };
  } finally {
    caught.release();
  }
}

/**
 * Records the command. The session comes first: the entry names it.
 *
 * @returns how the run ended if a signal cut that off
 */
async function register(
  context: Context,
  plan: RunPlan,
  caught: CaughtSignals,
): Promise<Omit<RunReport, keyof RunIds | "log"> | undefined> {
  try {
    await registerSession(context, plan, plan.store);
    const begun = describeStart(plan.entry.model, plan.folder);
    appendEvent(context, plan.log, plan.session, begun);
    try {
      await registerProcess(context, plan.entry);
    } catch (error) {
      const ending = failed(1, "the process could not be recorded");
      appendEvent(context, plan.log, plan.session, describeEnding(ending));
      throw error;
    }
  } catch (error) {
    const signal = caught.ending();
    if (signal === undefined || !(error instanceof ZagPsError)) throw error;
    const ending = failed(128 + signal.number, error.message);
    return {
      entry: { ...plan.entry, ...endMembers(ending, context.system.now()) },
      exitStatus: ending.exitCode,
      failure: error.message,
    };
  }
  return undefined;
}

interface Outcome {
  /** The entry with the pid of the command. */
  readonly entry: ProcessEntry;
  readonly ending: Ending;
  readonly failure?: string;
  /** Watches over the entry while the command runs. */
  readonly kept?: Promise<void>;
}

/** Starts the command, puts its pid in, and waits for its end. */
async function perform(
  context: Context,
  plan: RunPlan,
  caught: CaughtSignals,
  timeoutMs: number | undefined,
): Promise<Outcome> {
  const { system } = context;
  const early = caught.ending();
  if (early !== undefined) {
    const error = `${early.signal} came before the command was started`;
    return { entry: plan.entry, ending: failed(128 + early.number, error) };
  }
  let program: StartedProgram;
  try {
    program = await system.startProgram(plan.start);
  } catch (error) {
    const [name = ""] = plan.start.command;
    const failure = say`Failed to start "${name}": ` +
      (errorCode(error) === "ENOENT" ? "no such program" : reasonOf(error));
    const status = errorCode(error) === "ENOENT" ? 127 : 126;
    return { entry: plan.entry, ending: failed(status, failure), failure };
  }
  caught.handTo(program);
  let isOver = false;
  const ended = program.ended.finally(() => isOver = true);
  const entry = { ...plan.entry, pid: program.pid };
  const kept = persist(context, caught, async () => {
    const change = await updateProcess(context, entry, ["pid"]);
    await keepProcess(context, entry, ["pid"], change, () => isOver);
  });
  const timeLimit = await endInTime(context, program, ended, timeoutMs);
  const end = await ended;
  return { entry, ending: judge(context, plan, end, timeLimit), kept };
}

function judge(
  context: Context,
  plan: RunPlan,
  end: ProgramEnd,
  timeLimit: string | undefined,
): Ending {
  let hasResult = false;
  try {
    hasResult = hasEventSinceStart(context, plan.log, "session_result");
  } catch (error) {
    context.warn(say`Failed to read "${plan.log}": ` + reasonOf(error));
  }
  return judgeEnd(end, {
    hasResult,
    ...(timeLimit === undefined ? {} : { timeLimit }),
  });
}

/** Records the end, in the log and in the store. */
async function complete(
  context: Context,
  plan: RunPlan,
  caught: CaughtSignals,
  { entry, ending, kept }: Outcome,
): Promise<ProcessEntry> {
  const { system, paths } = context;
  const done = { ...entry, ...endMembers(ending, system.now()) };
  await persist(context, caught, () =>
    withLock(system, paths.processes, () => {
      // Who cancels a session says so in its log.
      if (hasEventSinceStart(context, plan.log, "session_ended")) return;
      const event = describeEnding(ending);
      appendEvent(context, plan.log, plan.session, event);
    }));
  const names = ["pid", "status", "exit_code", "exited_at"] as const;
  await persist(context, caught, async () => {
    const change = await updateProcess(context, done, names);
    const before = caught.count();
    const hurried = () => caught.count() > before;
    await keepProcess(context, done, names, change, hurried);
  });
  await kept;
  return done;
}

/** A signal ends the wait for a lock: then it is waited for again. */
async function persist(
  context: Context,
  caught: CaughtSignals,
  work: () => Promise<void>,
): Promise<void> {
  for (let i = 1;; i++) {
    const before = caught.count();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ZagPsError)) throw error;
      if (caught.count() > before && i < MAX_TRIES) continue;
      // The command runs, or did: its status is what the caller has to get.
      context.warn(error.message);
      return;
    }
  }
}

function failed(exitCode: number, error: string): Ending {
  return { success: false, exitCode, error };
}
