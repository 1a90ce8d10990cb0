/**
 * Programs that some tests use and that are not everywhere.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import process from "node:process";

/** Where `deno task tools` installs. */
const FOLDER = resolve("dist", "tools");

/** The path of a program: of the task, or of the machine. */
export function findTool(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [join(FOLDER, "bin"), ...folders].map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Why a test that needs programs is skipped; `false` if it is not. */
export function skipWithout(...names: string[]): string | false {
  const missing = names.filter((name) => findTool(name) === undefined);
  return missing.length > 0 &&
    `${missing.join(", ")} is not here: deno task tools installs it`;
}

/** What the task unpacked, for what looks for its files elsewhere. */
export const TOOLS_ROOT: string = join(FOLDER, "root");
