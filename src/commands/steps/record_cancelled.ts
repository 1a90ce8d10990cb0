import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { parseMilliseconds } from "../../model/instant.ts";
import { formatEventLine } from "../../model/log_event.ts";
import { type LogScan, scanLog } from "../../model/log_scan.ts";
import { locateLog } from "../../model/paths.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import type { Context } from "../context.ts";
import type { SessionSearch } from "./find_session.ts";

/** The log of a session, as it is now. */
export interface FoundLog extends LogScan {
  readonly log: string;
}

/**
 * Looks at the log of a session.
 *
 * @returns `undefined` if there is none
 * @throws {ZagPsError} `record` if it cannot be read, or must not be used
 */
export function findLog(
  { system, paths }: Context,
  entry: ProcessEntry,
  found: SessionSearch,
): FoundLog | undefined {
  if (found.kind === "none") return undefined;
  try {
    const { session, store } = found;
    const log = locateLog(paths, store, session, system.realPath);
    const status = system.status(log);
    if (status === undefined) return undefined;
    if (status.kind !== "file") {
      throw new ZagPsError("record", say`"${log}" is not a regular file`);
    }
    const read = (start: number, end: number) =>
      system.readRange(log, start, end);
    const started = parseMilliseconds(entry.started_at);
    return { log, ...scanLog(status.size, read, started) };
  } catch (cause) {
    throw cannotRecord(entry, cause);
  }
}

/**
 * Appends to the log of a session that it was cancelled (contract, section
 * 5), unless a result or an end is recorded or there is no log. The caller
 * holds the lock of the store.
 *
 * @returns the log, if a line was added
 * @throws {ZagPsError} `record`; then nothing may be signalled
 */
export function recordCancelled(
  context: Context,
  entry: ProcessEntry,
  found: SessionSearch,
  reason: string,
): string | undefined {
  const place = findLog(context, entry, found);
  if (place === undefined || place.recorded !== undefined) return undefined;
  if (found.kind === "none") return undefined;
  const { log, tail } = place;
  const line = formatEventLine(
    { ...found.session, provider_session_id: null },
    {
      type: "session_ended",
      success: false,
      error: `cancelled: ${reason}`,
    },
    tail,
    context.system.now(),
  );
  try {
    context.system.appendFile(log, new TextEncoder().encode(line));
  } catch (cause) {
    throw cannotRecord(entry, cause);
  }
  return log;
}

function cannotRecord({ id }: ProcessEntry, cause: unknown): ZagPsError {
  return new ZagPsError(
    "record",
    say`Failed to record that process ${id} is cancelled: ` + reasonOf(cause) +
      "\nIt was not signalled",
    { cause },
  );
}
