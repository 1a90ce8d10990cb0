/** The lines that a run adds to the log of its session. */

import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import type { Ending } from "../../model/launch.ts";
import {
  findLastEvent,
  formatEventLine,
  type LogTail,
  readLogTail,
} from "../../model/log_event.ts";
import { folderOf } from "../../model/paths.ts";
import type { SessionEntry } from "../../model/session_entry.ts";
import type { Context } from "../context.ts";

/** zag begins to count with 1. */
const NEW_LOG: LogTail = { nextSeq: 1n, torn: false };

/** An event, without what every line of a log has. */
type Body = Parameters<typeof formatEventLine>[1];

/** Adds an event to a log, which is made where there is none. */
export function appendEvent(
  { system }: Context,
  log: string,
  session: SessionEntry,
  body: Body,
): void {
  try {
    const status = system.status(log);
    if (status === undefined) system.makeFolder(folderOf(log));
    else if (status.kind !== "file") {
      throw new ZagPsError("record", "it is not a regular file");
    }
    const tail = status === undefined
      ? NEW_LOG
      : readLogTail(status.size, (start, end) =>
        system.readRange(log, start, end));
    const line = formatEventLine(session, body, tail, system.now());
    system.appendFile(log, new TextEncoder().encode(line));
  } catch (cause) {
    throw new ZagPsError(
      "record",
      say`Failed to write to the session log "${log}": ` + reasonOf(cause),
      { cause },
    );
  }
}

/** The event with which a session begins. */
export function describeStart(model: string, folder: string): Body {
  return {
    type: "session_started",
    command: "run",
    model,
    cwd: folder,
    resumed: false,
    backfilled: false,
  };
}

/** The event with which a session ends. */
export function describeEnding({ success, error }: Ending): Body {
  return { type: "session_ended", success, error };
}

/** Whether the log has an event since the session last began. */
export function hasEventSinceStart(
  { system }: Context,
  log: string,
  type: string,
): boolean {
  const size = system.status(log)?.size ?? 0;
  const read = (start: number, end: number) =>
    system.readRange(log, start, end);
  return findLastEvent(size, read, type, "session_started") !== undefined;
}
