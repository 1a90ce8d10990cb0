/** Writes what zag would write of a command that is started. */

import {
  decodeSessionIndex,
  decodeSessionStore,
} from "../../model/session_entry.ts";
import { decodeUtf8 } from "../../model/decode.ts";
import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { appendElement } from "../../model/json_append.ts";
import type { MemberChanges } from "../../model/json_splice.ts";
import type { Launch } from "../../model/launch.ts";
import { folderOf } from "../../model/paths.ts";
import {
  decodeProcessStore,
  type ProcessEntry,
} from "../../model/process_entry.ts";
import { withLock } from "../../system/lock.ts";
import { updateFile } from "../../system/update_file.ts";
import type { Context } from "../context.ts";
import {
  changeEntryLocked,
  type EntryChange,
  keepChange,
} from "./change_store.ts";

/** zag has written back by then what it had read before (see keepChange). */
const SETTLE_MS = 100;

/** How often an entry is put back that other programs dropped. */
const MAX_REPEATS = 20;

/** Adds an element to a file of zag, made where there is none. */
async function appendTo(
  context: Context,
  path: string,
  listKey: string,
  element: unknown,
  count: (text: string) => number,
): Promise<void> {
  const { system } = context;
  try {
    system.makeFolder(folderOf(path));
  } catch (cause) {
    throw new ZagPsError(
      "store",
      say`Failed to create "${folderOf(path)}": ` + reasonOf(cause),
      { cause },
    );
  }
  await withLock(
    system,
    path,
    () => appendLocked(context, path, listKey, element, count),
  );
}

/** What {@linkcode appendTo} does, for who holds the lock of the file. */
function appendLocked(
  { system }: Context,
  path: string,
  listKey: string,
  element: unknown,
  count: (text: string) => number,
): void {
  updateFile(system, path, (content) => {
    const text = content === undefined
      ? JSON.stringify({ [listKey]: [] }, null, 2)
      : decodeUtf8(content, path);
    const before = count(text);
    const changed = appendElement(text, listKey, element);
    // The scanner found the place in a text it does not validate: look.
    if (count(changed) !== before + 1) {
      throw new ZagPsError(
        "store",
        say`Failed to add to "${path}": the end of its list could not be located`,
      );
    }
    return new TextEncoder().encode(changed);
  });
}

/** Adds the session to the store of its project, and to the index. */
export async function registerSession(
  context: Context,
  { session, indexed }: Launch,
  store: string,
): Promise<void> {
  await appendTo(context, store, "sessions", session, (text) => {
    const { sessions, bad } = decodeSessionStore(text, store);
    return sessions.length + bad.length;
  });
  const { index } = context.paths;
  try {
    await appendTo(
      context,
      index,
      "sessions",
      indexed,
      (text) => decodeSessionIndex(text, index).length,
    );
  } catch (error) {
    // The store above is what counts; the index only makes it found sooner.
    context.warn(reasonOf(error));
  }
}

/** Adds an entry to the process store. */
export async function registerProcess(
  context: Context,
  entry: ProcessEntry,
): Promise<void> {
  const { processes } = context.paths;
  const count = (text: string) => countEntries(text, processes);
  await appendTo(context, processes, "processes", entry, count);
}

function countEntries(text: string, path: string): number {
  const { entries, bad } = decodeProcessStore(text, path);
  return entries.length + bad.length;
}

/**
 * Changes members of a registered entry. One that another program dropped,
 * because it had read the store before and wrote it back, is added again.
 *
 * @param entry the entry with the members as they are to be
 * @param names the members that are to be changed
 * @returns the change; `undefined` if the entry was added again
 */
export async function updateProcess(
  context: Context,
  entry: ProcessEntry,
  names: readonly (keyof ProcessEntry)[],
): Promise<EntryChange | undefined> {
  const changes: MemberChanges = Object.fromEntries(
    names.map((name) => [name, JSON.stringify(entry[name] ?? null)]),
  );
  const { system, paths: { processes } } = context;
  return await withLock(system, processes, () => {
    const change = changeEntryLocked(context, entry.id, changes, () => true);
    if (change === undefined) {
      const count = (text: string) => countEntries(text, processes);
      appendLocked(context, processes, "processes", entry, count);
    }
    return change;
  });
}

/**
 * Sees to it that a change of a registered entry stays, for as long as a
 * program can be left that had read the store before it.
 *
 * @param hurried whether to give the waiting up
 */
export async function keepProcess(
  context: Context,
  entry: ProcessEntry,
  names: readonly (keyof ProcessEntry)[],
  change: EntryChange | undefined,
  hurried: () => boolean,
): Promise<void> {
  const { system, paths } = context;
  for (let i = 0; i < MAX_REPEATS && !hurried(); i++) {
    if (change !== undefined) await keepChange(context, change, hurried);
    else await system.sleep(SETTLE_MS);
    if (hurried() || hasEntry(context, paths.processes, entry.id)) return;
    change = await updateProcess(context, entry, names);
  }
}

function hasEntry({ system }: Context, path: string, id: string): boolean {
  const content = system.readFile(path);
  if (content === undefined) return false;
  return decodeProcessStore(decodeUtf8(content, path), path).entries
    .some(({ entry }) => entry.id === id);
}
