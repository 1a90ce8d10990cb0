/** The lines that stop and kill print (contract, section 6). */

import type { KillReport } from "../../commands/kill.ts";
import type { StopReport } from "../../commands/stop.ts";
import { say } from "../../model/escape.ts";
import { hasGracefulSignals } from "../../model/platform_signals.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import type { Style } from "../style.ts";

/** What is about to be done. */
export function announce(
  verb: string,
  entry: ProcessEntry,
  platform: string,
  style: Style,
): string {
  const { pid, id } = entry;
  const what = hasGracefulSignals(platform)
    ? say`Sending ${verb} signal to process ${pid} (${id})`
    : say`Ending process ${pid} (${id})`;
  return `${style.doing(">")} ${what}\n`;
}

/** What was done. */
export function conclude(
  signalled: string,
  outcome: (StopReport | KillReport)["outcome"],
  style: Style,
): string {
  const what = {
    signalled,
    ended: "Process ended (Windows has no graceful signal)",
    "already-ended": "Process had already ended",
  }[outcome];
  return `${style.good("✓")} ${what}\n`;
}
