import { formatDuration } from "../../model/duration.ts";
import type { ProgramEnd } from "../../model/launch.ts";
import type { StartedProgram } from "../../system/system.ts";
import type { Context } from "../context.ts";

/** A program that does not end when its time is up has so long to obey. */
const GRACE_MS = 10_000;

/** The timers of the runtimes cannot wait longer than 24 days. */
const MAX_SLEEP_MS = 86_400_000;

/**
 * Waits for the end of a program, and ends it when its time is up: SIGTERM,
 * then SIGKILL.
 *
 * @param timeoutMs milliseconds; any time without it
 * @returns the time limit if the program had to be ended
 */
export async function endInTime(
  { system }: Context,
  program: StartedProgram,
  ended: Promise<ProgramEnd>,
  timeoutMs: number | undefined,
): Promise<string | undefined> {
  if (timeoutMs === undefined) return undefined;
  let isOver = false;
  const settled = ended.finally(() => isOver = true);
  const wait = async (milliseconds: number) => {
    const end = system.now() + milliseconds;
    for (let rest = milliseconds; rest > 0 && !isOver;) {
      await system.sleep(Math.min(rest, MAX_SLEEP_MS), settled);
      rest = end - system.now();
    }
  };
  await wait(timeoutMs);
  if (isOver) return undefined;
  program.signal("SIGTERM");
  await wait(GRACE_MS);
  if (!isOver) program.signal("SIGKILL");
  return formatDuration(timeoutMs);
}
