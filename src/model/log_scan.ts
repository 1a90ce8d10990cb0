import { parseMilliseconds } from "./instant.ts";
import type { LogTail, RangeReader } from "./log_event.ts";

/** A log is read in steps of this many bytes. */
const CHUNK_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;
const MAX_SEQ = 2n ** 64n - 1n;

/** Bytes that are not UTF-8 do not stop recording (contract, section 5). */
const decoder = new TextDecoder();

/** What a whole log says of its session. */
export interface LogScan {
  /** Where the next line goes on: one more than the largest number. */
  readonly tail: LogTail;
  /**
   * What is recorded since the process of an entry was started: a result, an
   * end, or nothing yet. A session that was resumed began anew.
   */
  readonly recorded: "session_result" | "session_ended" | undefined;
}

/**
 * Reads a log from its first line to its last.
 *
 * @param size the log's size in bytes
 * @param startedAt when the process was recorded, milliseconds since 1970;
 * what is older is that of an earlier one
 */
export function scanLog(
  size: number,
  read: RangeReader,
  startedAt: number | undefined,
): LogScan {
  let largest = 0n;
  let recorded: LogScan["recorded"];
  let torn = false;
  for (const bytes of readLines(size, read)) {
    torn = bytes.at(-1) !== NEWLINE;
    const line = decoder.decode(bytes);
    const seq = readSeq(line);
    if (seq !== undefined && seq > largest) largest = seq;
    // A log can be hundreds of megabytes: few of its lines are parsed.
    if (!line.includes('"session_')) continue;
    const { type, ts } = parse(line);
    if (type === "session_started") recorded = undefined;
    if (type !== "session_result" && type !== "session_ended") continue;
    const at = typeof ts === "string" ? parseMilliseconds(ts) : undefined;
    if (at !== undefined && at > (startedAt ?? -Infinity)) recorded = type;
  }
  return { tail: { nextSeq: largest + 1n, torn }, recorded };
}

/** Beyond 2^53 a parsed number is rounded: its digits are taken. */
function readSeq(line: string): bigint | undefined {
  const first = /^\s*\{\s*"seq"\s*:\s*(\d{1,20})\s*[,}]/.exec(line)?.[1];
  if (first !== undefined) return limit(BigInt(first));
  if (!line.includes('"seq"')) return undefined;
  const { seq } = parse(line);
  return Number.isSafeInteger(seq) && Number(seq) >= 0
    ? limit(BigInt(Number(seq)))
    : undefined;
}

/** The largest number of all has no successor in zag. */
function limit(seq: bigint): bigint | undefined {
  return seq < MAX_SEQ ? seq : undefined;
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null
      ? value as Record<string, unknown>
      : {};
  } catch {
    return {};
  }
}

/** The lines of a log, with their newlines. */
function* readLines(
  size: number,
  read: RangeReader,
): Generator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  for (let start = 0; start < size; start += CHUNK_BYTES) {
    const chunk = read(start, Math.min(size, start + CHUNK_BYTES));
    let from = 0;
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, from);
      if (newline < 0) break;
      pieces.push(chunk.subarray(from, newline + 1));
      yield concat(pieces);
      pieces = [];
      from = newline + 1;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
  if (pieces.length > 0) yield concat(pieces);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
