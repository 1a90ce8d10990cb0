import { errorCode, reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import type { Verdict } from "../../model/liveness.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import type { Signal, System } from "../../system/system.ts";
import type { Context } from "../context.ts";

/**
 * Sends a signal to the process of an entry, if it still is the one that was
 * judged.
 *
 * @throws {ZagPsError} `not-running` if it is gone by now, else `signal`
 */
export async function sendSignal(
  context: Context,
  entry: ProcessEntry,
  { facts }: Verdict,
  signal: Signal,
): Promise<void> {
  const { system } = context;
  try {
    await system.signal(entry.pid, signal, facts?.startTicks);
  } catch (cause) {
    if (errorCode(cause) === "ESRCH") {
      throw new ZagPsError(
        "not-running",
        say`Process ${entry.id} is not running (status: dead)`,
        { cause },
      );
    }
    const owner = errorCode(cause) === "EPERM" && facts?.uid !== undefined
      ? say`: it belongs to ${nameOwner(system, facts.uid, facts.owner)}`
      : "";
    throw new ZagPsError(
      "signal",
      say`Failed to signal process: ${reasonOf(cause)}` + owner,
      { cause },
    );
  }
}

/** The name of a process's owner, or its number where none is known. */
export function nameOwner(
  system: System,
  uid: number,
  owner: string | undefined,
): string {
  return owner ?? system.userName(uid) ?? `uid ${uid}`;
}
