/** The commands for programs: options in, values out, on the real machine. */
import type { Context } from "./commands/context.ts";
import { explain, type Explanation } from "./commands/explain.ts";
import { kill, type KillOptions, type KillReport } from "./commands/kill.ts";
import { list, type ListOptions } from "./commands/list.ts";
import { show } from "./commands/show.ts";
import { stop, type StopOptions, type StopReport } from "./commands/stop.ts";
import type { JudgedEntry } from "./commands/steps/judge.ts";
import type { ShownEntry } from "./commands/show.ts";
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
 * Gets one recorded process. Changes nothing.
 *
 * @param handle an id, a unique prefix of at least 4 characters, or `self`
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

async function attempt<T>(
  options: MachineOptions,
  command: (context: Context) => Promise<T>,
): Promise<T> {
  return await command(createContext(options));
}
