/** The verbs and options of the command line: one table for all readers. */

import type { OptionSpec, Verb } from "./verb.ts";
import { COMPLETION, type CompletionCommand } from "./verbs/completion.ts";
import { DOCTOR, type DoctorCommand } from "./verbs/doctor.ts";
import { EXPLAIN, type ExplainCommand } from "./verbs/explain.ts";
import {
  INSTRUCTIONS,
  type InstructionsCommand,
} from "./verbs/instructions.ts";
import { HOOK, type HookCommand } from "./verbs/hook.ts";
import { KILL, type KillCommand } from "./verbs/kill.ts";
import { LIST, type ListCommand } from "./verbs/list.ts";
import { PRUNE, type PruneCommand } from "./verbs/prune.ts";
import { REAP, type ReapCommand } from "./verbs/reap.ts";
import { OUTPUT, type OutputCommand } from "./verbs/output.ts";
import { RUN, type RunCommand } from "./verbs/run.ts";
import { SHOW, type ShowCommand } from "./verbs/show.ts";
import { STOP, type StopCommand } from "./verbs/stop.ts";
import { WAIT, type WaitCommand } from "./verbs/wait.ts";

/** What a verb does, with its arguments. */
export type VerbCommand =
  | ListCommand
  | ShowCommand
  | ExplainCommand
  | StopCommand
  | KillCommand
  | ReapCommand
  | PruneCommand
  | DoctorCommand
  | RunCommand
  | WaitCommand
  | OutputCommand
  | InstructionsCommand
  | HookCommand
  | CompletionCommand;

/** Options that every verb takes, before or after it. */
export const GLOBAL_OPTIONS: readonly OptionSpec[] = [
  { name: "json", help: "Print JSON on one line" },
  {
    name: "zag-home",
    value: "DIR",
    offers: "folders",
    help: "Folder in place of ~/.zag (or set ZAG_HOME)",
  },
  {
    name: "color",
    value: "WHEN",
    offers: ["auto", "always", "never"],
    help: "auto, always or never; NO_COLOR is honoured",
  },
  {
    name: "help-agent",
    help: "Tell an agent how to end itself, and what it started",
  },
  { name: "help", short: "h", help: "Show this help" },
  { name: "version", short: "V", help: "Show the version" },
];

/** The verbs, in the order of the help. */
export const VERBS: readonly Verb<VerbCommand>[] = [
  LIST,
  SHOW,
  EXPLAIN,
  STOP,
  KILL,
  REAP,
  PRUNE,
  DOCTOR,
  RUN,
  WAIT,
  OUTPUT,
  INSTRUCTIONS,
  HOOK,
  COMPLETION,
];

/** The verb of a word, by name or alias. */
export function findVerb(word: string): Verb<VerbCommand> | undefined {
  return VERBS.find(({ name, aliases }) =>
    name === word || aliases.includes(word)
  );
}
