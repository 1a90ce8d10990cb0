import { parseInstant } from "./instant.ts";
import { type RangeReader, readLinesBackward } from "./log_event.ts";

const decoder = new TextDecoder();

/**
 * The date of the last line of a log that has one, as it is written there.
 *
 * @param size the log's size in bytes
 * @param windowBytes how far to look back from the end
 */
export function readLastTime(
  size: number,
  read: RangeReader,
  windowBytes: number,
): string | undefined {
  let seen = 0;
  for (const line of readLinesBackward(size, read)) {
    // Too long to be looked into, and far more than the window.
    if (line === undefined) return undefined;
    seen += line.length + 1;
    const time = readTime(decoder.decode(line));
    if (time !== undefined) return time;
    if (seen > windowBytes) return undefined;
  }
  return undefined;
}

function readTime(line: string): string | undefined {
  try {
    const { ts } = JSON.parse(line) ?? {};
    const dated = typeof ts === "string" && parseInstant(ts) !== undefined;
    return dated ? ts : undefined;
  } catch {
    return undefined;
  }
}
