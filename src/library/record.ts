/** The commands for programs that record agents and keep the records in order. */
import {
  doctor,
  type DoctorOptions,
  type DoctorReport,
} from "../commands/doctor.ts";
import {
  prune,
  type PruneOptions,
  type PruneReport,
} from "../commands/prune.ts";
import { run, type RunOptions, type RunReport } from "../commands/run.ts";
import { attempt, type MachineOptions } from "./machine.ts";

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
