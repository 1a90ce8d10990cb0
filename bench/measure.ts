/**
 * Times whole processes, two at a time in turn, so that what slows the
 * machine down slows both.
 *
 * @module
 */

import { spawnSync } from "node:child_process";

/** A program with its arguments, and the first line that it has to print. */
export interface Program {
  command: readonly string[];
  expects: RegExp;
  /** Where it is started; here, unless given. */
  cwd?: string;
}

/** Milliseconds of each run, in the order of the runs. */
export interface Timings {
  floor: number[];
  list: number[];
}

/** How often both run before they are timed. */
const WARM_UP_RUNS = 3;
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/**
 * Times two programs: A B A B ...
 *
 * @param runs How often each is timed.
 * @throws {Error} If a program fails or prints something else.
 */
export function timeInTurn(
  floor: Program,
  list: Program,
  env: Record<string, string>,
  runs: number,
): Timings {
  const timings: Timings = { floor: [], list: [] };
  for (let run = -WARM_UP_RUNS; run < runs; run++) {
    const floorTime = timeOnce(floor, env);
    const listTime = timeOnce(list, env);
    if (run < 0) continue;
    timings.floor.push(floorTime);
    timings.list.push(listTime);
  }
  return timings;
}

function timeOnce(
  { command, expects, cwd }: Program,
  env: Record<string, string>,
) {
  const [program = "", ...args] = command;
  const start = performance.now();
  const { status, signal, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: "buffer",
    env,
    maxBuffer: MAX_OUTPUT_BYTES,
    // A pipe, which is how scripts and agents read it.
    stdio: ["ignore", "pipe", "pipe"],
  });
  const elapsed = performance.now() - start;
  if (error) throw error;
  if (status !== 0 || !expects.test(stdout.toString())) {
    throw new Error(
      `Failed to run "${command.join(" ")}": it ended with ${
        signal ?? status
      }` +
        ` and printed ${stdout.length} bytes\n${stderr}`,
    );
  }
  return elapsed;
}

/** The middle value. */
export function getMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1
    ? upper
    : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}
