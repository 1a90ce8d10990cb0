/** The commands for programs that end agents. */
import { chooseAgents, type ChooseOptions } from "../commands/choose_agents.ts";
import { kill, type KillOptions, type KillReport } from "../commands/kill.ts";
import {
  killAgents,
  type KillAgentsOptions,
  type KilledAgent,
} from "../commands/kill_agents.ts";
import { reap, type ReapOptions, type ReapReport } from "../commands/reap.ts";
import type { EndReport } from "../commands/steps/report_end.ts";
import type { Selection } from "../commands/steps/select.ts";
import { stop, type StopOptions, type StopReport } from "../commands/stop.ts";
import { stopAgents, type StopAgentsOptions } from "../commands/stop_agents.ts";
import { attempt, type MachineOptions } from "./machine.ts";

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
