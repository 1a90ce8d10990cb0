/** The commands for programs: options in, values out, on the real machine. */
import type { Context } from "./commands/context.ts";
import { explain, type Explanation } from "./commands/explain.ts";
import { kill, type KillOptions, type KillReport } from "./commands/kill.ts";
import { chooseAgents, type ChooseOptions } from "./commands/choose_agents.ts";
import {
  killAgents,
  type KillAgentsOptions,
  type KilledAgent,
} from "./commands/kill_agents.ts";
import { stopAgents, type StopAgentsOptions } from "./commands/stop_agents.ts";
import type { EndReport } from "./commands/steps/report_end.ts";
import {
  doctor,
  type DoctorOptions,
  type DoctorReport,
} from "./commands/doctor.ts";
import { list, type ListOptions } from "./commands/list.ts";
import {
  prune,
  type PruneOptions,
  type PruneReport,
} from "./commands/prune.ts";
import { reap, type ReapOptions, type ReapReport } from "./commands/reap.ts";
import {
  type Instructions,
  readInstructions,
} from "./commands/instructions.ts";
import {
  type Output,
  type OutputOptions,
  readOutput,
} from "./commands/output.ts";
import { run, type RunOptions, type RunReport } from "./commands/run.ts";
import { show } from "./commands/show.ts";
import { stop, type StopOptions, type StopReport } from "./commands/stop.ts";
import type { JudgedEntry } from "./commands/steps/judge.ts";
import { select, type Selection } from "./commands/steps/select.ts";
import type { ShownEntry } from "./commands/show.ts";
import { wait, type WaitOptions, type WaitReport } from "./commands/wait.ts";
import { locatePaths } from "./model/paths.ts";
import { createNodeSystem } from "./system/node_system.ts";

/** Where a library call looks, in place of the process's own surroundings. */
export interface MachineOptions {
  /** The zag home; `ZAG_HOME`, else `~/.zag`, unless given. */
  readonly zagHome?: string | undefined;
  /** Environment variables in place of the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The clock: milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
  /** Takes warnings, such as of an entry that cannot be read. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

function createContext(options: MachineOptions): Context {
  const system = createNodeSystem({ env: options.env, now: options.now });
  return {
    system,
    paths: locatePaths(options.zagHome, system.env, system.userHome),
    warn: options.onWarning ?? (() => {}),
  };
}

/**
 * Lists the recorded processes, newest first. Changes nothing.
 *
 * @param options filters, and where to look
 * @returns the entries, each with the judgement on its process
 * @throws {ZagPsError} `store` if the process store cannot be read or parsed
 *
 * @example
 * ```ts
 * import { listProcesses } from "@zag-ps/zag-ps";
 *
 * for (const { entry, verdict } of await listProcesses({ running: true })) {
 *   console.log(entry.id, entry.provider, verdict.liveStatus);
 * }
 * ```
 */
export function listProcesses(
  options: ListOptions & MachineOptions = {},
): Promise<JudgedEntry[]> {
  return attempt(options, (context) => list(context, options));
}

/**
 * Selects recorded processes by ids, by filters, or by both. Changes nothing.
 *
 * @param selection which are meant
 * @param options where to look
 * @returns in the order of the handles, else newest first, each with the
 * judgement on its process; nothing where the filters match nothing
 * @throws {ZagPsError} `usage` for a filter that cannot be read and for an
 * empty selection; `not-found`, `ambiguous` or `store`
 *
 * @example
 * ```ts
 * import { selectProcesses } from "@zag-ps/zag-ps";
 *
 * const finished = await selectProcesses({
 *   handles: [],
 *   filters: ["finished=true", "tag!=keep"],
 *   olderThan: "2h",
 * });
 * console.log(finished.map(({ entry }) => entry.id));
 * ```
 */
export function selectProcesses(
  selection: Selection,
  options: MachineOptions = {},
): Promise<JudgedEntry[]> {
  return attempt(options, (context) => select(context, selection));
}

/**
 * Gets one recorded process. Changes nothing.
 *
 * @param handle an id, a unique prefix of at least 4 characters, `self`, or
 * the id or name of a session that has one living process
 * @param options where to look
 * @throws {ZagPsError} `not-found`, `ambiguous` or `store`
 */
export function getProcess(
  handle: string,
  options: MachineOptions = {},
): Promise<ShownEntry> {
  return attempt(options, (context) => show(context, handle));
}

/**
 * Asks a running process to stop, with SIGHUP. The store is left as it is.
 *
 * @param handle an id, a unique prefix of at least 4 characters, or `self`
 * @param options where to look
 * @throws {ZagPsError} `not-found`, `ambiguous`, `not-running`,
 * `invalid-entry`, `unverified`, `unseen`, `signal` or `store`
 */
export function stopProcess(
  handle: string,
  options: StopOptions & MachineOptions = {},
): Promise<StopReport> {
  return attempt(options, (context) => stop(context, handle, options));
}

/**
 * Explains why a process is, or is not, taken for the one that was recorded.
 * Changes nothing.
 *
 * @param handle an id, a unique prefix of at least 4 characters, `self`, or a
 * pid in digits
 * @param options where to look
 * @throws {ZagPsError} `not-found`, `ambiguous` or `store`
 */
export function explainProcess(
  handle: string,
  options: MachineOptions = {},
): Promise<Explanation> {
  return attempt(options, (context) => explain(context, handle));
}

/**
 * Ends a running process with SIGTERM, after its final result was checked
 * against what its launch asked for and written to its session log.
 *
 * @param handle an id, a unique prefix of at least 4 characters, or `self`
 * @param options the result, and where to look
 * @throws {ZagPsError} `rejected` if the result breaks the constraints; see
 * {@linkcode ErrorKind} for the others. Nothing was signalled then
 *
 * @example
 * ```ts
 * import { killProcess, ZagPsError } from "@zag-ps/zag-ps";
 *
 * try {
 *   await killProcess("self", { result: { text: '{"ok":true}' } });
 * } catch (error) {
 *   if (error instanceof ZagPsError) console.error(error.kind, error.message);
 * }
 * ```
 */
export function killProcess(
  handle: string,
  options: KillOptions & MachineOptions = {},
): Promise<KillReport> {
  return attempt(options, (context) => kill(context, handle, options));
}

/**
 * Ends several agents, step by step where a timeout is given: SIGHUP, SIGTERM,
 * SIGKILL. Looks what came of it. The store is left as it is.
 *
 * @param selection which are meant; without handles those that run and fit
 * @param options how to end them, how many at most, and where to look
 * @returns what became of each, and of its tree if that was asked for
 * @throws {ZagPsError} `not-found` if nothing is selected, `refused` for more
 * than `max` agents and for what this program runs in unless it is named,
 * `unseen` if a tree is asked for and processes cannot be listed. One that was
 * selected and may not be signalled is left out, unless it is the only one
 *
 * @example
 * ```ts
 * import { stopProcesses } from "@zag-ps/zag-ps";
 *
 * const ended = await stopProcesses(
 *   { handles: [], filters: ["provider=codex"], olderThan: "2h" },
 *   { timeoutMs: 10_000, tree: true },
 * );
 * for (const { entry, outcome } of ended) console.log(entry.id, outcome);
 * ```
 */
export function stopProcesses(
  selection: Selection,
  options: StopAgentsOptions & ChooseOptions & MachineOptions = {},
): Promise<EndReport[]> {
  return attempt(options, async (context) => {
    const choice = await chooseAgents(context, selection, options);
    return await stopAgents(context, choice, options);
  });
}

/**
 * Kills several agents, or one with its final result, as
 * {@linkcode killProcess} does, and goes on to SIGKILL where a timeout is
 * given. The entry of what survives is put back; who owes a result is left
 * alone.
 *
 * @param selection which are meant; without handles those that run and fit
 * @param options how to end them, how many at most, and where to look
 * @returns what became of each
 * @throws {ZagPsError} as {@linkcode stopProcesses}, and `usage` for a result
 * that is given for more than one agent
 */
export function killProcesses(
  selection: Selection,
  options: KillAgentsOptions & ChooseOptions & MachineOptions = {},
): Promise<KilledAgent[]> {
  return attempt(options, async (context) => {
    const choice = await chooseAgents(context, selection, options);
    return await killAgents(context, choice, options);
  });
}

/**
 * Ends stale agents. Unless `apply` is set it only plans.
 *
 * @param options what is stale, whether to do it, and where to look
 * @returns each agent, with the evidence and what became of it
 * @throws {ZagPsError} before anything is written or signalled: `usage` if
 * nothing says what is stale, `not-found`, `ambiguous`, `refused` or `store`
 *
 * @example
 * ```ts
 * import { reapProcesses } from "@zag-ps/zag-ps";
 *
 * const { agents } = await reapProcesses({ olderThan: "12h" });
 * for (const { judged, ageMs } of agents) console.log(judged.entry.id, ageMs);
 * ```
 */
export function reapProcesses(
  options: ReapOptions & MachineOptions,
): Promise<ReapReport> {
  return attempt(options, (context) => reap(context, options));
}

/**
 * Removes ended entries from the store. Unless `apply` is set it only plans.
 * No session and no log is touched, and nothing that may live.
 *
 * @param options what to remove, whether to do it, and where to look
 * @throws {ZagPsError} `usage`, `not-found`, `ambiguous` or `store`
 */
export function pruneProcesses(
  options: PruneOptions & MachineOptions = {},
): Promise<PruneReport> {
  return attempt(options, (context) => prune(context, options));
}

/**
 * Examines the zag home and what is in it. Changes nothing unless `fix` is
 * set; what is wrong is in the report, not thrown.
 *
 * @param options whether to mend, and where to look
 */
export function examineHome(
  options: DoctorOptions & MachineOptions = {},
): Promise<DoctorReport> {
  return attempt(options, (context) => doctor(context, options));
}

/**
 * Starts a command the way zag starts an agent, and waits for its end. It has
 * this program's terminal and files, and meanwhile the signals that would end
 * this program are handed to it.
 *
 * @param options the command, who it is started as, and where to record it
 * @throws {ZagPsError} `store` or `record` before anything is started
 *
 * @example
 * ```ts
 * import { runAgent } from "@zag-ps/zag-ps";
 *
 * const { id, exitStatus } = await runAgent({ command: ["claude", "hi"] });
 * console.log(id, exitStatus);
 * ```
 */
export function runAgent(
  options: RunOptions & MachineOptions,
): Promise<RunReport> {
  return attempt(options, (context) => run(context, options));
}

/**
 * Waits until processes have ended. Changes nothing.
 *
 * @param selection which
 * @param options how long, and where to look
 * @throws {ZagPsError} `not-found`, `ambiguous`, `usage`, `unseen` or `store`
 *
 * @example
 * ```ts
 * import { waitForProcesses } from "@zag-ps/zag-ps";
 *
 * const selection = { handles: [], filters: ["tag=ci", "status=running"] };
 * const { ended } = await waitForProcesses(selection, { timeoutMs: 60_000 });
 * for (const { entry, exitCode } of ended) console.log(entry.id, exitCode);
 * ```
 */
export function waitForProcesses(
  selection: Selection,
  options: WaitOptions & MachineOptions = {},
): Promise<WaitReport> {
  return attempt(options, (context) => wait(context, selection, options));
}

/**
 * Gets the last recorded result of a process, or the last message of its
 * agent. Changes nothing.
 *
 * @param handle an id, a unique prefix of at least 4 characters, `self`, or
 * the id or name of a session
 * @param options what to look for, and where
 * @throws {ZagPsError} `no-output` if there is none; `not-found`,
 * `ambiguous`, `record` or `store`
 */
export function getOutput(
  handle: string,
  options: OutputOptions & MachineOptions = {},
): Promise<Output> {
  return attempt(options, (context) => readOutput(context, handle, options));
}

/**
 * Gets the text that tells an agent how to end itself with its result.
 * Changes nothing.
 *
 * @param handle an id, a unique prefix of at least 4 characters, `self`, or
 * the id or name of a session
 * @param options where to look
 * @throws {ZagPsError} `unevaluable` if what its launch asked for cannot be
 * read; `not-found`, `ambiguous` or `store`
 */
export function getInstructions(
  handle: string,
  options: MachineOptions = {},
): Promise<Instructions> {
  return attempt(options, (context) => readInstructions(context, handle));
}

async function attempt<T>(
  options: MachineOptions,
  command: (context: Context) => Promise<T>,
): Promise<T> {
  return await command(createContext(options));
}
