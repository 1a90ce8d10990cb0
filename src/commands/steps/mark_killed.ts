import { gatherFamily } from "../../model/ancestors.ts";
import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { formatInstant } from "../../model/instant.ts";
import {
  decodeProcessStore,
  type ProcessEntry,
} from "../../model/process_entry.ts";
import { withLock } from "../../system/lock.ts";
import type { Context } from "../context.ts";
import {
  changeEntry,
  changeEntryLocked,
  type EntryChange,
  keepChanges,
} from "./change_store.ts";
import { readZagFile } from "./read_store.ts";

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
  let cause: unknown = REMOVED;
  try {
    const mark = changeEntryLocked(context, entry.id, changes, (now) => {
      requireSame(entry, now);
      return true;
    });
    if (mark !== undefined) return mark;
  } catch (error) {
    cause = error;
  }
  throw cannotMark(entry, cause, log);
}

/**
 * Looks whether an entry still is as it was judged, before anything is written
 * on account of that. The caller holds the lock of the store.
 *
 * @throws {ZagPsError} `store`; then nothing may be written or signalled
 */
export function requireUnchanged(context: Context, entry: ProcessEntry): void {
  let cause: unknown = REMOVED;
  try {
    const path = context.paths.processes;
    const text = readZagFile(context.system, path);
    const now = text === undefined ? undefined : gatherFamily(
      decodeProcessStore(text, path).entries.map(({ entry }) => entry),
    ).get(entry.id);
    if (now !== undefined) return requireSame(entry, now);
  } catch (error) {
    cause = error;
  }
  throw cannotMark(entry, cause, undefined);
}

const REMOVED = "another program removed its entry meanwhile";

function requireSame(judged: ProcessEntry, now: ProcessEntry): void {
  if (now.pid === judged.pid && now.status === judged.status) return;
  throw new ZagPsError("store", "another program changed its entry meanwhile");
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
  await keepMarks(context, [mark], hurried);
}

/** Sees to it that several marks stay. */
export async function keepMarks(
  context: Context,
  marks: readonly EntryChange[],
  hurried: () => boolean,
): Promise<void> {
  try {
    await keepChanges(context, marks, hurried);
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
  const note = await restoreEntry(context, mark, hurried);
  return tellNotes(failure, log, [note]);
}

/** Puts an entry back as it was before its mark, and says how that went. */
export async function restoreEntry(
  context: Context,
  mark: EntryChange,
  hurried: () => boolean,
): Promise<string> {
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
  return note;
}

/** A failure, with what became of the entries. */
export function tellNotes(
  failure: unknown,
  log: string | undefined,
  notes: readonly string[],
): ZagPsError {
  const kind = failure instanceof ZagPsError ? failure.kind : "signal";
  const message = reasonOf(failure) + tellRecorded(log);
  return new ZagPsError(kind, `${message}\n${notes.join("\n")}`, {
    cause: failure,
  });
}
