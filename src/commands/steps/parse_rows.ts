import { isEntry } from "../../model/is_entry.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import { isSignallablePid } from "../../model/process_facts.ts";
import type { Rows } from "../plain_list.ts";

/**
 * Reads any store that is strict JSON and has no bad entry.
 *
 * @param showEnded makes the line of an entry as if nothing ran
 * @returns `undefined` for every other store
 */
export function parseRows(
  text: string | undefined,
  showEnded: (entry: ProcessEntry) => string,
): Rows | undefined {
  // Whatever throws here, `list` meets it again, and says what it is.
  const entries: unknown = text && JSON.parse(text).processes;
  if (!Array.isArray(entries) || !entries.every(isPlainEntry)) return undefined;
  const anyPid = entries[0]?.pid;
  // There is no process to look at, which tells what limits a look.
  if (anyPid === undefined) return undefined;
  return {
    lines: entries.map(showEnded),
    candidates: entries.flatMap(({ status, pid }, index) =>
      status === "running" ? [{ index, pid }] : []
    ),
    anyPid,
    parse: (index) => entries[index] as ProcessEntry,
    order: () => entries,
  };
}

/** Of another pid there is more to say. */
function isPlainEntry(raw: unknown): raw is ProcessEntry {
  return isEntry(raw) && isSignallablePid(raw.pid);
}
