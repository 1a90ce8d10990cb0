/**
 * Compiles zag-ps with Deno: one file that holds the bundle and Deno's own
 * base program, denort.
 *
 * Deno downloads denort the first time. `DENORT_BIN` names one that is at
 * hand.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { requireVersion } from "./compile_bun.ts";
import { requireProgramFor } from "./program_kind.ts";
import { findHostTarget, getProgramName, type Target } from "./targets.ts";

/**
 * How Deno compiles.
 *
 * All permissions (`-A`): Deno lets no program with fewer read `/proc`, and
 * that is where it stands which process is which. Nothing but the bundle goes
 * in: no configuration, no packages. No code cache: the program would keep it
 * in the folder for temporary files, which others may write to, and run it.
 */
export const DENO_FLAGS: readonly string[] = [
  "-A",
  "--no-config",
  "--no-lock",
  "--no-npm",
  "--no-remote",
  "--no-check",
  "--no-code-cache",
];

/**
 * The arguments for Deno.
 *
 * @param bundle The program's single file.
 */
export function getDenoArguments(
  target: Target,
  bundle: string,
  output: string,
): string[] {
  const { triple } = target;
  return [
    "compile",
    ...DENO_FLAGS,
    `--target=${triple}`,
    `--output=${output}`,
    bundle,
  ];
}

/**
 * Compiles the bundle for one target, and looks at what came of it.
 *
 * @param deno The Deno that compiles.
 * @param path The program that is made.
 * @param variables On top of this process's environment.
 * @throws {Error} If it cannot be made, or is not what it should be: with a
 * wrong `DENORT_BIN` Deno reports success, and the program opens a prompt.
 */
export function compileWithDeno(
  deno: string,
  target: Target,
  bundle: string,
  path: string,
  variables: Record<string, string> = {},
): void {
  const staging = join(dirname(path), `.staging-${process.pid}`);
  const made = join(staging, getProgramName(target));
  mkdirSync(staging, { recursive: true });
  try {
    const { status, stderr } = spawnSync(
      deno,
      getDenoArguments(target, bundle, made),
      {
        encoding: "utf8",
        env: { ...process.env, NO_COLOR: "1", ...variables },
      },
    );
    if (status !== 0) throw new Error(explainFailure(target, stderr));
    requireProgramFor(target, made);
    if (target === findHostTarget()) requireOwnBase(made);
    renameSync(made, path);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Says in one sentence why Deno did not compile, and what to do. */
export function explainFailure({ triple }: Target, stderr: string): string {
  const [report = ""] = stderr.split("Stack backtrace:");
  const lines = report.split("\n").map((line) => line.trim());
  if (lines.some((line) => /^Download .*\bdenort-/.test(line))) {
    return `Failed to compile for ${triple}: Deno could not download its base program, denort\n` +
      'Connect to the network, or name a denort of the same Deno in "DENORT_BIN"';
  }
  const cause = lines.findLast((line) => /^(\d+: |error: )/.test(line));
  return `Failed to compile for ${triple}: ${
    cause?.replace(/^(\d+|error): /, "") ?? "Deno did not say why"
  }`;
}

function requireOwnBase(path: string): void {
  try {
    requireVersion(path);
  } catch (cause) {
    throw new Error(
      "Failed to compile a program that works: what was built is not zag-ps\n" +
        '"DENORT_BIN" has to name denort, not deno',
      { cause },
    );
  }
}
