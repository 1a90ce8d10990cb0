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
import type { Context } from "../context.ts";

/**
 * How far back a repeated result is looked for: what comes after it, that is
 * what an agent says between two tries.
 */
const REPEAT_WINDOW_BYTES = 1024 * 1024;

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
 * Two writers may pick the same number at the same moment: numbers in these
 * logs are not unique (contract, section 5), the lines are whole.
 *
 * @throws {ZagPsError} `record`; then nothing may be signalled
 */
export function recordResult(
  context: Context,
  session: SessionEntry,
  store: string,
  result: string,
): Recording {
  const { system, paths } = context;
  try {
    const log = locateLog(paths, store, session, system.realPath);
    const status = system.status(log);
    let tail: LogTail = { nextSeq: 0n, torn: false };
    if (status !== undefined) {
      if (status.kind !== "file") {
        throw new ZagPsError("record", say`"${log}" is not a regular file`);
      }
      const read = (start: number, end: number) =>
        system.readRange(log, start, end);
      if (endsWithResult(status.size, read, result, REPEAT_WINDOW_BYTES)) {
        return { log, repeated: true };
      }
      tail = readLogTail(status.size, read);
    }
    const line = formatResultLine(session, result, tail, system.now());
    const folder = folderOf(log);
    if (status === undefined) system.makeFolder(folder);
    system.appendFile(log, new TextEncoder().encode(line));
    if (status === undefined) system.syncFolder(folder);
    return { log, repeated: false };
  } catch (cause) {
    throw new ZagPsError(
      "record",
      say`Failed to record session result: ` + reasonOf(cause) +
        "\nKill aborted, the process is still running. Run the same command again once the cause is removed",
      { cause },
    );
  }
}
