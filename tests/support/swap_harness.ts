/**
 * Runs `stop` or `kill` on the real machine and waits between the judgement
 * and `System.signal`, so that a test can hand the pid to another process
 * there. A test file that is started with {@linkcode HARNESS_VARIABLE} in its
 * environment runs this in place of its tests.
 *
 * @module
 */

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { kill } from "../../src/commands/kill.ts";
import { stop } from "../../src/commands/stop.ts";
import { ZagPsError } from "../../src/model/errors.ts";
import { locatePaths } from "../../src/model/paths.ts";
import { createNodeSystem } from "../../src/system/node_system.ts";
import type { System } from "../../src/system/system.ts";
import { waitUntil } from "./children.ts";
import { ID } from "./records.ts";

/** Holds `stop` or `kill`. */
export const HARNESS_VARIABLE = "ZAG_PS_SWAP_HARNESS";

/** The command that starts the harness of a test file. */
export function harnessCommand(url: string): string[] {
  return [
    process.execPath,
    ...(process.versions["deno"] ? ["run", "--cached-only", "-A"] : []),
    fileURLToPath(url),
  ];
}

/** Written when everything is judged and nothing but the signal is left. */
export const READY_FILE = "ready";
/** Waited for before the signal. */
export const GO_FILE = "go";

/** Prints how the command ended: `signalled`, ..., or the kind of its error. */
export async function runHarness(verb: string): Promise<void> {
  const real = createNodeSystem();
  const home = real.userHome();
  const system: System = {
    ...real,
    signal: async (...parameters) => {
      writeFileSync(join(home, READY_FILE), "");
      await waitUntil(() => existsSync(join(home, GO_FILE)), "nobody says go");
      await real.signal(...parameters);
    },
  };
  const context = {
    system,
    paths: locatePaths(undefined, system.env, system.userHome),
    warn: (message: string) => console.error(message),
  };
  try {
    const { outcome } = verb === "stop"
      ? await stop(context, ID, {})
      : await kill(context, ID, {});
    console.log(outcome);
  } catch (error) {
    console.log(error instanceof ZagPsError ? error.kind : String(error));
  }
}
