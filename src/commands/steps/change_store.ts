import { ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { type MemberChanges, spliceMembers } from "../../model/json_splice.ts";
import {
  decodeProcessStore,
  type ProcessEntry,
} from "../../model/process_entry.ts";
import { replaceFile } from "../../system/atomic_file.ts";
import type { Context } from "../context.ts";
import { readZagFile } from "./read_store.ts";

/**
 * Changes members of the first entry with an id; the rest of the file stays
 * byte for byte as it is.
 *
 * @param applies looks at the entry as it is now; `false` leaves it alone
 * @returns the members as they were, or `undefined` if nothing was changed
 * because the entry is gone or `applies` said no
 * @throws {ZagPsError} `store` if the file cannot be read or replaced
 */
export function changeEntry(
  context: Context,
  id: string,
  changes: MemberChanges,
  applies: (entry: ProcessEntry) => boolean = () => true,
): MemberChanges | undefined {
  const { system, paths } = context;
  const path = paths.processes;
  const text = readZagFile(system, path);
  if (text === undefined) return undefined;
  const stored = decodeProcessStore(text, path).entries
    .find(({ entry }) => entry.id === id);
  if (stored === undefined || !applies(stored.entry)) return undefined;
  const spliced = spliceMembers(text, "processes", stored.index, changes);
  // The scanner found places in a text it does not validate: look again.
  const check = decodeProcessStore(spliced.text, path).entries
    .find(({ index }) => index === stored.index);
  if (check?.entry.id !== id) {
    throw new ZagPsError(
      "store",
      say`Failed to change entry ${stored.index} of "${path}": its text could not be located`,
    );
  }
  replaceFile(system, path, new TextEncoder().encode(spliced.text));
  return spliced.previous;
}
