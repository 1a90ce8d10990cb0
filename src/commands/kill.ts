import { ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import {
  outcomeOfSignal,
  type SignalOutcome,
} from "../model/platform_signals.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import type { Context } from "./context.ts";
import { findSession } from "./steps/find_session.ts";
import { requireSignallable } from "./steps/require_signallable.ts";
import {
  keepMark,
  markKilled,
  prepareKill,
  takeMarkBack,
} from "./steps/mark_killed.ts";
import { readResult, type ResultSource } from "./steps/read_result.ts";
import { completeAgent, warnOfSupervision } from "./steps/own_processes.ts";
import { selectOne } from "./steps/select.ts";
import { recordResult } from "./steps/record_result.ts";
import { requireValid } from "./steps/require_valid.ts";
import { sendSignal } from "./steps/send_signal.ts";

/** How to kill. */
export interface KillOptions {
  /** The final result, or where to read it. */
  readonly result?: ResultSource | undefined;
  /**
   * Goes on where the constraints cannot be read or evaluated; never past a
   * rejection.
   */
  readonly skipValidation?: boolean | undefined;
  /**
   * Signals a process of which nothing proves that it is the one recorded;
   * never one that certainly is another. No other option implies it.
   */
  readonly unverified?: boolean | undefined;
  /** The command that a rejection tells the reader to run again. */
  readonly retry?: string | undefined;
  /** Called with the entry when nothing but the signal is left. */
  readonly announce?: ((entry: ProcessEntry) => void) | undefined;
}

/** What {@linkcode kill} did. */
export interface KillReport {
  /** The entry as it was before. */
  readonly entry: ProcessEntry;
  /** What was asked for. */
  readonly signal: "SIGTERM";
  /**
   * `ended`: Windows has no signals, there the process was ended at once.
   * `already-ended`: the process was gone when the signal was due.
   */
  readonly outcome: SignalOutcome | "already-ended";
  /** Whether the result is in the session log now. */
  readonly resultRecorded: boolean;
  /** The log that holds the result; `null` if none was given. */
  readonly log: string | null;
}

/**
 * Ends a process with SIGTERM, after its final result was checked against
 * what its launch asked for and written to its session log. On Windows, which
 * has no signals, the process is ended at once.
 *
 * @param handle an id, a unique prefix of one, `self`, the id or name of a
 * session that has one living process, or `pid:1234`
 * @throws {ZagPsError} before anything is written or signalled, save for
 * `signal`: then the result is recorded and the entry put back
 */
export async function kill(
  context: Context,
  handle: string,
  options: KillOptions,
): Promise<KillReport> {
  const judged = await selectOne(context, handle);
  requireSignallable(context, judged, options.unverified ?? false);
  const agent = await completeAgent(context, judged);
  const { entry } = judged;
  const result = readResult(context.system, options.result);
  const found = findSession(context, entry);
  const session = await requireValid(context, found, result, {
    skip: options.skipValidation ?? false,
    retry: options.retry ?? `zag-ps kill ${handle}`,
    entry,
  });

  // --- above decides, below acts: all of it, once begun ---
  return await context.system.deferSignals(async (hurried) => {
    // There is nothing to write of what nobody recorded.
    const { recording, mark } = judged.untracked
      ? {}
      : await prepareKill(context, entry, () => {
        const recording = result === undefined || session === undefined
          ? undefined
          : recordResult(context, session.entry, session.store, result);
        return { recording, mark: markKilled(context, entry, recording?.log) };
      });
    let outcome: KillReport["outcome"] = outcomeOfSignal(
      context.system.platform,
    );
    try {
      if (recording !== undefined && found.kind === "unreadable") {
        context.warn(say`The result was recorded in "${recording.log}"`);
      }
      warnOfSupervision(context, [agent]);
      options.announce?.(entry);
      await sendSignal(context, agent, "SIGTERM");
    } catch (error) {
      const ended = error instanceof ZagPsError && error.kind === "not-running";
      if (!ended) {
        const log = recording?.log;
        throw mark === undefined
          ? error
          : await takeMarkBack(context, mark, error, log, hurried);
      }
      outcome = "already-ended";
    }
    if (mark !== undefined) await keepMark(context, mark, hurried);
    return {
      entry,
      signal: "SIGTERM",
      outcome,
      resultRecorded: recording !== undefined,
      log: recording?.log ?? null,
    };
  });
}
