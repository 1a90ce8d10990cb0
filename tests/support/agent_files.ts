/**
 * Programs that look like agents and like what is taken for them: copies of
 * `sleep` and of the shell in folders of a test's own.
 *
 * @module
 */

import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { execFileSync } from "node:child_process";
import { basename, dirname, join } from "node:path";
import process from "node:process";
import { cachedForms } from "./world.ts";

const SLEEP = "/bin/sleep";
const SHELL = "/bin/sh";

/** Why copies of these programs do not do here, or `false`. */
export const needsCopies: string | false = findObstacle();

function findObstacle(): string | false {
  if (process.platform !== "linux") return "what is known is read from /proc";
  try {
    // One program of many names does what its name says.
    const name = basename(realpathSync(SLEEP));
    return name === "sleep" ? false : `${SLEEP} is ${name}`;
  } catch (error) {
    return String(error);
  }
}

/** Node, of the forms or of the search path; `undefined` if there is none. */
export function findNode(): string | undefined {
  for (const name of ["node24", "node20"]) {
    const form = cachedForms().find((form) => form.name === name);
    if (form?.command[0] !== undefined) return form.command[0];
  }
  try {
    execFileSync("node", ["--version"], { stdio: "ignore" });
    return "node";
  } catch {
    return undefined;
  }
}

/** Copies `sleep` to a path in a folder; it lives as long as it is told. */
export function copySleep(home: string, path: string): string {
  return copyProgram(SLEEP, join(home, path));
}

/** Copies the shell, which takes the name of a script and any words. */
export function copyShell(home: string, path: string): string {
  return copyProgram(SHELL, join(home, path));
}

function copyProgram(program: string, path: string): string {
  // What runs cannot be written to.
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(program, path);
  chmodSync(path, 0o755);
  return path;
}

/** Writes a script. */
export function writeScript(home: string, path: string, text: string): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Where claude installs itself. */
export const CLAUDE = "share/claude/versions/2.1.34";
/** The program in codex's package of one platform. */
export const CODEX =
  "lib/node_modules/@openai/codex/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/codex/codex";
/** The script in codex's package that starts it. */
export const CODEX_LAUNCHER = "lib/node_modules/@openai/codex/bin/codex.js";
/** The program in droid's package of one platform. */
export const DROID =
  "lib/node_modules/droid/node_modules/@factory/cli-linux-x64/bin/droid";
/** What npm links in its place: nothing but the child tells what it starts. */
export const DROID_LAUNCHER = "bin/droid";

/**
 * A script for Node that starts a program, tells its pid and waits. It neither
 * hands signals on nor ends with its child: what reaches both was sent to both.
 */
export const LAUNCHER_SCRIPT = `
const { spawn } = require("node:child_process");
const child = spawn(process.env.REAL, ["119"], { stdio: "ignore" });
child.on("spawn", () => console.log("READY " + child.pid + "."));
setTimeout(() => process.exit(99), 120_000);
`;

/** A script for Node that gives itself another name, and waits. */
export const TITLE_SCRIPT = `
process.title = process.argv[2];
setTimeout(() => process.exit(99), 120_000);
console.log("READY .");
`;
