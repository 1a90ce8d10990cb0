/**
 * What a stage of `scripts/test.ts` is, and how one is run.
 *
 * @module
 */

import type { TestResult } from "./junit.ts";
import { getEnvironment, runCommand } from "./run_command.ts";
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

/** What a stage counts that is a single check. */
export const ONE_CHECK: Counts = { passed: 1, failed: 0, skipped: 0 };

/** One thing that has to be so. */
export interface Check {
  name: string;
  /** @throws {Error} If it is not. */
  run(): void | Promise<void>;
}

/** Runs a command that has to succeed. */
export async function runCheck(
  command: string[],
  folder?: string,
): Promise<Counts> {
  const status = await runCommand(command, getEnvironment(), folder);
  if (status !== 0) throw new Error(`Exited with status ${status}`);
  return ONE_CHECK;
}

/** Runs what has to be so, in this order; each counts. */
export async function runChecks(checks: Check[]): Promise<Counts> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, run } of checks) {
    try {
      await run();
      counts.passed++;
      console.log(`ok: ${name}`);
    } catch (error) {
      counts.failed++;
      console.error(`FAILED: ${name}`);
      console.error(error instanceof Error ? error.message : error);
    }
  }
  return counts;
}

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
