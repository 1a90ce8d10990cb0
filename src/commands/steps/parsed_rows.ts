import { isEntry } from "../../model/is_entry.ts";
import { nameEnd } from "../../model/liveness.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import { isSignallablePid } from "../../model/process_facts.ts";
import { NO_LINE, type PlainListOptions, type Rows } from "../plain_list.ts";

/** Reads any other store that is strict JSON and has no bad entry. */
export function parseRows(
  text: string | undefined,
  { running, show }: PlainListOptions,
): Rows | undefined {
  // Whatever throws here, `list` meets it again, and says what it is.
  const entries: unknown = text && JSON.parse(text).processes;
  if (!Array.isArray(entries) || !entries.every(isPlainEntry)) return undefined;
  const lines = entries.map((entry) =>
    running ? NO_LINE : show(entry, nameEnd(entry.status))
  );
  const candidates = entries.flatMap(({ status, pid }, index) =>
    status === "running" ? [{ index, pid }] : []
  );
  const anyPid = entries[0]?.pid;
  // There is nothing to sort, and more to say.
  if (anyPid === undefined) return undefined;
  return {
    lines,
    candidates,
    anyPid,
    parse: (index) => entries[index] as ProcessEntry,
    order: () => entries,
  };
}

/** Of another pid there is more to say. */
function isPlainEntry(raw: unknown): raw is ProcessEntry {
  return isEntry(raw) && isSignallablePid(raw.pid);
}
