import { ZagPsError } from "../../model/errors.ts";
import {
  type EndOutcome,
  type Ladder,
  type LadderStep,
  planLadder,
} from "../../model/ladder.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import { describeProgram } from "../../model/protected_programs.ts";
import type { Signal } from "../../system/system.ts";
import type { Context } from "../context.ts";
import { type JudgedEntry, requireSignallable } from "./judge.ts";
import {
  listPending,
  lookAfter,
  pursue,
  type Pursuit,
  signalPursuit,
} from "./pursue.ts";
import { refuseAncestors } from "./refuse_ancestors.ts";
import {
  followEntries,
  type Hunt,
  readEntries,
  scanTrees,
} from "./scan_trees.ts";

/** How agents are ended. */
export interface EndOptions {
  /** In place of the first step. */
  readonly signal?: Signal | undefined;
  /** What the verb begins with. */
  readonly first: "SIGHUP" | "SIGTERM";
  /**
   * Milliseconds that each step has to take effect; without it there is one
   * step, and nobody waits.
   */
  readonly timeoutMs?: number | undefined;
  /** Straight to SIGKILL. */
  readonly now?: boolean | undefined;
  /** All that belongs to an agent, too. */
  readonly tree?: boolean | undefined;
  /**
   * Signals a process of which nothing proves that it is the one recorded;
   * never one that certainly is another.
   */
  readonly unverified?: boolean | undefined;
  /**
   * The ids of the entries that were named one by one: only those may be what
   * zag-ps itself runs in.
   */
  readonly named?: ReadonlySet<string> | undefined;
  /** Called before signals are sent. */
  readonly onStep?:
    | ((
      step: {
        readonly entry: ProcessEntry;
        readonly signal: Signal;
        readonly pids: readonly number[];
      },
    ) => void)
    | undefined;
  /** Called while waiting, with the milliseconds that are left of a step. */
  readonly onWait?: ((remainingMs: number) => void) | undefined;
}

/** What became of one process of an agent's tree. */
export interface MemberReport {
  /** Process id. */
  readonly pid: number;
  /** How it ended, or that it did not. */
  readonly outcome: EndOutcome;
  /** The program, without its arguments. */
  readonly command: string;
  /** Why it is denied, in words. */
  readonly reason?: string | undefined;
}

/** What became of one agent. */
export interface EndReport {
  /** The entry as it was before. */
  readonly entry: ProcessEntry;
  /** How the agent itself ended, or that it did not. */
  readonly outcome: EndOutcome;
  /** What the agent was sent, in order. */
  readonly signals: readonly Signal[];
  /** The others of its tree; empty unless the tree was asked for. */
  readonly members: readonly MemberReport[];
  /** What is tied to the agent and was left alone, and why. */
  readonly spared: readonly {
    readonly pid: number;
    readonly command: string;
    readonly reason: string;
  }[];
  /** Why it is denied, or was not there, in words. */
  readonly reason?: string | undefined;
}

/** How long an agent may take to end its own children in order. */
export const LEAD_MS = 2000;

/** How often it is looked whether a process has ended: soon, then seldom. */
const FIRST_LOOK_MS = 10;
const LAST_LOOK_MS = 100;
/** How often all processes are looked at while waiting. */
const SCAN_MS = 250;
/** How many looks in a row must find nothing new. */
const QUIET_SCANS = 2;
/** A tree that grows faster than it is ended is given up. */
const MAX_SCANS = 200;

/**
 * Ends agents, all of them step by step together, and looks what came of it.
 * The start of each process is compared right before each signal. Of a tree
 * the agent is signalled first, so that it can end its children in order; then
 * what is left of it, until two looks find nothing new.
 *
 * SIGHUP and SIGTERM that zag-ps gets meanwhile, such as of the agent that it
 * runs in, take effect at the end; after SIGINT no further step is taken. The
 * store is not changed.
 *
 * @throws {ZagPsError} before anything is signalled: `refused` for what
 * zag-ps itself runs in unless it is named, `unseen` if a tree was asked for
 * and processes cannot be listed
 */
export async function endAgents(
  context: Context,
  judged: readonly JudgedEntry[],
  options: EndOptions,
): Promise<EndReport[]> {
  await refuseAncestors(context, judged, options.named);
  const ladder = planLadder(options, context.system.platform);
  return await context.system.deferSignals(async (arrived) => {
    const hunts = openHunts(context, judged, options);
    const open = hunts.filter(({ agent }) => agent.outcome === undefined);
    await climb(context, open, ladder, options, () => arrived("SIGINT"));
    return hunts.map((hunt) => report(hunt, ladder));
  });
}

/**
 * Finds what {@linkcode endAgents} would signal, and signals nothing.
 *
 * @throws {ZagPsError} as {@linkcode endAgents}
 */
export async function previewAgents(
  context: Context,
  judged: readonly JudgedEntry[],
  options: EndOptions,
): Promise<Omit<EndReport, "outcome" | "signals">[]> {
  await refuseAncestors(context, judged, options.named);
  const hunts = openHunts(context, judged, options);
  if (options.tree === true) {
    const open = hunts.filter(({ agent }) => agent.outcome === undefined);
    await scanTrees(context, open, readEntries(context));
  }
  const ladder = planLadder(options, context.system.platform);
  return hunts.map((hunt) => {
    const { outcome: _, signals: __, ...rest } = report(hunt, ladder);
    return rest;
  });
}

function openHunts(
  context: Context,
  judged: readonly JudgedEntry[],
  options: EndOptions,
): Hunt[] {
  // zag's spawn records a process twice: it is signalled once.
  const agents = new Map<number, Pursuit>();
  return judged.map((one) => {
    const hunt = openHunt(context, one, options, agents.get(one.entry.pid));
    if (hunt.agent.outcome === undefined) {
      agents.set(one.entry.pid, hunt.agent);
    }
    return hunt;
  });
}

function openHunt(
  context: Context,
  judged: JudgedEntry,
  options: EndOptions,
  known: Pursuit | undefined,
): Hunt {
  const { entry, verdict } = judged;
  let agent = pursue(verdict.facts ?? { pid: entry.pid, zombie: false });
  try {
    requireSignallable(context, judged, options.unverified ?? false);
    const start = known?.facts.startTicks;
    if (known !== undefined && start === agent.facts.startTicks) agent = known;
  } catch (error) {
    if (!(error instanceof ZagPsError)) throw error;
    agent.outcome = error.kind !== "not-running"
      ? "denied"
      : verdict.identity === "recycled"
      ? "recycled"
      : "gone";
    agent.reason = error.message;
  }
  return {
    entry,
    agent,
    members: new Map(),
    spared: new Map(),
    spareAncestors: options.named?.has(entry.id) !== true,
  };
}

/** Takes the steps until nothing is left. */
async function climb(
  context: Context,
  hunts: readonly Hunt[],
  ladder: Ladder,
  options: EndOptions,
  interrupted: () => boolean,
): Promise<void> {
  const tree = options.tree === true;
  const read = tree ? followEntries(context) : () => [];
  if (tree) await scanTrees(context, hunts, read());
  let settled = true;
  for (const step of ladder.steps) {
    if (interrupted() || listAll(hunts).length === 0) break;
    const signalled = new Set<Pursuit>();
    const run = { context, hunts, step, options, interrupted, signalled, read };
    await lookAfter(context, hunts.map(({ agent }) => agent));
    await signalAll(run, ({ agent }) => listPending([agent]));
    if (tree) settled = await endTrees(run);
    else if (step.waitMs > 0) await waitForEnd(run, step.waitMs, listAgents);
  }
  // What was born last was not seen by anybody yet.
  if (!settled) await scanTrees(context, hunts, read());
}

/** One step that is being taken. */
interface StepRun {
  readonly context: Context;
  readonly hunts: readonly Hunt[];
  readonly step: LadderStep;
  readonly options: EndOptions;
  readonly interrupted: () => boolean;
  /** Those that got the signal of this step. */
  readonly signalled: Set<Pursuit>;
  /** The store, for the agents that are nested in others. */
  readonly read: () => readonly ProcessEntry[];
}

function listAgents(hunts: readonly Hunt[]): Pursuit[] {
  return listPending(hunts.map(({ agent }) => agent));
}

function listAll(hunts: readonly Hunt[]): Pursuit[] {
  return listPending(
    hunts.flatMap(({ agent, members }) => [agent, ...members.values()]),
  );
}

async function signalAll(
  { context, hunts, step: { signal }, options, signalled }: StepRun,
  choose: (hunt: Hunt) => readonly Pursuit[],
): Promise<void> {
  for (const hunt of hunts) {
    const chosen = choose(hunt).filter((one) => !signalled.has(one));
    if (chosen.length === 0) continue;
    const pids = chosen.map(({ facts }) => facts.pid);
    options.onStep?.({ entry: hunt.entry, signal, pids });
    for (const pursuit of chosen) {
      signalled.add(pursuit);
      await signalPursuit(context, pursuit, signal);
    }
  }
}

/** Waits until none is left of some, or the time is over. */
async function waitForEnd(
  { context, hunts, options, interrupted }: StepRun,
  milliseconds: number,
  list: (hunts: readonly Hunt[]) => Pursuit[],
): Promise<void> {
  const { system } = context;
  const end = system.now() + milliseconds;
  for (let pause = FIRST_LOOK_MS;; pause = Math.min(pause * 2, LAST_LOOK_MS)) {
    await lookAfter(context, list(hunts));
    const remaining = end - system.now();
    if (list(hunts).length === 0 || remaining <= 0 || interrupted()) return;
    options.onWait?.(remaining);
    await system.sleep(Math.min(pause, remaining));
  }
}

/**
 * Ends what is left of the trees after the agents were signalled: each process
 * that is found gets the signal of the step once.
 *
 * @returns whether two looks in a row found nothing new
 */
async function endTrees(run: StepRun): Promise<boolean> {
  const { context, hunts, step, options, interrupted, read } = run;
  const { system } = context;
  const { signal, waitMs } = step;
  // A timeout of nothing is one, too.
  const timed = waitMs > 0 || options.timeoutMs !== undefined;
  if (signal !== "SIGKILL") {
    const lead = timed ? Math.min(waitMs, LEAD_MS) : LEAD_MS;
    await waitForEnd(run, lead, listAgents);
  }
  const entries = read();
  const end = system.now() + waitMs;
  let quiet = 0;
  for (let scans = 0; scans < MAX_SCANS && !interrupted(); scans++) {
    const found = await scanTrees(context, hunts, entries);
    quiet = found === 0 ? quiet + 1 : 0;
    await signalAll(
      run,
      ({ members }) => listPending(members.values()),
    );
    const remaining = end - system.now();
    const over = listAll(hunts).length === 0 || remaining <= 0;
    if (over && (quiet >= QUIET_SCANS || remaining <= 0 && timed)) break;
    if (quiet === 0 || over) {
      await system.sleep(FIRST_LOOK_MS);
      await lookAfter(context, listAll(hunts));
      continue;
    }
    options.onWait?.(remaining);
    await waitForEnd(run, Math.min(SCAN_MS, remaining), listAll);
  }
  return quiet >= QUIET_SCANS;
}

function report(hunt: Hunt, { verified }: Ladder): EndReport {
  const { entry, agent, members, spared } = hunt;
  const judge = (pursuit: Pursuit): EndOutcome =>
    pursuit.outcome ??
      (verified || pursuit.signals.length === 0 ? "survived" : "signalled");
  return {
    entry,
    outcome: judge(agent),
    signals: agent.signals,
    ...(agent.reason === undefined ? {} : { reason: agent.reason }),
    members: [...members.values()].map((member) => ({
      pid: member.facts.pid,
      // What ended before its turn was ended by the agent, or with it.
      outcome: member.outcome === "gone" ? "exited" : judge(member),
      command: describeProgram(member.facts),
      ...(member.reason === undefined ? {} : { reason: member.reason }),
    })),
    spared: [...spared.values()].map(({ facts, reason }) => ({
      pid: facts.pid,
      command: describeProgram(facts),
      reason,
    })),
  };
}
