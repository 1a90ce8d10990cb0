/**
 * A throw-away home in which the commands of the pages are run as they are
 * written: by a shell, with `zag-ps` and stand-ins of agents on its `PATH`.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { quoteForShell } from "../../src/cli/shell.ts";
import { type Ran, runProgram } from "./children.ts";
import { cachedForms, ownForm, withWorld, type World } from "./world.ts";

/** What a line is run with. */
export interface ShellOptions {
  readonly env?: Record<string, string>;
  readonly input?: string;
  /** Sends both outputs to stdout, in the order in which they come. */
  readonly merge?: boolean;
}

/** A world with a shell. */
export interface DocWorld extends World {
  /** The folder of programs that comes first in `PATH`. */
  readonly bin: string;
  /** Runs a line of a page. */
  shell(line: string, options?: ShellOptions): Promise<Ran>;
  /** Adds a program to the folder. */
  addProgram(name: string, script: string): void;
}

/** Makes such a world, lets a test use it, and clears it away. */
export async function withDocWorld(
  use: (world: DocWorld) => Promise<void>,
): Promise<void> {
  await withWorld(async (world) => {
    const bin = join(world.home, "bin");
    mkdirSync(bin);
    const addProgram = (name: string, script: string) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}`);
      chmodSync(join(bin, name), 0o755);
    };
    const form = ownForm();
    addProgram(
      "zag-ps",
      `${renderExports(form.env)}exec ${
        form.command.map(quoteForShell).join(" ")
      } "$@"\n`,
    );
    for (const { name, command: [program = ""] } of cachedForms()) {
      const word = name.startsWith("node") ? "node" : name;
      if (name !== "node20") symlinkSync(program, join(bin, word));
    }
    const { PATH = "", DENO_DIR } = process.env;
    await use({
      ...world,
      bin,
      addProgram,
      shell: (line, { env = {}, input, merge = false } = {}) =>
        runProgram("/bin/sh", ["-c", merge ? `{ ${line}\n} 2>&1` : line], {
          cwd: world.home,
          input,
          env: {
            PATH: `${bin}:${PATH}`,
            HOME: world.home,
            DENO_NO_UPDATE_CHECK: "1",
            ...(DENO_DIR ? { DENO_DIR } : {}),
            ...form.env,
            ...env,
          },
        }),
    });
  });
}

function renderExports(env: Record<string, string>): string {
  return Object.entries(env).map(([name, value]) =>
    `export ${name}=${quoteForShell(value)}\n`
  ).join("");
}

/**
 * An id that begins as the pages have it. The rest is known to nobody else:
 * what carries the id of a tree is ended.
 */
export function makeId(start: string): string {
  return `${start}-${randomUUID().slice(9)}`;
}

/** A date of so many milliseconds ago, as zag writes it. */
export function before(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString()
    .replace("Z", "+00:00");
}

export const SECOND_MS = 1000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
