/**
 * See and safely end the AI coding agents that zag recorded.
 *
 * The functions here read and change the files of zag (`~/.zag`), look at the
 * processes recorded there, and signal them. They never print and never exit;
 * what goes wrong is thrown as a {@linkcode ZagPsError}.
 *
 * @example List what is running
 * ```ts
 * import { listProcesses } from "@zag-ps/zag-ps";
 *
 * for (const { entry } of await listProcesses({ running: true })) {
 *   console.log(entry.pid, entry.provider, entry.prompt);
 * }
 * ```
 *
 * @module
 */
export {
  explainProcess,
  getProcess,
  killProcess,
  listProcesses,
  type MachineOptions,
  stopProcess,
} from "./src/library.ts";
export type { Explanation } from "./src/commands/explain.ts";
export type { KillOptions, KillReport } from "./src/commands/kill.ts";
export type { ListOptions } from "./src/commands/list.ts";
export type { ShownEntry } from "./src/commands/show.ts";
export type { JudgedEntry } from "./src/commands/steps/judge.ts";
export type { ResultSource } from "./src/commands/steps/read_result.ts";
export type { StopOptions, StopReport } from "./src/commands/stop.ts";
export type { BadEntry } from "./src/model/decode.ts";
export { type ErrorKind, EXIT_STATUS, ZagPsError } from "./src/model/errors.ts";
export {
  type CheckOptions,
  checkResult,
  type ExitConstraints,
  type ResultVerdict,
} from "./src/model/exit_result.ts";
export type { Identity, IdentityVerdict } from "./src/model/identity.ts";
export type { LiveStatus, Verdict } from "./src/model/liveness.ts";
export type { SignalOutcome } from "./src/model/platform_signals.ts";
export type { ProcessFacts } from "./src/model/process_facts.ts";
export {
  decodeProcessStore,
  type ProcessEntry,
  type ProcessStore,
  type StoredEntry,
} from "./src/model/process_entry.ts";
export {
  type BadSession,
  decodeSessionStore,
  type SessionEntry,
  type SessionStore,
} from "./src/model/session_entry.ts";
