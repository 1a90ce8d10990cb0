import { errorCode, reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import type { ProcessFacts } from "../../model/process_facts.ts";
import type { Signal } from "../../system/system.ts";
import type { Context } from "../context.ts";
import type { JudgedEntry } from "./judge.ts";
import { nameOwner } from "./name_owner.ts";
import { listSignalled } from "./own_processes.ts";

/**
 * Sends a signal to an agent, if it still is the one that was judged: to its
 * real process and to what only started it.
 *
 * @throws {ZagPsError} `not-running` if it is gone by now, else `signal`
 */
export async function sendSignal(
  context: Context,
  judged: JudgedEntry,
  signal: Signal,
): Promise<void> {
  const { entry } = judged;
  let sent = 0;
  let gone: unknown;
  for (const { facts, expected } of listSignalled(judged)) {
    try {
      await context.system.signal(facts.pid, signal, expected);
      sent++;
    } catch (cause) {
      // The launcher of an agent may have ended with it.
      if (errorCode(cause) === "ESRCH") gone = cause;
      else if (facts.pid === entry.pid) throw describe(context, facts, cause);
      else {
        const { message } = describe(context, facts, cause);
        context.warn(`${message} (pid ${facts.pid}, of the same agent)`);
      }
    }
  }
  if (sent > 0) return;
  throw new ZagPsError(
    "not-running",
    say`Process ${entry.id} is not running (status: dead)`,
    { cause: gone },
  );
}

function describe(
  { system }: Context,
  { uid, owner }: ProcessFacts,
  cause: unknown,
): ZagPsError {
  const whose = errorCode(cause) === "EPERM" && uid !== undefined
    ? say`: it belongs to ${nameOwner(system, uid, owner)}`
    : "";
  return new ZagPsError(
    "signal",
    say`Failed to signal process: ${reasonOf(cause)}` + whose,
    { cause },
  );
}
