import type { Ladder, LadderStep } from "../../model/ladder.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import type { Context } from "../context.ts";
import type { EndOptions } from "./end_options.ts";
import {
  listPending,
  lookAfter,
  type Pursuit,
  signalPursuit,
} from "./pursue.ts";
import { followEntries, type Hunt, scanTrees } from "./scan_trees.ts";

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
 * Takes the steps of a ladder until nothing is left. Of a tree the agent is
 * signalled first, so that it can end its children in order; then what is left
 * of it, until two looks find nothing new.
 *
 * @param hunts those that may be signalled
 * @param interrupted whether no further step is to be taken
 * @throws {ZagPsError} before anything is signalled: `unseen` or `store` if a
 * tree was asked for and cannot be found
 */
export async function climbLadder(
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
    await lookAfter(context, listAgents(hunts));
    await signalAll(run, ({ own }) => listPending(own));
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
  return listPending(hunts.flatMap(({ own }) => own));
}

function listAll(hunts: readonly Hunt[]): Pursuit[] {
  return listPending(
    hunts.flatMap(({ own, members }) => [...own, ...members.values()]),
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
