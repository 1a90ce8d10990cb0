/** How stop and kill end several agents, whole trees, and step by step. */

import type { Choice } from "../../commands/choose_agents.ts";
import { MAX_AGENTS } from "../../model/max_agents.ts";
import type { EndOptions } from "../../commands/steps/end_options.ts";
import type { Selection } from "../../commands/steps/select.ts";
import { parseDuration } from "../../model/duration.ts";
import { say } from "../../model/escape.ts";
import { parseSignal, SIGNAL_WORDS } from "../../model/signal_names.ts";
import { shorten, usage } from "../usage_error.ts";
import type { Arguments, Invocation, OptionSpec } from "../verb.ts";
import {
  readSelection,
  SELECTION_OPTIONS,
  UNTRACKED_NOTE,
  UNTRACKED_OPTIONS,
  WAITS,
} from "./selection_options.ts";

/** The options that stop and kill share. */
export const ENDING_OPTIONS: readonly OptionSpec[] = [
  ...SELECTION_OPTIONS,
  ...UNTRACKED_OPTIONS,
  {
    name: "all",
    help: "Every recorded agent that runs; asks for --yes like any other",
  },
  {
    name: "signal",
    short: "s",
    value: "SIGNAL",
    offers: SIGNAL_WORDS,
    help:
      "In place of the first step: HUP, INT, QUIT, TERM or KILL, or its number",
  },
  {
    name: "timeout",
    short: "t",
    value: "DURATION",
    offers: WAITS,
    help:
      "Wait so long for the end, then take the next step, up to SIGKILL: 10s, 1m30s",
  },
  { name: "now", help: "Straight to the last step, SIGKILL" },
  {
    name: "tree",
    help: "With all that belongs to the agent, wherever it went to",
  },
  { name: "dry-run", help: "Show what would be signalled, and signal nothing" },
  {
    name: "yes",
    short: "y",
    help: "Do not ask before more than one agent is ended",
  },
  {
    name: "max",
    value: "N",
    help: `Refuse to end more than N agents at once (${MAX_AGENTS})`,
  },
];

/** What the options do, below the help of stop and kill. */
export const ENDING_NOTES: readonly string[] = [
  "With --timeout or --now it is looked whether the process ended: the outcome of each is exited, killed, survived, recycled (another program has its pid), denied or gone, and the exit status is 0 only if nothing is left.",
  "--tree adds the descendants, whatever carries the agent's ZAG_PROCESS_ID, and the agents that it started. The agent is signalled first, then what is left. Left alone are zag-ps itself, other users' processes, the runner of a CI job, and daemons that all agents share (tmux, ssh-agent, Gradle, codex app-server, ...).",
  UNTRACKED_NOTE,
  "What keeps an agent running, such as systemd, pm2 or tmux, may start it again: then the command that ends it properly is shown.",
  "More than one agent needs a yes, on a terminal or as --yes. The agent that zag-ps runs in has to be named.",
];

/** What was asked for beyond one plain signal. */
export interface Ending {
  readonly selection: Selection;
  readonly end: Omit<EndOptions, "first" | "named" | "onStep" | "onWait">;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly max: number | undefined;
}

/**
 * Reads the shared options.
 *
 * @returns `undefined` for one agent and one plain signal
 * @throws {ZagPsError} `usage`
 */
export function readEnding(
  args: Arguments,
  verb: string,
): Ending | undefined {
  const { flags, values } = args;
  const signal = values.get("signal");
  const timeout = values.get("timeout");
  const now = flags.has("now");
  const tree = flags.has("tree");
  const dryRun = flags.has("dry-run");
  const all = flags.has("all");
  if (signal !== undefined && now) {
    throw usage(
      'The options "--signal" and "--now" exclude each other',
      "--now sends SIGKILL at once",
    );
  }
  const max = readMax(values.get("max"));
  const selection = readSelection(args, verb);
  if (all && selection.handles.length > 0) {
    throw usage(
      'An ID and "--all" exclude each other',
      "Name the agents, or select them all",
    );
  }
  const isPlain = selection.handles.length === 1 && !isSelector(selection) &&
    signal === undefined && timeout === undefined && !now && !tree && !dryRun;
  if (isPlain) return undefined;
  return {
    selection,
    max,
    yes: flags.has("yes"),
    dryRun,
    end: {
      signal: signal === undefined ? undefined : parseSignal(signal),
      timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
      now,
      tree,
      unverified: flags.has("unverified"),
    },
  };
}

/** One plain signal to each agent that a handle means. */
export function readPlainEnding(args: Arguments, handle: string): Ending {
  const { flags, values } = args;
  return {
    selection: { handles: [handle], filters: [] },
    max: readMax(values.get("max")),
    yes: flags.has("yes"),
    dryRun: false,
    end: { unverified: flags.has("unverified") },
  };
}

/** Whether there is more to a selection than ids. */
export function isSelector(selection: Selection): boolean {
  return selection.filters.length > 0 || selection.olderThan !== undefined ||
    selection.all === true;
}

/**
 * The number of agents that may be ended at once.
 *
 * @throws {ZagPsError} `usage`
 */
export function readMax(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) {
    return text === undefined ? undefined : Number(text);
  }
  throw usage(
    say`Option "--max" takes a whole number from 1 up, not "${shorten(text)}"`,
  );
}

/**
 * Asks whether more than one agent shall be ended.
 *
 * @returns whether to go on
 * @throws {ZagPsError} `usage` without a terminal and without `--yes`
 */
export async function confirmMany(
  verb: string,
  { agents }: Choice,
  yes: boolean,
  { screen }: Invocation,
): Promise<boolean> {
  if (yes || agents.length < 2) return true;
  const lines = agents.slice(0, MAX_LINES).map(({ entry }) =>
    say`  ${entry.id}  ${entry.pid}  ${entry.provider}  ${entry.started_at}` +
    "\n"
  );
  const more = agents.length - lines.length;
  if (more > 0) lines.push(`  and ${more} more\n`);
  const question = `${lines.join("")}${verb} these ${agents.length} agents?`;
  const answer = await screen.confirm?.(question);
  if (answer !== undefined) return answer;
  throw usage(
    `${agents.length} agents are selected, and there is no terminal to ask on`,
    "Look with --dry-run, then add --yes",
  );
}

const MAX_LINES = 20;
