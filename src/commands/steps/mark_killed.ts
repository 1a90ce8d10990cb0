import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { formatInstant } from "../../model/instant.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import { withLock } from "../../system/lock.ts";
import type { Context } from "../context.ts";
import {
  changeEntry,
  changeEntryLocked,
  type EntryChange,
  keepChange,
} from "./change_store.ts";

/**
 * Does what comes before a signal while no other zag-ps does.
 *
 * @throws {ZagPsError} what `work` throws, or `store` without the lock; then
 * nothing may be signalled
 */
export async function prepareKill<T>(
  { system, paths }: Context,
  entry: ProcessEntry,
  work: () => T,
): Promise<T> {
  let begun = false;
  try {
    return await withLock(system, paths.processes, () => {
      begun = true;
      return work();
    });
  } catch (cause) {
    throw begun ? cause : cannotMark(entry, cause, undefined);
  }
}

/**
 * Marks an entry as killed, before its process is signalled. The caller holds
 * the lock of the store.
 *
 * The entry that was judged must be the one that is marked: zag puts another
 * pid in when the agent comes up, and another status when it ends.
 *
 * @param log where the result was recorded just before
 * @throws {ZagPsError} `store`; then nothing may be signalled
 */
export function markKilled(
  context: Context,
  entry: ProcessEntry,
  log: string | undefined,
): EntryChange {
  const exited_at = formatInstant(context.system.now());
  const changes = {
    status: JSON.stringify("killed"),
    exit_code: "null",
    exited_at: JSON.stringify(exited_at),
  };
  let cause: unknown = "another program removed its entry meanwhile";
  try {
    const mark = changeEntryLocked(context, entry.id, changes, (now) => {
      if (now.pid === entry.pid && now.status === entry.status) return true;
      throw new ZagPsError(
        "store",
        "another program changed its entry meanwhile",
      );
    });
    if (mark !== undefined) return mark;
  } catch (error) {
    cause = error;
  }
  throw cannotMark(entry, cause, log);
}

function cannotMark(
  entry: ProcessEntry,
  cause: unknown,
  log: string | undefined,
): ZagPsError {
  return new ZagPsError(
    "store",
    say`Process ${entry.id} was not signalled: ` + reasonOf(cause) +
      tellRecorded(log) +
      "\nKill aborted, the process is still running. Run the same command again once the cause is removed",
    { cause },
  );
}

/** A result that is recorded stays so, whatever fails after it. */
function tellRecorded(log: string | undefined): string {
  return log === undefined ? "" : say`\nThe result is recorded in "${log}"`;
}

/** Sees to it that a mark stays (see {@linkcode keepChange}). */
export async function keepMark(
  context: Context,
  mark: EntryChange,
  hurried: () => boolean,
): Promise<void> {
  try {
    await keepChange(context, mark, hurried);
  } catch (error) {
    // What became of the process is what the caller has to know.
    context.warn(
      say`The store could not be looked at again after the change: ` +
        reasonOf(error),
    );
  }
}

/**
 * Takes a mark back, unless another program changed the entry meanwhile.
 *
 * @param failure why the process could not be signalled
 * @param log where the result was recorded before
 * @returns the failure, with what became of the entry
 */
export async function takeMarkBack(
  context: Context,
  mark: EntryChange,
  failure: unknown,
  log: string | undefined,
  hurried: () => boolean,
): Promise<ZagPsError> {
  let note = "Its entry was put back as it was";
  let back: EntryChange | undefined;
  try {
    back = await changeEntry(
      context,
      mark.id,
      mark.previous,
      (_, members) =>
        Object.entries(mark.changes).every(([key, text]) =>
          members[key] === text
        ),
    );
    if (back === undefined) {
      note = "Its entry was left alone: another program changed it meanwhile";
    }
  } catch (cause) {
    note = "Its entry is still marked killed, it could not be put back: " +
      reasonOf(cause);
  }
  if (back !== undefined) await keepMark(context, back, hurried);
  const kind = failure instanceof ZagPsError ? failure.kind : "signal";
  const message = reasonOf(failure) + tellRecorded(log);
  return new ZagPsError(kind, `${message}\n${note}`, { cause: failure });
}
