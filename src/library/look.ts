/** The commands for programs that look and change nothing. */
import { explain, type Explanation } from "../commands/explain.ts";
import {
  type Instructions,
  readInstructions,
} from "../commands/instructions.ts";
import { list, type ListOptions } from "../commands/list.ts";
import {
  type Output,
  type OutputOptions,
  readOutput,
} from "../commands/output.ts";
import { show, type ShownEntry } from "../commands/show.ts";
import type { JudgedEntry } from "../commands/steps/judge.ts";
import { select, type Selection } from "../commands/steps/select.ts";
import { wait, type WaitOptions, type WaitReport } from "../commands/wait.ts";
import { attempt, type MachineOptions } from "./machine.ts";

/**
 * Lists the recorded processes, newest first, and those that nobody recorded
 * if they are asked for. Changes nothing.
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
 * Gets one process. Changes nothing.
 *
 * @param handle an id, a unique prefix of at least 4 characters, `self`, the
 * id or name of a session that has one living process, or a pid as `pid:1234`
 * or `1234`
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
 * Explains why a process is, or is not, taken for the one that was recorded,
 * and why it is, or is not, recognised as an agent. Changes nothing.
 *
 * @param handle an id, a unique prefix of at least 4 characters, `self`, or a
 * pid, as `1234` or `pid:1234`
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
