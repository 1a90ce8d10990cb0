import { parseMilliseconds } from "../../model/instant.ts";
import { readLastTime } from "../../model/log_times.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import type { Context } from "../context.ts";
import {
  indexSessions,
  locateSafely,
  type PlacedSession,
  readAllSessions,
} from "./read_sessions.ts";

/** So far back from its end a log is searched for a date. */
const WINDOW_BYTES = 1024 * 1024;

/**
 * Makes a function that tells when an entry was heard of last: the date of
 * the last line of its session's log. The stores are read when it is first
 * asked.
 */
export function createLastSign(
  context: Context,
): (entry: ProcessEntry) => number | undefined {
  let find: ((id: string) => readonly PlacedSession[]) | undefined;
  return ({ session_id }) => {
    if (typeof session_id !== "string") return undefined;
    find ??= indexSessions(readAllSessions(context));
    const times = find(session_id)
      .map((placed) => locateSafely(context, placed))
      .map((log) => log && readTime(context, log))
      .filter((time) => typeof time === "number");
    return times.length === 0 ? undefined : Math.max(...times);
  };
}

/** A log that cannot be read says nothing. */
function readTime({ system }: Context, log: string): number | undefined {
  try {
    const status = system.status(log);
    if (status?.kind !== "file") return undefined;
    const text = readLastTime(
      status.size,
      (start, end) => system.readRange(log, start, end),
      WINDOW_BYTES,
    );
    return text === undefined ? undefined : parseMilliseconds(text);
  } catch {
    return undefined;
  }
}
