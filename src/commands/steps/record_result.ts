import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import {
  endsWithResult,
  formatResultLine,
  type LogTail,
  readLogTail,
} from "../../model/log_event.ts";
import { folderOf, locateLog } from "../../model/paths.ts";
import type { SessionEntry } from "../../model/session_entry.ts";
import type { System } from "../../system/system.ts";
import type { Context } from "../context.ts";

/**
 * How far back a repeated result is looked for: what comes after it, that is
 * what an agent says between two tries.
 */
const REPEAT_WINDOW_BYTES = 1024 * 1024;

const NEW_LOG: LogTail = { nextSeq: 0n, torn: false };

const NEWLINE = new TextEncoder().encode("\n");

/** Where a result stands after {@linkcode recordResult}. */
export interface Recording {
  /** The session log. */
  readonly log: string;
  /** The log ended with this very result already; no line was added. */
  readonly repeated: boolean;
}

/**
 * Appends a result to the log of its session, in one write, synced to disk.
 *
 * The number of the line, and whether it is a repeated one, depend on what
 * the log ends with: callers hold the lock of the store meanwhile. A zag that
 * writes to the log at the same moment may pick the same number: numbers in
 * these logs are not unique (contract, section 5), the lines are whole.
 *
 * @throws {ZagPsError} `record`; then nothing may be signalled
 */
export function recordResult(
  context: Context,
  session: SessionEntry,
  store: string,
  result: string,
): Recording {
  let log: string | undefined;
  try {
    log = locateLog(
      context.paths,
      store,
      session,
      context.system.realPath,
    );
    const repeated = appendResult(context.system, log, session, result);
    return { log, repeated };
  } catch (cause) {
    throw new ZagPsError(
      "record",
      say`Failed to record session result: ` + reasonOf(cause) +
        "\nKill aborted, the process is still running. Run the same command again once " +
        (log === undefined
          ? "the cause is removed"
          : say`"${log}" can be written`),
      { cause },
    );
  }
}

/** @returns whether the log ended with this very result already */
function appendResult(
  system: System,
  log: string,
  session: SessionEntry,
  result: string,
): boolean {
  const status = system.status(log);
  if (status === undefined) {
    const folder = folderOf(log);
    system.makeFolder(folder);
    system.appendFile(log, encodeLine(system, session, result, NEW_LOG));
    system.syncFolder(folder);
    return false;
  }
  if (status.kind !== "file") {
    throw new ZagPsError("record", say`"${log}" is not a regular file`);
  }
  const read = (start: number, end: number) =>
    system.readRange(log, start, end);
  const tail = readLogTail(status.size, read);
  if (endsWithResult(status.size, read, result, REPEAT_WINDOW_BYTES)) {
    // Its writer died before the newline: the next line must not stick to it.
    if (tail.torn) system.appendFile(log, NEWLINE);
    return true;
  }
  system.appendFile(log, encodeLine(system, session, result, tail));
  return false;
}

function encodeLine(
  { now }: System,
  session: SessionEntry,
  result: string,
  tail: LogTail,
): Uint8Array {
  const line = formatResultLine(session, result, tail, now());
  return new TextEncoder().encode(line);
}
