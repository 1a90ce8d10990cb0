import { reasonOf, ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { formatInstant } from "../model/instant.ts";
import type { MemberChanges } from "../model/json_splice.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import { findTarget } from "../model/target.ts";
import type { Context } from "./context.ts";
import { changeEntry } from "./steps/change_store.ts";
import { findSession } from "./steps/find_session.ts";
import { requireAlive } from "./steps/judge.ts";
import { readResult, type ResultSource } from "./steps/read_result.ts";
import { readStore } from "./steps/read_store.ts";
import { type Recording, recordResult } from "./steps/record_result.ts";
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
  /** The command that a rejection tells the reader to run again. */
  readonly retry?: string | undefined;
  /** Called with the entry when nothing but the signal is left. */
  readonly announce?: ((entry: ProcessEntry) => void) | undefined;
}

/** What {@linkcode kill} did. */
export interface KillReport {
  /** The entry as it was before. */
  readonly entry: ProcessEntry;
  /** What was sent. */
  readonly signal: "SIGTERM";
  /** `already-ended`: the process was gone when the signal was due. */
  readonly outcome: "signalled" | "already-ended";
  /** Whether the result is in the session log now. */
  readonly resultRecorded: boolean;
  /** The log that holds the result; `null` if none was given. */
  readonly log: string | null;
}

/**
 * Ends a process with SIGTERM, after its final result was checked against
 * what its launch asked for and written to its session log.
 *
 * @param handle an id, a unique prefix of one, or `self`
 * @throws {ZagPsError} before anything is written or signalled, save for
 * `signal`: then the result is recorded and the entry put back
 */
export async function kill(
  context: Context,
  handle: string,
  options: KillOptions,
): Promise<KillReport> {
  const store = readStore(context);
  const { entry } = findTarget(store, handle, context.system.env);
  await requireAlive(context, entry);
  const result = readResult(context.system, options.result);
  const found = findSession(context, entry);
  const session = await requireValid(context, found, result, {
    skip: options.skipValidation ?? false,
    retry: options.retry ?? `zag-ps kill ${handle}`,
    entry,
  });

  // --- above decides, below acts ---
  const recording = result === undefined || session === undefined
    ? undefined
    : recordResult(context, session.entry, session.store, result);
  if (recording !== undefined && found.kind === "unreadable") {
    context.warn(say`The result was recorded in "${recording.log}"`);
  }
  const exited_at = formatInstant(context.system.now());
  const previous = markKilled(context, entry, exited_at, recording?.log);
  options.announce?.(entry);
  let outcome: KillReport["outcome"] = "signalled";
  try {
    sendSignal(context, entry, "SIGTERM");
  } catch (error) {
    if (!(error instanceof ZagPsError)) throw error;
    if (error.kind !== "not-running") {
      throw putBack(context, entry.id, exited_at, previous, error, recording);
    }
    outcome = "already-ended";
  }
  return {
    entry,
    signal: "SIGTERM",
    outcome,
    resultRecorded: recording !== undefined,
    log: recording?.log ?? null,
  };
}

/**
 * Marks the entry, or aborts the kill.
 *
 * @returns the members as they were
 */
function markKilled(
  context: Context,
  entry: ProcessEntry,
  exitedAt: string,
  log: string | undefined,
): MemberChanges {
  let why = "another program removed its entry meanwhile";
  let cause: unknown;
  try {
    const previous = changeEntry(context, entry.id, {
      status: JSON.stringify("killed"),
      exit_code: "null",
      exited_at: JSON.stringify(exitedAt),
    }, (now) => requireSame(entry, now));
    if (previous !== undefined) return previous;
  } catch (error) {
    cause = error;
    why = reasonOf(error);
  }
  throw new ZagPsError(
    "store",
    say`Process ${entry.id} was not signalled: ` + why + tellRecorded(log) +
      "\nKill aborted, the process is still running. Run the same command again once the cause is removed",
    { cause },
  );
}

/** A result that is recorded stays so, whatever fails after it. */
function tellRecorded(log: string | undefined): string {
  return log === undefined ? "" : say`\nThe result is recorded in "${log}"`;
}

/**
 * The entry that was judged must be the one that is marked: zag puts another
 * pid in when the agent comes up, and another status when it ends.
 */
function requireSame(judged: ProcessEntry, now: ProcessEntry): boolean {
  if (now.pid === judged.pid && now.status === judged.status) return true;
  throw new ZagPsError("store", "another program changed its entry meanwhile");
}

/** Takes the mark back, unless another program changed the entry meanwhile. */
function putBack(
  context: Context,
  id: string,
  exitedAt: string,
  previous: MemberChanges,
  error: ZagPsError,
  recording: Recording | undefined,
): ZagPsError {
  let note = "Its entry was put back as it was";
  try {
    const back = changeEntry(
      context,
      id,
      previous,
      (entry) =>
        entry.status === "killed" && entry.exited_at === exitedAt &&
        (entry.exit_code ?? null) === null,
    );
    if (back === undefined) {
      note = "Its entry was left alone: another program changed it meanwhile";
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    note = `Its entry is still marked killed, it could not be put back: ${why}`;
  }
  const message = error.message + tellRecorded(recording?.log);
  return new ZagPsError(error.kind, `${message}\n${note}`, { cause: error });
}
