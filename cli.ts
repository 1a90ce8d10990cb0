#!/usr/bin/env -S deno run -A
/**
 * The command line of zag-ps.
 *
 * @module
 */
import process from "node:process";
import { renderPlainList } from "./src/cli/plain_list.ts";
import { EXIT_STATUS, reasonOf } from "./src/model/errors.ts";
import { createConsole } from "./src/system/node_console.ts";
import { createListSystem } from "./src/system/node_list_system.ts";

const screen = createConsole();
const argv = process.argv.slice(2);

/** Whether the exit status says that something failed. */
let mayFail = true;

/** All but a plain list, which does not wait for it. */
async function runWhole(): Promise<number> {
  try {
    const { createNodeSystem } = await import("./src/system/node_system.ts");
    const { neverFails, run } = await import("./src/cli/run.ts");
    mayFail = !neverFails(argv);
    return await run(argv, createNodeSystem(), screen);
  } catch (error) {
    // Node can be told to make no code of texts; the single file has to.
    screen.err(`Error: Failed to load the program: ${reasonOf(error)}\n`);
    return EXIT_STATUS.failed;
  }
}

let status: number = EXIT_STATUS.done;
const table = await renderPlainList(argv, createListSystem(), screen);
if (table === undefined) status = await runWhole();
else screen.outLines(table);
if (screen.failure() !== undefined) {
  screen.err(
    `Error: Failed to write the output: ${reasonOf(screen.failure())}\n`,
  );
  if (mayFail) status ||= EXIT_STATUS.failed;
}
// Not process.exit: what was written to a pipe could be cut off.
if (status !== 0) process.exitCode = status;
