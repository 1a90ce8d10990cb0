/**
 * Compiles zag-ps with Bun: one file that starts in milliseconds and needs
 * nothing installed. Programs for other machines are compiled here, too.
 *
 * @module
 */

import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { VERSION } from "../src/model/version.ts";
import { installBunBase } from "./bun_bases.ts";
import { requireProgramFor } from "./program_kind.ts";
import { installRuntimes } from "./runtimes.ts";
import { countBadPages, signMachProgram } from "./sign_mach_program.ts";
import {
  findHostTarget,
  getBunName,
  getProgramName,
  type Target,
} from "./targets.ts";

/** A program that waits for something instead of starting is ended. */
const START_LIMIT_MS = 30_000;

/**
 * How Bun compiles. The source is compiled, not the bundle: everything is
 * bytecode then, and no part a text that has to be read when it is needed.
 *
 * Without the four last ones the program would read `.env`, and run what a
 * `bunfig.toml` preloads, in whatever folder a person stands, and look through
 * that folder and all its parents.
 */
export const BUN_FLAGS: readonly string[] = [
  "--compile",
  "--minify",
  "--bytecode",
  "--format=esm",
  "--splitting",
  "--sourcemap=none",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
];

/**
 * The arguments for Bun.
 *
 * @param base The Bun program of the target; `undefined` for this machine.
 */
export function getBunArguments(
  target: Target,
  base: string | undefined,
  output: string,
): string[] {
  const cross = base === undefined ? [] : [
    `--target=${getBunName(target)}`,
    `--compile-executable-path=${base}`,
  ];
  return ["build", "cli.ts", ...BUN_FLAGS, ...cross, `--outfile=${output}`];
}

/**
 * Compiles zag-ps for one target, and looks at what came of it: a program for
 * this machine is started, another's file is looked at.
 *
 * @param root The project's root.
 * @param path The program that is made.
 * @throws {Error} If it cannot be made, or is not what it should be.
 */
export function compileWithBun(
  root: string,
  target: Target,
  path: string,
): void {
  const isHost = target === findHostTarget();
  const { bun } = installRuntimes(root);
  const base = isHost ? undefined : installBunBase(root, target);
  // Made beside and renamed: the name of the file is in the file, and a
  // program that runs at this moment cannot be written to.
  const staging = join(dirname(path), `.staging-${process.pid}`);
  const made = join(staging, getProgramName(target));
  mkdirSync(staging, { recursive: true });
  try {
    const { status, stdout, stderr } = spawnSync(
      bun,
      getBunArguments(target, base, made),
      { cwd: root, encoding: "utf8" },
    );
    if (status !== 0) {
      throw new Error(
        `Failed to compile for ${target.triple}: Bun exited with ${status}\n` +
          `${stdout}${stderr}`,
      );
    }
    requireProgramFor(target, made);
    if (target.platform === "darwin") requireSignature(made);
    if (isHost) requireVersion(made);
    renameSync(made, path);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** macOS may end a program whose signature does not fit. */
function requireSignature(path: string): void {
  const program = readFileSync(path);
  if (countBadPages(program) === 0) return;
  const signed = signMachProgram(program, "zag-ps");
  if (countBadPages(signed) > 0) throw new Error(`Failed to sign "${path}"`);
  writeFileSync(path, signed);
}

/**
 * Starts a program that was made.
 *
 * @throws {Error} If it is not this version of zag-ps.
 */
export function requireVersion(path: string): void {
  const printed = execFileSync(path, ["--version"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: START_LIMIT_MS,
  });
  if (printed === `zag-ps ${VERSION}\n`) return;
  throw new Error(
    `Failed to make "${path}": it was built, but it is not zag-ps ${VERSION}`,
  );
}
