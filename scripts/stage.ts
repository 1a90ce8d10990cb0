/**
 * What a stage of the test task is.
 *
 * @module
 */

import type { TestResult } from "./junit.ts";
import { findRuntimes, type RuntimeName } from "./runtimes.ts";

/** What a stage adds to the final line. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** One run of all stages. */
export interface Run {
  /** The project's root. */
  root: string;
  /** A folder of this run, removed at its end. It holds `home`. */
  folder: string;
  /** What each runtime ran, by the stage's name. */
  reports: Map<string, TestResult[]>;
}

/** One step of the test task. */
export interface Stage {
  name: string;
  title: string;
  /** Stages that run first when this one is asked for by name. */
  needs?: string[];
  /** @throws {Error} Where the stage failed as a whole. */
  run(run: Run): Counts | Promise<Counts>;
}

/** What a stage counts that is one check. */
export const ONE_CHECK: Counts = { passed: 1, failed: 0, skipped: 0 };

/**
 * Gets the binary of a runtime.
 *
 * @throws {Error} If it is not installed.
 */
export function getRuntime({ root }: Run, name: RuntimeName): string {
  const runtimes = findRuntimes(root);
  if (runtimes === undefined) throw new Error(`"${name}" is not installed`);
  return runtimes[name];
}
