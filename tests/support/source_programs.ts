/**
 * Runs programs of this repository from their source, as child processes.
 *
 * @module
 */

import process from "node:process";
import { resolve } from "node:path";
import { cachedForms } from "./world.ts";

/** How to start a program that is written in TypeScript. */
export interface SourceRuntime {
  /** The runtime and its first arguments; the program's path follows. */
  command: string[];
  env: Record<string, string>;
}

/**
 * Finds a runtime that runs the sources as they are: the one that runs this
 * test if it can, else Deno or Bun.
 */
export function findSourceRuntime(): SourceRuntime | undefined {
  const forms = cachedForms();
  const find = (wanted: string) => forms.find(({ name }) => name === wanted);
  const form = find(process.versions["bun"] ? "bun" : "deno") ?? find("bun");
  if (form === undefined) return undefined;
  // The last argument is the command line's own file.
  const { PATH = "", HOME = "" } = process.env;
  return {
    command: form.command.slice(0, -1),
    env: { PATH, HOME, ...form.env },
  };
}

/** The path of a program in the fixtures. */
export function getFixture(name: string): string {
  return resolve("tests", "support", "fixtures", name);
}

/** Why a test that needs such a runtime is left out, or `false`. */
export const needsSourceRuntime: string | false =
  findSourceRuntime() === undefined
    ? "neither Deno nor Bun is at hand to run the sources"
    : process.platform === "win32"
    ? "Windows has no signals"
    : false;
