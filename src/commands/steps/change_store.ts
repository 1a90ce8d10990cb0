import { decodeUtf8 } from "../../model/decode.ts";
import { ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { type MemberChanges, spliceMembers } from "../../model/json_splice.ts";
import {
  decodeProcessStore,
  type ProcessEntry,
} from "../../model/process_entry.ts";
import { withLock } from "../../system/lock.ts";
import { updateFile } from "../../system/update_file.ts";
import type { Context } from "../context.ts";

/**
 * zag loads the store, changes it and writes it back, without a lock. What
 * zag-ps wrote in between is gone then. So long after its own change zag-ps
 * looks whether that happened: much longer than zag takes.
 */
const SETTLE_MS = 100;

/** How often a change is made again that other programs overwrote. */
const MAX_REPEATS = 20;

/** A change that was made to one entry. */
export interface EntryChange {
  readonly id: string;
  /** The members that were set. */
  readonly changes: MemberChanges;
  /** The members as they were, with which the change can be taken back. */
  readonly previous: MemberChanges;
  /** The version of the store with the change. */
  readonly version: string;
}

/** Looks at an entry as it is now, and at its members that would change. */
export type Applies = (entry: ProcessEntry, members: MemberChanges) => boolean;

/**
 * Changes members of the first entry with an id; the rest of the file stays
 * byte for byte as it is.
 *
 * @param applies returns `false` to leave the entry alone
 * @returns `undefined` if nothing was changed because the entry is gone or
 * `applies` said no
 * @throws {ZagPsError} `store` if the file cannot be read or replaced
 */
export async function changeEntry(
  context: Context,
  id: string,
  changes: MemberChanges,
  applies: Applies,
): Promise<EntryChange | undefined> {
  return await withLock(
    context.system,
    context.paths.processes,
    () => changeEntryLocked(context, id, changes, applies),
  );
}

/** What {@linkcode changeEntry} does, for who holds the lock of the store. */
export function changeEntryLocked(
  context: Context,
  id: string,
  changes: MemberChanges,
  applies: Applies,
): EntryChange | undefined {
  const path = context.paths.processes;
  let previous: MemberChanges = {};
  const version = updateFile(context.system, path, (content) => {
    if (content === undefined) return undefined;
    const text = decodeUtf8(content, path);
    const stored = decodeProcessStore(text, path).entries
      .find(({ entry }) => entry.id === id);
    if (stored === undefined) return undefined;
    const { index } = stored;
    const spliced = spliceMembers(text, "processes", index, changes);
    previous = spliced.previous;
    if (!applies(stored.entry, previous)) return undefined;
    // The scanner found places in a text it does not validate: look again.
    const check = decodeProcessStore(spliced.text, path).entries
      .find((stored) => stored.index === index);
    if (check?.entry.id !== id) {
      throw new ZagPsError(
        "store",
        say`Failed to change entry ${index} of "${path}": its text could not be located`,
      );
    }
    return new TextEncoder().encode(spliced.text);
  });
  return version === undefined ? undefined : { id, changes, previous, version };
}

/**
 * Waits until no program can be left that had read the store before a change
 * and writes it back without; makes the change again where that happened. An
 * entry that is in a third state by now is left alone.
 *
 * @param hurried whether to give the waiting up
 * @throws {ZagPsError} `store`
 */
export async function keepChange(
  context: Context,
  change: EntryChange,
  hurried: () => boolean,
): Promise<void> {
  await keepChanges(context, [change], hurried);
}

/**
 * What {@linkcode keepChange} does, for several changes that were made one
 * after the other.
 *
 * @throws {ZagPsError} `store`
 */
export async function keepChanges(
  context: Context,
  changes: readonly EntryChange[],
  hurried: () => boolean,
): Promise<void> {
  const { system, paths } = context;
  let kept: EntryChange | undefined = changes.at(-1);
  for (let i = 0; i < MAX_REPEATS && kept !== undefined; i++) {
    if (hurried()) return;
    await system.sleep(SETTLE_MS);
    if (system.status(paths.processes)?.version === kept.version) return;
    kept = undefined;
    for (const { id, changes: members, previous } of changes) {
      kept = await changeEntry(
        context,
        id,
        members,
        (_, now) => isSame(now, previous),
      ) ?? kept;
    }
  }
}

/** zag writes what is absent as null. */
function isSame(a: MemberChanges, b: MemberChanges): boolean {
  return Object.keys(a).every((key) =>
    (a[key] ?? "null") === (b[key] ?? "null")
  );
}
