import { parseMilliseconds } from "./instant.ts";
import { type RangeReader, readLinesBackward } from "./log_event.ts";

/** So long nothing may have happened after a result before it is the last. */
export const QUIET_MS = 60 * 1000;

const ENDS = new Set(["session_result", "session_ended"]);

/** After one of these the session is at work again, however long ago. */
const NEW_WORK = new Set([
  "session_started",
  "user_message",
  "assistant_message",
  // It may run for hours, with nothing in the log meanwhile. Its result is no
  // new work: that of the call of `zag-ps kill` comes behind the one recorded.
  "tool_call",
  // zag waits for the limit to pass, and resumes the session by itself.
  "usage_limit_hit",
  "usage_limit_resumed",
]);

/** The wrapper writes these whether the agent does anything or not. */
const IDLE = new Set(["heartbeat", "usage"]);

const decoder = new TextDecoder();

/**
 * Whether a session has done what its process was started for: its log holds
 * a result or an end that is later than that start, nothing began after it,
 * and nothing at all happened for {@linkcode QUIET_MS}. So a session that was
 * resumed is not finished.
 *
 * The log is read from its end, and only as far as it takes to tell.
 *
 * @param size the log's size in bytes
 * @param startedAt when the process was recorded, milliseconds since 1970
 * @param now the present, likewise
 */
export function isFinished(
  size: number,
  read: RangeReader,
  startedAt: number,
  now: number,
): boolean {
  for (const line of readLinesBackward(size, read)) {
    // Too long to be looked into: it may be new work.
    if (line === undefined) return false;
    const event = parseEvent(line);
    if (event === undefined || IDLE.has(event.type)) continue;
    const { type, at } = event;
    if (NEW_WORK.has(type)) return false;
    if (ENDS.has(type)) {
      // An end without a date may be that of an earlier process.
      if (at === undefined) continue;
      return at > startedAt && now - at >= QUIET_MS;
    }
    // What goes on is work; the message about it may come later.
    if (at !== undefined && now - at < QUIET_MS) return false;
  }
  return false;
}

function parseEvent(
  line: Uint8Array,
): { type: string; at: number | undefined } | undefined {
  try {
    const { type, ts } = JSON.parse(decoder.decode(line)) ?? {};
    if (typeof type !== "string") return undefined;
    const at = typeof ts === "string" ? parseMilliseconds(ts) : undefined;
    return { type, at };
  } catch {
    return undefined;
  }
}
