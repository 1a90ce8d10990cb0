import { reasonOf, ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { findLastEvent } from "../model/log_event.ts";
import { parseMilliseconds } from "../model/instant.ts";
import { locateLog } from "../model/paths.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import type { Context } from "./context.ts";
import { findSession } from "./steps/find_session.ts";
import { selectOne } from "./steps/select.ts";

/** What is looked for in the log. */
export interface OutputOptions {
  /** The last message of the agent in place of its result. */
  readonly lastMessage?: boolean | undefined;
}

/** What an agent left in its session log. */
export interface Output {
  /** The entry, as the store has it. */
  readonly entry: ProcessEntry;
  /** The session log. */
  readonly log: string;
  /** The result, or the message. */
  readonly text: string;
  /** When it was recorded, RFC 3339; `null` where the log does not say. */
  readonly recordedAt: string | null;
}

/**
 * Reads the last recorded result of a process, or the last message of its
 * agent. Changes nothing.
 *
 * @param handle an id, a unique prefix of one, `self`, or the id or name of a
 * session
 * @throws {ZagPsError} `no-output` if there is none
 */
export async function readOutput(
  context: Context,
  handle: string,
  { lastMessage = false }: OutputOptions = {},
): Promise<Output> {
  const { entry } = await selectOne(context, handle);
  const found = findRecorded(context, entry, lastMessage);
  if (found !== undefined) return { entry, ...found };
  throw new ZagPsError(
    "no-output",
    say`Process ${entry.id} has no ${
      lastMessage ? "message" : "recorded result"
    }`,
  );
}

/**
 * The last result in the session log of an entry, or the last message. A
 * session that is resumed goes on in the same log, with a new entry: what was
 * recorded before the start of the entry is of another process.
 *
 * @returns `undefined` if there is none
 * @throws {ZagPsError} `record` if the log cannot be read
 */
export function findRecorded(
  context: Context,
  entry: ProcessEntry,
  lastMessage: boolean,
): Omit<Output, "entry"> | undefined {
  const { system, paths } = context;
  const found = findSession(context, entry);
  if (found.kind === "none") return undefined;
  const { session, store } = found;
  try {
    const log = locateLog(paths, store, session, system.realPath);
    const status = system.status(log);
    if (status === undefined) return undefined;
    if (status.kind !== "file") {
      throw new ZagPsError("record", "it is not a regular file");
    }
    const event = findLastEvent(
      status.size,
      (start, end) => system.readRange(log, start, end),
      lastMessage ? "assistant_message" : "session_result",
    );
    const text = event?.[lastMessage ? "content" : "result"];
    if (typeof text !== "string") return undefined;
    const { ts } = event ?? {};
    if (isOlder(ts, entry)) return undefined;
    return { log, text, recordedAt: typeof ts === "string" ? ts : null };
  } catch (cause) {
    throw new ZagPsError(
      "record",
      say`Failed to read the session log of ${entry.id}: ` + reasonOf(cause),
      { cause },
    );
  }
}

/** Whether an event was before the start of an entry, where both are dated. */
function isOlder(ts: unknown, { started_at }: ProcessEntry): boolean {
  const at = typeof ts === "string" ? parseMilliseconds(ts) : undefined;
  const start = parseMilliseconds(started_at);
  if (at === undefined || start === undefined) return false;
  // Events are dated to the millisecond, starts to the nanosecond.
  return at < Math.floor(start);
}
