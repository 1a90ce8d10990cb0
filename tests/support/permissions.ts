/**
 * The command line under Deno with less than all permissions.
 *
 * @module
 */

import assert from "node:assert/strict";
import process from "node:process";
import type { Ran } from "./children.ts";
import { cachedForms, type World } from "./world.ts";

const deno = cachedForms().find(({ name }) => name === "deno");
/** Why tests cannot use it; `false` if they can. */
export const skip = deno === undefined
  ? "the form deno cannot be started"
  : process.platform !== "linux"
  ? "the messages are those of a machine with /proc"
  : false;

/** The permission sets of the README, for a zag home. */
const SETS = {
  nothing: () => [],
  noEnvironment: (zag: string) => [`--allow-read=${zag}`, "--allow-run=ps"],
  noRead: () => ["--allow-env", "--allow-run=ps"],
  noRun: (zag: string) => ["--allow-env", `--allow-read=${zag}`],
  read: (zag: string) => [...SETS.noRun(zag), "--allow-run=ps"],
  readNarrow: (zag: string) => [
    "--allow-env=HOME,NODE_V8_COVERAGE,PATH,TERM,ZAG_HOME,ZAG_PROCESS_ID,ZAG_USER_LOG_DIR",
    `--allow-read=${zag}`,
    "--allow-run=ps",
  ],
  readAnywhere: () => ["--allow-env", "--allow-read", "--allow-run=ps"],
  writeNoSignal: (zag: string) => [...SETS.read(zag), `--allow-write=${zag}`],
  noRunWrite: (zag: string) => [...SETS.noRun(zag), `--allow-write=${zag}`],
  signal: (zag: string) => [...SETS.noRunWrite(zag), "--allow-run"],
  noWrite: (zag: string) => [...SETS.noRun(zag), "--allow-run"],
  all: () => ["-A"],
};

/** Runs the command line under Deno with a permission set. */
export function runDeno(
  world: World,
  set: keyof typeof SETS,
  args: string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  assert.ok(deno);
  const [program = ""] = deno.command;
  const cli = deno.command.at(-1) ?? "";
  const first = [
    "run",
    "--cached-only",
    "--no-prompt",
    ...SETS[set](world.zag),
  ];
  const command = [program, ...first, cli];
  return world.run(args, { form: { ...deno, command }, env });
}
