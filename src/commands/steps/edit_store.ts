import { decodeUtf8 } from "../../model/decode.ts";
import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { editElements } from "../../model/json_elements.ts";
import type { MemberChanges } from "../../model/json_splice.ts";
import {
  decodeProcessStore,
  type ProcessEntry,
  type ProcessStore,
} from "../../model/process_entry.ts";
import { withLock } from "../../system/lock.ts";
import { updateFile } from "../../system/update_file.ts";
import type { Context } from "../context.ts";
import { type Backup, makeBackup } from "./make_backup.ts";

/** As long after an edit it is looked at again (see keepChange). */
const SETTLE_MS = 100;

/** How often an edit is made again that other programs overwrote. */
const MAX_REPEATS = 20;

/** What becomes of entries of the store. */
export interface StoreEdit {
  /** The entries that go, as they were when that was decided. */
  readonly removed: readonly ProcessEntry[];
  /** The entries of which members are set, as they were. */
  readonly changed: readonly {
    readonly entry: ProcessEntry;
    readonly changes: MemberChanges;
  }[];
}

/** What {@linkcode editStore} did. */
export interface StoreEdited {
  /** How many entries went. */
  readonly removed: number;
  /** How many were changed. */
  readonly changed: number;
  /** The copy of the store as it was, if one was asked for. */
  readonly backup: string | undefined;
}

/**
 * Takes entries out of the store and changes others; the rest of the file
 * stays byte for byte as it is. An entry that another program changed since it
 * was decided on stays as it is.
 *
 * @param options `backup`: keep a copy of the old file beside it
 * @throws {ZagPsError} `store`; the file is then as it was
 */
export async function editStore(
  context: Context,
  edit: StoreEdit,
  options: { readonly backup?: boolean } = {},
): Promise<StoreEdited> {
  const { system, paths } = context;
  return await system.deferSignals(async (hurried) => {
    const locked = (backup: boolean) =>
      withLock(system, paths.processes, () => apply(context, edit, backup));
    const first = await locked(options.backup ?? false);
    let version = first.version;
    for (let i = 0; i < MAX_REPEATS && version !== undefined; i++) {
      if (hurried()) break;
      await system.sleep(SETTLE_MS);
      if (system.status(paths.processes)?.version === version) break;
      // A zag that had read the store before may have written it back.
      version = (await locked(false)).version;
    }
    const { removed, changed, backup } = first;
    return { removed, changed, backup };
  });
}

function apply(
  context: Context,
  edit: StoreEdit,
  wantsBackup: boolean,
): StoreEdited & { version: string | undefined } {
  const { system, paths } = context;
  let backup: Backup | undefined;
  let counts = { removed: 0, changed: 0 };
  try {
    const version = updateFile(system, paths.processes, (content) => {
      if (content === undefined) return undefined;
      const text = decodeUtf8(content, paths.processes);
      const edited = editText(text, paths.processes, edit);
      counts = edited;
      if (edited.removed + edited.changed === 0) return undefined;
      if (wantsBackup) {
        backup?.discard();
        backup = makeBackup(context, paths.processes, content);
      }
      return new TextEncoder().encode(edited.text);
    });
    if (version === undefined) backup?.discard();
    return { ...counts, version, backup: version && backup?.path };
  } catch (error) {
    backup?.discard();
    throw error;
  }
}

/** Makes the new text of a store; exported for its tests. */
export function editText(
  text: string,
  path: string,
  edit: StoreEdit,
): { text: string; removed: number; changed: number } {
  const store = decodeProcessStore(text, path);
  const removed = new Set<number>();
  const changed = new Map<number, MemberChanges>();
  const going = groupById(edit.removed.map((entry) => ({ entry })));
  const changing = groupById(edit.changed);
  for (const { index, entry } of store.entries) {
    const isIt = (other: { entry: ProcessEntry }) =>
      isSameRecord(entry, other.entry);
    if (going.get(entry.id)?.some(isIt)) {
      removed.add(index);
      continue;
    }
    const change = changing.get(entry.id)?.find(isIt);
    if (change !== undefined) changed.set(index, change.changes);
  }
  const counts = { removed: removed.size, changed: changed.size };
  if (counts.removed + counts.changed === 0) return { text, ...counts };
  const edited = splice(text, path, removed, changed);
  // The scanner found places in a text it does not validate: look again.
  const check = decodeProcessStore(edited, path);
  if (!isAsPlanned(store, check, removed)) {
    throw new ZagPsError(
      "store",
      say`Failed to change "${path}": its entries could not be located`,
    );
  }
  return { text: edited, ...counts };
}

function splice(
  text: string,
  path: string,
  removed: ReadonlySet<number>,
  changed: ReadonlyMap<number, MemberChanges>,
): string {
  try {
    return editElements(text, "processes", { removed, changed });
  } catch (cause) {
    throw new ZagPsError(
      "store",
      say`Failed to change "${path}": ` + reasonOf(cause),
      { cause },
    );
  }
}

function groupById<T extends { readonly entry: ProcessEntry }>(
  items: readonly T[],
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.entry.id);
    if (group === undefined) groups.set(item.entry.id, [item]);
    else group.push(item);
  }
  return groups;
}

/** What zag writes of an entry; a newer zag may know more. */
const KNOWN: readonly (keyof ProcessEntry)[] = [
  "id",
  "pid",
  "status",
  "session_id",
  "started_at",
  "exited_at",
  "exit_code",
  "root",
  "provider",
];

/** zag drops what it does not know, and writes what is absent as null. */
function isSameRecord(a: ProcessEntry, b: ProcessEntry): boolean {
  return KNOWN.every((key) => (a[key] ?? null) === (b[key] ?? null));
}

function isAsPlanned(
  before: ProcessStore,
  after: ProcessStore,
  removed: ReadonlySet<number>,
): boolean {
  const kept = before.entries.filter(({ index }) => !removed.has(index));
  return kept.length === after.entries.length &&
    before.bad.length === after.bad.length &&
    kept.every(({ entry }, i) => {
      const now = after.entries[i]?.entry;
      return now?.id === entry.id && now.pid === entry.pid &&
        now.started_at === entry.started_at;
    });
}
