import type { ProcessEntry } from "../model/process_entry.ts";
import { findTarget } from "../model/target.ts";
import type { Context } from "./context.ts";
import { requireAlive } from "./steps/judge.ts";
import { readStore } from "./steps/read_store.ts";
import { sendSignal } from "./steps/send_signal.ts";

/** What {@linkcode stop} did. */
export interface StopReport {
  /** The entry; it is left as it is. */
  readonly entry: ProcessEntry;
  /** What was sent. */
  readonly signal: "SIGHUP";
}

/**
 * Asks a process to stop, with SIGHUP. The store is left as it is: zag itself
 * completes the entry when the process ends.
 *
 * @param handle an id, a unique prefix of one, or `self`
 * @param announce called with the entry when nothing but the signal is left
 */
export async function stop(
  context: Context,
  handle: string,
  announce: (entry: ProcessEntry) => void = () => {},
): Promise<StopReport> {
  const store = readStore(context);
  const { entry } = findTarget(store, handle, context.system.env);
  await requireAlive(context, entry);
  // --- above decides, below acts ---
  announce(entry);
  sendSignal(context, entry, "SIGHUP");
  return { entry, signal: "SIGHUP" };
}
