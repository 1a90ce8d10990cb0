import { judgeEntry, type LiveStatus, nameEnd } from "../model/liveness.ts";
import { sortNewestFirst } from "../model/newest_first.ts";
import {
  parsePlainEntry,
  type PlainEntry,
  readPlainStore,
} from "../model/plain_store.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import type { ListSystem } from "../system/system.ts";

/** What a plain list may be asked for, and how it is shown. */
export interface PlainListOptions {
  /** Only those whose live status is `running`. */
  readonly running: boolean;
  /** Only the N newest; taken first. */
  readonly limit: number | undefined;
  /** Makes the line of an entry. */
  readonly show: (entry: PlainEntry, liveStatus: LiveStatus) => string;
  /** Makes the line of an entry that was parsed whole. */
  readonly showWhole: (entry: ProcessEntry, liveStatus: LiveStatus) => string;
}

/** An entry whose status depends on whether its process is there. */
interface Candidate extends Pick<PlainEntry, "start" | "end"> {
  /** Its place in the store. */
  readonly index: number;
  readonly pid: number;
}

/** In place of a line that is not asked for. */
const NO_LINE = "";

/**
 * The lines of `list` for a store that looks as zag writes it, without loading
 * what other stores and other questions need.
 *
 * @param store the path of the process store
 * @returns `undefined` where there is more to say: `list` finds out what
 */
export async function listPlainly(
  system: ListSystem,
  store: string,
  { running, limit, show, showWhole }: PlainListOptions,
): Promise<string[] | undefined> {
  const bytes = system.readLatin1(store);
  if (bytes === undefined) return undefined;
  let last: PlainEntry | undefined;
  // As in most stores: zag appends to them.
  let isAscending = true;
  // Little is kept of an entry beside its line: it is the garbage collector
  // that makes a large store slow.
  const candidates: Candidate[] = [];
  const lines = readPlainStore(bytes, (entry, index) => {
    isAscending &&= last === undefined || isLater(entry, last);
    last = entry;
    // What has ended is shown as stored, whatever has its pid now.
    if (entry.status === "running") {
      const { pid, start, end } = entry;
      candidates.push({ index, pid: Number(pid), start, end });
    }
    return running ? NO_LINE : show(entry, nameEnd(entry.status));
  });
  if (lines === undefined) return undefined;
  const pids = new Set(candidates.map(({ pid }) => pid));
  // One at least: what limits a look is told with what it sees.
  if (pids.size === 0) pids.add(Number(last?.pid));
  const observation = await system.observe(pids);
  if (!observation.complete || observation.limit !== undefined) {
    return undefined;
  }
  for (const { index, pid, start, end } of candidates) {
    if (!observation.processes.has(pid)) continue;
    const entry = parsePlainEntry(bytes, { start, end });
    const { liveStatus } = judgeEntry(entry, observation);
    if (!running || liveStatus === "running") {
      lines[index] = showWhole(entry, liveStatus);
    }
  }
  const sorted = isAscending ? lines.reverse() : sortLines(lines, bytes);
  const chosen = limit === undefined ? sorted : sorted?.slice(0, limit);
  return running ? chosen?.filter((line) => line !== NO_LINE) : chosen;
}

/** How much of a start tells the second; a fraction may follow. */
const SECONDS_LENGTH = "2026-11-22T12:00:00".length;

/**
 * Whether an entry was surely started later than another one. Within a second,
 * texts with more and with fewer digits may say the same.
 */
function isLater(entry: PlainEntry, other: PlainEntry): boolean {
  const { started, startedRest } = entry;
  if (started[SECONDS_LENGTH] !== other.started[SECONDS_LENGTH]) {
    const second = started.slice(0, SECONDS_LENGTH);
    return second > other.started.slice(0, SECONDS_LENGTH);
  }
  return started > other.started ||
    started === other.started &&
      startedRest.length === other.startedRest.length &&
      startedRest > other.startedRest;
}

/** Sorts by what is read once more: it is rarely needed, so it is not kept. */
function sortLines(
  lines: readonly string[],
  bytes: string,
): string[] | undefined {
  const dated = readPlainStore(bytes, ({ id, started, startedRest }, index) => {
    return { id, started_at: started + startedRest, line: lines[index] ?? "" };
  });
  return dated && sortNewestFirst(dated).map(({ line }) => line);
}
