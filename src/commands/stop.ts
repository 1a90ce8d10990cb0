import {
  outcomeOfSignal,
  type SignalOutcome,
} from "../model/platform_signals.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import type { Context } from "./context.ts";
import { requireSignallable } from "./steps/require_signallable.ts";
import { completeAgent, warnOfSupervision } from "./steps/own_processes.ts";
import { selectOne } from "./steps/select.ts";
import { sendSignal } from "./steps/send_signal.ts";

/** What {@linkcode stop} did. */
export interface StopReport {
  /** The entry; it is left as it is. */
  readonly entry: ProcessEntry;
  /** What was asked for. */
  readonly signal: "SIGHUP";
  /** `ended`: Windows has no signals, there the process was ended at once. */
  readonly outcome: SignalOutcome;
}

/** How to stop. */
export interface StopOptions {
  /**
   * Signals a process of which nothing proves that it is the one recorded;
   * never one that certainly is another. No other option implies it.
   */
  readonly unverified?: boolean | undefined;
  /** Called with the entry when nothing but the signal is left. */
  readonly announce?: ((entry: ProcessEntry) => void) | undefined;
}

/**
 * Asks a process to stop, with SIGHUP. The store is left as it is: zag itself
 * completes the entry when the process ends. On Windows, which has no signals,
 * the process is ended at once.
 *
 * @param handle an id, a unique prefix of one, `self`, the id or name of a
 * session that has one living process, or `pid:1234`
 */
export async function stop(
  context: Context,
  handle: string,
  options: StopOptions = {},
): Promise<StopReport> {
  const { unverified = false, announce } = options;
  const judged = await selectOne(context, handle);
  requireSignallable(context, judged, unverified);
  const agent = await completeAgent(context, judged);
  const { entry } = judged;
  // --- above decides, below acts ---
  warnOfSupervision(context, [agent]);
  announce?.(entry);
  await sendSignal(context, agent, "SIGHUP");
  const outcome = outcomeOfSignal(context.system.platform);
  return { entry, signal: "SIGHUP", outcome };
}
