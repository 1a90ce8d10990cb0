#!/usr/bin/env -S deno run -A
/**
 * The command line of zag-ps.
 *
 * @module
 */
import process from "node:process";
import { neverFails, run } from "./src/cli/run.ts";
import { EXIT_STATUS, reasonOf } from "./src/model/errors.ts";
import { createConsole } from "./src/system/node_console.ts";
import { createNodeSystem } from "./src/system/node_system.ts";

const screen = createConsole();
const argv = process.argv.slice(2);
let status = await run(argv, createNodeSystem(), screen);
if (screen.failure() !== undefined) {
  screen.err(
    `Error: Failed to write the output: ${reasonOf(screen.failure())}\n`,
  );
  if (!neverFails(argv)) status ||= EXIT_STATUS.failed;
}
// Not process.exit: what was written to a pipe could be cut off.
if (status !== 0) process.exitCode = status;
