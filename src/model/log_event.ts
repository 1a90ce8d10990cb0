import type { SessionEntry } from "./session_entry.ts";
import { formatInstant } from "./instant.ts";

/** A log line is searched for in steps of this many bytes from the end. */
const LOG_CHUNK_BYTES = 64 * 1024;

/**
 * A line that is longer is not looked into: no runtime makes a text of half a
 * gigabyte, and putting one together would take as much memory again.
 */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

const NEWLINE = 0x0a;

/** Bytes that are not UTF-8 do not stop recording (contract, section 5). */
const decoder = new TextDecoder();

/** Reads bytes `start` to `end` of a log. */
export type RangeReader = (start: number, end: number) => Uint8Array;

/** What is left of a log's end once the next line has to be written. */
export interface LogTail {
  /** The number of the next line, a u64 in zag. */
  readonly nextSeq: bigint;
  /** The last line has no newline: a writer died in the middle of it. */
  readonly torn: boolean;
}

/** Parsed JSON object of a log line; `undefined` for anything else. */
function parseLine(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const MAX_SEQ = 2n ** 64n - 1n;

/** The `seq` of a line, if it is a number that has a successor in zag. */
function readSeq(text: string): bigint | undefined {
  const seq = parseLine(text)?.seq;
  if (typeof seq !== "number") return undefined;
  // Beyond 2^53 the parsed number is rounded: take the digits themselves, of
  // this member and not of one deeper inside.
  for (const [, digits = ""] of text.matchAll(/"seq"\s*:\s*(\d+)\s*[,}]/g)) {
    if (Number(digits) === seq && BigInt(digits) < MAX_SEQ) {
      return BigInt(digits);
    }
  }
  return undefined;
}

/**
 * The lines of a log from the last to the first, read in chunks from its end:
 * only as much is read as is asked for.
 *
 * @param size the log's size in bytes
 * @param maxLineBytes a line that is longer is given as `undefined`, and not
 * kept in memory
 */
export function* readLinesBackward(
  size: number,
  read: RangeReader,
  maxLineBytes = MAX_LINE_BYTES,
): Generator<Uint8Array | undefined> {
  let end = size;
  let start = size;
  // The chunks of the line that is being put together, last one first.
  let pieces: Uint8Array[] = [];
  let length = 0;
  const add = (piece: Uint8Array) => {
    length += piece.length;
    if (length > maxLineBytes) pieces = [];
    else pieces.push(piece);
  };
  const takeLine = () => {
    const line = length > maxLineBytes ? undefined : concatReversed(pieces);
    pieces = [];
    length = 0;
    return line;
  };
  while (end > 0) {
    start = Math.max(0, end - LOG_CHUNK_BYTES);
    const chunk = read(start, end);
    let lineEnd = chunk.length;
    for (;;) {
      const newline = chunk.lastIndexOf(NEWLINE, lineEnd - 1);
      if (newline < 0 || lineEnd === 0) break;
      add(chunk.subarray(newline + 1, lineEnd));
      yield takeLine();
      lineEnd = newline;
    }
    add(chunk.subarray(0, lineEnd));
    end = start;
  }
  if (size > 0) yield takeLine();
}

function concatReversed(pieces: readonly Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const whole = new Uint8Array(length);
  let offset = length;
  for (const piece of pieces) {
    offset -= piece.length;
    whole.set(piece, offset);
  }
  return whole;
}

/**
 * Finds where a log goes on: one more than the `seq` of the last line that is
 * JSON and has one, 1 if none has. A line that is too long to be looked into
 * counts as one that is no JSON.
 *
 * @param maxLineBytes how long that is
 */
export function readLogTail(
  size: number,
  read: RangeReader,
  maxLineBytes = MAX_LINE_BYTES,
): LogTail {
  if (size === 0) return { nextSeq: 1n, torn: false };
  const torn = read(size - 1, size)[0] !== NEWLINE;
  for (const line of readLinesBackward(size, read, maxLineBytes)) {
    if (line === undefined) continue;
    const seq = readSeq(decoder.decode(line));
    if (seq !== undefined) return { nextSeq: seq + 1n, torn };
  }
  return { nextSeq: 1n, torn };
}

/**
 * Whether the last thing that a log says about a result is this very one: a
 * kill that is tried again records it once. A session that was resumed after
 * it is at new work, where the same text is a new result.
 *
 * @param windowBytes how far to look back from the end
 * @param maxLineBytes a line that is longer ends the window as well
 */
export function endsWithResult(
  size: number,
  read: RangeReader,
  result: string,
  windowBytes: number,
  maxLineBytes = MAX_LINE_BYTES,
): boolean {
  let seen = 0;
  for (const line of readLinesBackward(size, read, maxLineBytes)) {
    if (line === undefined) return false;
    seen += line.length + 1;
    const event = parseLine(decoder.decode(line));
    if (event?.type === "session_started") return false;
    if (event?.type === "session_result") return event.result === result;
    if (seen > windowBytes) return false;
  }
  return false;
}

/**
 * The last event of a log that one asks for.
 *
 * @param wanted the types that are looked at; lines of others are passed over
 * without being parsed
 * @param until a type that ends the search
 */
export function findLastEvent(
  size: number,
  read: RangeReader,
  wanted: string,
  until?: string,
): Readonly<Record<string, unknown>> | undefined {
  const marks = [wanted, ...(until === undefined ? [] : [until])];
  for (const line of readLinesBackward(size, read)) {
    const text = decoder.decode(line);
    // A log can be hundreds of megabytes: few of its lines are parsed.
    if (!marks.some((mark) => text.includes(mark))) continue;
    const event = parseLine(text);
    if (event?.type === wanted) return event;
    if (until !== undefined && event?.type === until) return undefined;
  }
  return undefined;
}

/** The session that a line of a log belongs to. */
export type LoggedSession = Pick<
  SessionEntry,
  "session_id" | "provider" | "provider_session_id"
>;

/**
 * The line that records a result (contract, section 5), with its newline, and
 * one before it if the log's last line is torn.
 */
export function formatResultLine(
  session: LoggedSession,
  result: string,
  tail: LogTail,
  now: number,
): string {
  return formatEventLine(
    session,
    { type: "session_result", result },
    tail,
    now,
  );
}

/**
 * The line of any event that zag-ps writes, in zag's envelope, with its
 * newline, and one before it if the log's last line is torn.
 */
export function formatEventLine(
  session: LoggedSession,
  body: { readonly type: string } & Readonly<Record<string, unknown>>,
  tail: LogTail,
  now: number,
): string {
  const event = JSON.stringify({
    ts: formatInstant(now),
    provider: session.provider,
    wrapper_session_id: session.session_id,
    provider_session_id: session.provider_session_id ?? null,
    source_kind: "wrapper",
    completeness: "full",
    ...body,
  });
  const start = tail.torn ? "\n" : "";
  return `${start}{"seq":${tail.nextSeq},${event.slice(1)}\n`;
}
