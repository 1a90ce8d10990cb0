import { judgeEntry, type LiveStatus, nameEnd } from "../model/liveness.ts";
import { MAX_TEXT_BYTES } from "../model/max_text.ts";
import { sortNewestFirst } from "../model/newest_first.ts";
import { parsePlainEntry, readPlainStore } from "../model/plain_store.ts";
import type { ListedEntry } from "../model/process_entry.ts";
import { isSignallablePid } from "../model/process_facts.ts";
import type { System } from "../system/system.ts";

/** What a plain list may be asked for, and how it is shown. */
export interface PlainListOptions {
  /** Only those whose live status is `running`. */
  readonly running: boolean;
  /** Only the N newest; taken first. */
  readonly limit: number | undefined;
  /** Makes the line of an entry; of a prompt it gets the beginning. */
  readonly show: (entry: ListedEntry, liveStatus: LiveStatus) => string;
}

/** What is kept of each entry until all are read: little, for speed. */
interface Row {
  readonly pid: number;
  readonly start: number;
  readonly end: number;
  /** What it comes to if no process has its pid, as with nearly all. */
  readonly line: string;
}

/**
 * The lines of `list` for a store that looks as zag writes it, without loading
 * what other stores and other questions need.
 *
 * @param store the path of the process store
 * @returns `undefined` where there is more to say: `list` finds out what
 */
export async function listPlainly(
  system: System,
  store: string,
  { running, limit, show }: PlainListOptions,
): Promise<string[] | undefined> {
  const status = system.status(store);
  // A pipe or a device would be read for ever.
  if (status?.kind !== "file" || status.size > MAX_TEXT_BYTES) return undefined;
  const bytes = system.readLatin1(store);
  if (bytes === undefined) return undefined;
  let last: string | undefined;
  // As in most stores: zag appends to them.
  let isAscending = true;
  const rows = readPlainStore(bytes, (entry): Row => {
    const { pid, started_at, start, end } = entry;
    isAscending &&= last === undefined || isLater(started_at, last);
    last = started_at;
    const line = show(entry, nameEnd(entry.status));
    return { pid, start, end, line };
  });
  if (rows === undefined) return undefined;
  const chosen = (isAscending ? rows.toReversed() : sortRows(rows, bytes))
    .slice(0, limit);
  const pids = chosen.map(({ pid }) => pid);
  if (!pids.every(isSignallablePid)) return undefined;
  const observation = await system.observe(new Set(pids));
  if (!observation.complete || observation.limit !== undefined) {
    return undefined;
  }
  const lines: string[] = [];
  for (const row of chosen) {
    if (!observation.processes.has(row.pid)) {
      if (!running) lines.push(row.line);
      continue;
    }
    const entry = parsePlainEntry(bytes, row);
    const { liveStatus } = judgeEntry(entry, observation);
    if (!running || liveStatus === "running") {
      lines.push(show(entry, liveStatus));
    }
  }
  return lines;
}

/** What of a plain date tells the second. */
const SECONDS_LENGTH = "2026-11-22T12:00:00".length;

/**
 * Whether a plain date is surely later than another one: within a second,
 * texts with more and with fewer digits may say the same.
 */
function isLater(date: string, other: string): boolean {
  return date > other &&
    (date.length === other.length ||
      date.slice(0, SECONDS_LENGTH) > other.slice(0, SECONDS_LENGTH));
}

/** Sorts by what is read once more: it is rarely needed, so it is not kept. */
function sortRows(rows: readonly Row[], bytes: string): Row[] {
  const all = rows.values();
  const dated = readPlainStore(bytes, ({ id, started_at }) => {
    return { id, started_at, row: all.next().value };
  });
  return sortNewestFirst(dated ?? []).flatMap(({ row }) => row ?? []);
}
