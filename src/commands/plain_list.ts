import { isWrittenAlike } from "../model/instant.ts";
import { judgeEntry, type LiveStatus, nameEnd } from "../model/liveness.ts";
import { sortNewestFirst, type Started } from "../model/newest_first.ts";
import {
  parsePlainEntry,
  type PlainEntry,
  readPlainStart,
  readPlainStore,
} from "../model/plain_store.ts";
import { isEntry } from "../model/is_entry.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import { isSignallablePid } from "../model/process_facts.ts";
import type { ListSystem } from "../system/system.ts";

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

/** What is kept of a store: little, for the garbage collector's sake. */
interface Rows {
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

/** In place of a line that is not asked for. */
const NO_LINE = "";

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
    parseText(file.decode(), options);
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
  const sorted = sortLines(rows);
  const chosen = limit === undefined ? sorted : sorted.slice(0, limit);
  return running ? chosen.filter((line) => line !== NO_LINE) : chosen;
}

/** Reads a store that looks as zag writes it: the fastest way. */
function readBytes(
  bytes: string,
  { running, showPlain }: PlainListOptions,
): Rows | undefined {
  const candidates: Candidate[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let anyPid = 0;
  let last = "";
  // As in most stores: zag appends to them.
  let isAscending = true;
  const lines = readPlainStore(bytes, (entry, index) => {
    const { started_at, status, start, end } = entry;
    const pid = Number(entry.pid);
    isAscending &&= index === 0 || isLater(started_at, last);
    last = started_at;
    starts.push(start);
    ends.push(end);
    anyPid = pid;
    // What has ended is shown as stored, whatever has its pid now.
    if (status === "running") candidates.push({ index, pid });
    return running ? NO_LINE : showPlain(entry, nameEnd(status));
  });
  if (lines === undefined) return undefined;
  return {
    lines,
    candidates,
    anyPid,
    parse: (index) =>
      parsePlainEntry(bytes, starts[index] ?? 0, ends[index] ?? 0),
    order: isAscending
      ? undefined
      : () => starts.map((start) => readPlainStart(bytes, start)),
  };
}

/** Reads any other store that is strict JSON and has no bad entry. */
function parseText(
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

/** How much of a start tells the second; a fraction may follow. */
const SECONDS_LENGTH = "2026-11-22T12:00:00".length;

/** Whether a `UTC_DATE` is surely later than another one. */
function isLater(date: string, other: string): boolean {
  // Texts that are not written alike may say the same within a second.
  return isWrittenAlike(date, other)
    ? date > other
    : date.slice(0, SECONDS_LENGTH) > other.slice(0, SECONDS_LENGTH);
}

function sortLines({ lines, order }: Rows): string[] {
  if (order === undefined) return lines.reverse();
  const dated = order().map(({ id, started_at }, index) => ({
    id,
    started_at,
    line: lines[index] ?? NO_LINE,
  }));
  return sortNewestFirst(dated).map(({ line }) => line);
}
