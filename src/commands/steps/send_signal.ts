import { errorCode, reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import type { Signal } from "../../system/system.ts";
import type { Context } from "../context.ts";

/**
 * Sends a signal to the process of an entry.
 *
 * @throws {ZagPsError} `not-running` if it is gone by now, else `signal`
 */
export function sendSignal(
  context: Context,
  entry: ProcessEntry,
  signal: Signal,
): void {
  try {
    context.system.signal(entry.pid, signal);
  } catch (cause) {
    if (errorCode(cause) === "ESRCH") {
      throw new ZagPsError(
        "not-running",
        say`Process ${entry.id} is not running (status: dead)`,
        { cause },
      );
    }
    throw new ZagPsError(
      "signal",
      say`Failed to signal process: ` + reasonOf(cause),
      { cause },
    );
  }
}
