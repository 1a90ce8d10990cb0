/**
 * The four ways in which the command line is started, for tests that compare
 * them.
 *
 * The test task names the runtimes in `ZAG_PS_DENO`, `ZAG_PS_BUN`,
 * `ZAG_PS_NODE20` and `ZAG_PS_NODE24`. When one test is run by hand, the
 * runtime that runs it and those that an earlier run of the task installed
 * are taken; `deno task bundle` builds what the Node forms start.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { findRuntimes, RUNTIME_VERSIONS } from "../../scripts/runtimes.ts";

/** One way to start the command line. */
export interface Form<Name extends string = RuntimeForm> {
  name: Name;
  /** The program and its first arguments, all paths absolute. */
  command: string[];
  /** What the runtime needs if the child gets an environment of its own. */
  env: Record<string, string>;
  /** The file of the program, where it is read from standard input. */
  program?: string;
}

/** The forms that every test may start, by their runtimes. */
export type RuntimeForm = "deno" | "bun" | "node20" | "node24";

/**
 * Finds the forms that can be started.
 *
 * @returns The forms. One that is left out is named on stderr, with why.
 * @throws {Error} If the environment names a runtime, or a form needs a
 * bundle, that is not there: a form is never dropped in the test task.
 */
export function forms(): Form[] {
  const root = process.cwd();
  const cli = resolve(root, "cli.ts");
  const bundle = resolve(root, "dist", "zag-ps.js");
  const installed = findRuntimes(root);
  // Without this flag a run may report downloads on stderr.
  const denoArgs = ["run", "--cached-only", "-A", cli];
  const all: [RuntimeForm, string, string | undefined, string[], string][] = [
    ["deno", "ZAG_PS_DENO", findOwn("deno"), denoArgs, cli],
    ["bun", "ZAG_PS_BUN", installed?.bun ?? findOwn("bun"), [cli], cli],
    ["node20", "ZAG_PS_NODE20", installed?.node20, [bundle], bundle],
    ["node24", "ZAG_PS_NODE24", installed?.node24, [bundle], bundle],
  ];
  return all.flatMap(([name, variable, fallback, args, program]) => {
    const named = process.env[variable];
    const runtime = named ?? fallback;
    const missing = [runtime, program].find((path) =>
      !path || !existsSync(path)
    );
    if (runtime !== undefined && missing === undefined) {
      const env: Record<string, string> = name === "deno"
        ? { DENO_DIR: findDenoDir(), DENO_NO_UPDATE_CHECK: "1" }
        : {};
      return [{ name, command: [runtime, ...args], env }];
    }
    const why = runtime === undefined
      ? `"${variable}" is not set`
      : `"${missing}" does not exist`;
    if (named !== undefined) throw new Error(`Cannot start ${name}: ${why}`);
    console.error(`The form ${name} is left out: ${why}`);
    return [];
  });
}

/** The form whose runtime runs this test, if it is the wanted one. */
function findOwn(name: "deno" | "bun"): string | undefined {
  return process.versions[name] ? process.execPath : undefined;
}

/** Deno's own rule for where its cache is. */
function findDenoDir(): string {
  const set = process.env["DENO_DIR"];
  if (set) return set;
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  const home = homedir();
  if (process.platform === "win32") {
    return join(LOCALAPPDATA ?? join(home, "AppData", "Local"), "deno");
  }
  return process.platform === "darwin"
    ? join(home, "Library", "Caches", "deno")
    : join(XDG_CACHE_HOME ?? join(home, ".cache"), "deno");
}

/** The exact version that a form must run under, where it is pinned. */
export function getPinnedVersion(name: RuntimeForm): string | undefined {
  return name === "deno" ? undefined : RUNTIME_VERSIONS[name];
}
