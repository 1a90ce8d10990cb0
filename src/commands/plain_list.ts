import { isWrittenAlike } from "../model/instant.ts";
import { judgeEntry, type LiveStatus, nameEnd } from "../model/liveness.ts";
import { sortNewestFirst, type Started } from "../model/newest_first.ts";
import {
  parsePlainEntry,
  type PlainEntry,
  readPlainStart,
  readPlainStore,
} from "../model/plain_store.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import type { ListSystem, TextFile } from "../system/system.ts";

/** What a plain list may be asked for, and how it is shown. */
export interface PlainListOptions {
  /** Only those whose live status is `running`. */
  readonly running: boolean;
  /** Only the N newest; taken first. */
  readonly limit: number | undefined;
  /** Makes the line of an entry that was taken from the bytes. */
  readonly showPlain: (entry: PlainEntry, liveStatus: LiveStatus) => string;
  /** Makes the line of an entry that was parsed. */
  readonly show: (entry: ProcessEntry, liveStatus: LiveStatus) => string;
}

/** In place of a line that is not asked for. */
const NO_LINE = "";

/** What is kept of a store: little, for the garbage collector's sake. */
export interface Rows {
  /** A line for each entry as if nothing ran, in file order. */
  readonly lines: string[];
  /** Those whose status depends on whether the process is there. */
  readonly candidates: readonly Candidate[];
  /** A process to look at where there is no candidate. */
  readonly anyPid: number;
  /** Parses an entry whole. */
  readonly parse: (index: number) => ProcessEntry;
  /** What entries are sorted by, where they are not in order. */
  readonly order: (() => readonly Started[]) | undefined;
}

interface Candidate {
  /** Its place in the store. */
  readonly index: number;
  readonly pid: number;
}

/**
 * The lines of `list` for a store in which nothing is wrong, without loading
 * what other stores and other questions need.
 *
 * @param store the path of the process store
 * @returns `undefined` where there is more to say: `list` finds out what
 */
export async function listPlainly(
  system: ListSystem,
  store: string,
  options: PlainListOptions,
): Promise<string[] | undefined> {
  const { running, limit, show } = options;
  const file = system.readText(store);
  if (file === undefined) return undefined;
  const rows = readBytes(file.bytes, options) ??
    await parseOther(file, options);
  if (rows === undefined) return undefined;
  const { lines, candidates } = rows;
  const pids = new Set(candidates.map(({ pid }) => pid));
  // One at least: what limits a look is told with what it sees.
  if (pids.size === 0) pids.add(rows.anyPid);
  const observation = await system.observe(pids);
  if (!observation.complete || observation.limit !== undefined) {
    return undefined;
  }
  for (const { index, pid } of candidates) {
    if (!observation.processes.has(pid)) continue;
    const entry = rows.parse(index);
    const { liveStatus } = judgeEntry(entry, observation);
    if (!running || liveStatus === "running") {
      lines[index] = show(entry, liveStatus);
    }
  }
  const sorted = rows.order === undefined
    ? lines.reverse()
    : sortLines(lines, rows.order());
  const chosen = limit === undefined ? sorted : sorted.slice(0, limit);
  return running ? chosen.filter((line) => line !== NO_LINE) : chosen;
}

/** Reads a store that looks in another way. */
async function parseOther(
  file: TextFile,
  { running, show }: PlainListOptions,
): Promise<Rows | undefined> {
  // Loaded only here: zag writes most stores.
  const { parseRows } = await import("./steps/parse_rows.ts");
  return parseRows(
    file.decode(),
    (entry) => running ? NO_LINE : show(entry, nameEnd(entry.status)),
  );
}

/** Reads a store that looks as zag writes it: the fastest way. */
function readBytes(
  bytes: string,
  { running, showPlain }: PlainListOptions,
): Rows | undefined {
  const candidates: Candidate[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let last: PlainEntry | undefined;
  // As in most stores: zag appends to them.
  let isAscending = true;
  const lines = readPlainStore(bytes, (entry, index) => {
    const { pid, status, start, end } = entry;
    isAscending &&= last === undefined || isLater(entry, last);
    last = entry;
    starts.push(start);
    ends.push(end);
    // What has ended is shown as stored, whatever has its pid now.
    if (status === "running") candidates.push({ index, pid: Number(pid) });
    return running ? NO_LINE : showPlain(entry, nameEnd(status));
  });
  if (lines === undefined) return undefined;
  return {
    lines,
    candidates,
    anyPid: Number(last?.pid),
    parse: (index) =>
      parsePlainEntry(bytes, starts[index] ?? 0, ends[index] ?? 0),
    order: isAscending
      ? undefined
      : () => starts.map((start) => readPlainStart(bytes, start)),
  };
}

/** How much of a start tells the second; a fraction may follow. */
const SECONDS_LENGTH = "2026-11-22T12:00:00".length;

/**
 * Whether an entry was surely started later than another one. Within a second,
 * dates that are not written alike may say the same.
 */
function isLater(entry: PlainEntry, other: PlainEntry): boolean {
  const { started, startedRest } = entry;
  if (started[SECONDS_LENGTH] !== other.started[SECONDS_LENGTH]) {
    const second = started.slice(0, SECONDS_LENGTH);
    return second > other.started.slice(0, SECONDS_LENGTH);
  }
  return started > other.started ||
    started === other.started &&
      isWrittenAlike(startedRest, other.startedRest) &&
      startedRest > other.startedRest;
}

/** Sorts the lines of entries, the newest first. */
function sortLines(
  lines: readonly string[],
  starts: readonly Started[],
): string[] {
  const dated = starts.map(({ id, started_at }, index) => ({
    id,
    started_at,
    line: lines[index] ?? NO_LINE,
  }));
  return sortNewestFirst(dated).map(({ line }) => line);
}
