/**
 * See and safely end AI coding agents, those that zag recorded and others.
 *
 * The functions here read and change the files of zag (`~/.zag`), look at the
 * processes recorded there and at all others, and signal agents. They never
 * print and never exit; what goes wrong is thrown as a
 * {@linkcode ZagPsError}.
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
  killProcess,
  killProcesses,
  reapProcesses,
  stopProcess,
  stopProcesses,
} from "./src/library/end.ts";
export {
  explainProcess,
  getInstructions,
  getOutput,
  getProcess,
  listProcesses,
  selectProcesses,
  waitForProcesses,
} from "./src/library/look.ts";
export type { MachineOptions } from "./src/library/machine.ts";
export { examineHome, pruneProcesses, runAgent } from "./src/library/record.ts";
export type { ChooseOptions } from "./src/commands/choose_agents.ts";
export type { DoctorOptions, DoctorReport } from "./src/commands/doctor.ts";
export type { Explanation } from "./src/commands/explain.ts";
export type { Instructions } from "./src/commands/instructions.ts";
export type { KillOptions, KillReport } from "./src/commands/kill.ts";
export type {
  KillAgentsOptions,
  KilledAgent,
} from "./src/commands/kill_agents.ts";
export type { ListOptions } from "./src/commands/list.ts";
export type { Output, OutputOptions } from "./src/commands/output.ts";
export type { ReapStep, StaleSelection } from "./src/commands/plan_reap.ts";
export type { PruneOptions, PruneReport } from "./src/commands/prune.ts";
export type {
  ReapedAgent,
  ReapOptions,
  ReapReport,
} from "./src/commands/reap.ts";
export type { RunOptions, RunReport } from "./src/commands/run.ts";
export type { ShownEntry } from "./src/commands/show.ts";
export type { TreatedFinding } from "./src/commands/steps/doctor/apply_fixes.ts";
export type { EndOptions } from "./src/commands/steps/end_options.ts";
export type { Filters } from "./src/commands/steps/filter_entries.ts";
export type { JudgedEntry } from "./src/commands/steps/judge.ts";
export type { RunIds } from "./src/commands/steps/plan_run.ts";
export type { ResultSource } from "./src/commands/steps/read_result.ts";
export type {
  EndReport,
  MemberReport,
} from "./src/commands/steps/report_end.ts";
export type { Selection } from "./src/commands/steps/select.ts";
export type { Untracked } from "./src/commands/steps/untracked_option.ts";
export type { StopOptions, StopReport } from "./src/commands/stop.ts";
export type { StopAgentsOptions } from "./src/commands/stop_agents.ts";
export type {
  EndedProcess,
  WaitOptions,
  WaitReport,
} from "./src/commands/wait.ts";
export type { BadEntry } from "./src/model/decode.ts";
export type { CheckName, Finding, Fix } from "./src/model/diagnosis.ts";
export { formatDuration, parseDuration } from "./src/model/duration.ts";
export { type ErrorKind, EXIT_STATUS, ZagPsError } from "./src/model/errors.ts";
export {
  type CheckOptions,
  checkResult,
  type ExitConstraints,
  type ResultVerdict,
} from "./src/model/exit_result.ts";
export type { Identity, IdentityVerdict } from "./src/model/identity.ts";
export type { EndOutcome } from "./src/model/ladder.ts";
export type { LaunchOptions } from "./src/model/launch.ts";
export type { LiveStatus, Verdict } from "./src/model/liveness.ts";
export type { SignalOutcome } from "./src/model/platform_signals.ts";
export {
  decodeProcessStore,
  type ProcessEntry,
  type ProcessStore,
  type StoredEntry,
} from "./src/model/process_entry.ts";
export type { ProcessFacts, Terminal } from "./src/model/process_facts.ts";
export type { PruneStep } from "./src/model/prune_rules.ts";
export type {
  AgentRole,
  Confidence,
  Examination,
  Ownership,
  OwnershipKind,
  Recognition,
  SeenAgent,
  Supervision,
  Trial,
} from "./src/model/seen_agent.ts";
export {
  type BadSession,
  decodeSessionStore,
  type SessionEntry,
  type SessionStore,
} from "./src/model/session_entry.ts";
export type { Signal } from "./src/model/signal_names.ts";
