import { errorCode, reasonOf } from "../../model/errors.ts";
import { escapeControls } from "../../model/escape.ts";
import { type EndOutcome, outcomeOfEnd } from "../../model/ladder.ts";
import type { ProcessFacts } from "../../model/process_facts.ts";
import {
  compareProcess,
  type ExpectedProcess,
} from "../../model/same_process.ts";
import type { Signal } from "../../model/signal_names.ts";
import type { Context } from "../context.ts";
import { nameOwner } from "./name_owner.ts";

/** One process that is being ended. */
export interface Pursuit {
  /** As it was judged or found. */
  readonly facts: ProcessFacts;
  /** What it has to be still before each signal. */
  readonly expected: ExpectedProcess;
  /** What it was sent, in order. */
  readonly signals: Signal[];
  /** What became of it; `undefined` while it is there. */
  outcome: EndOutcome | undefined;
  /** Why it is denied, in words. */
  reason: string | undefined;
}

/**
 * Begins with a process.
 *
 * @param expected what it has to be still before each signal: its start time,
 * unless more is asked for
 */
export function pursue(
  facts: ProcessFacts,
  expected: ExpectedProcess = { startTicks: facts.startTicks },
): Pursuit {
  return {
    facts,
    expected,
    signals: [],
    outcome: undefined,
    reason: undefined,
  };
}

/** Those that are not known to have ended. */
export function listPending(pursuits: Iterable<Pursuit>): Pursuit[] {
  return [...pursuits].filter(({ outcome }) => outcome === undefined);
}

/** Looks which of the processes have ended. */
export async function lookAfter(
  context: Context,
  pursuits: Iterable<Pursuit>,
): Promise<void> {
  const pending = listPending(pursuits);
  if (pending.length === 0) return;
  const pids = new Set(pending.map(({ facts }) => facts.pid));
  const { processes, complete } = await context.system.observe(pids);
  settle(pending, processes, complete);
}

/** Notes which of the processes have ended, by a look at the machine. */
export function settle(
  pending: Iterable<Pursuit>,
  processes: ReadonlyMap<number, ProcessFacts>,
  complete: boolean,
): void {
  for (const pursuit of pending) {
    if (pursuit.outcome !== undefined) continue;
    const { facts, expected, signals } = pursuit;
    const now = processes.get(facts.pid);
    if (now === undefined) {
      if (complete) pursuit.outcome = outcomeOfEnd(signals);
    } else if (compareProcess(now, expected) === "another") {
      pursuit.outcome = "recycled";
    } else if (now.zombie) pursuit.outcome = outcomeOfEnd(signals);
  }
}

/**
 * Sends a signal to one process, if it still is the one that was judged. What
 * came of it is noted, never thrown: others wait for theirs.
 */
export async function signalPursuit(
  context: Context,
  pursuit: Pursuit,
  signal: Signal,
): Promise<void> {
  const { facts: { pid }, expected } = pursuit;
  try {
    await context.system.signal(pid, signal, expected);
    pursuit.signals.push(signal);
  } catch (error) {
    const code = errorCode(error);
    if (code === "ESRCH") {
      await lookAfter(context, [pursuit]);
      // Nothing is there any more that could be looked at again.
      pursuit.outcome ??= outcomeOfEnd(pursuit.signals);
      return;
    }
    pursuit.outcome = "denied";
    pursuit.reason = escapeControls(
      reasonOf(error) + tellOwner(context, code, pursuit.facts),
    );
  }
}

function tellOwner(
  { system }: Context,
  code: string | undefined,
  { uid, owner }: ProcessFacts,
): string {
  return code === "EPERM" && uid !== undefined
    ? `: it belongs to ${nameOwner(system, uid, owner)}`
    : "";
}
