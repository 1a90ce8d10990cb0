/**
 * The stages of `scripts/test.ts`, in the order in which they run.
 *
 * @module
 */

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { stopBundler } from "./bundle.ts";
import { compareActionBundle } from "./bundle_action.ts";
import { getEnvironment, runCommand } from "./run_command.ts";
import { installRuntimes } from "./runtimes.ts";
import {
  type Counts,
  getRuntime,
  ONE_CHECK,
  type Run,
  type Stage,
} from "./stage.ts";
import { TEST_STAGES } from "./test_stages.ts";

const DENO = process.execPath;

/** Every stage. */
export const STAGES: Stage[] = [
  {
    name: "install",
    title: "deno.lock agrees with deno.json and package.json",
    run: checkInstall,
  },
  checkWithDeno("fmt", ["fmt", "--check"]),
  checkWithDeno("lint", ["lint"]),
  checkWithDeno("silence", [
    "lint",
    "--rules-include=no-console",
    "src/",
    "mod.ts",
  ]),
  checkWithDeno("check", ["check", "--doc"]),
  checkWithDeno("readme", ["check", "--doc-only", "README.md"]),
  checkWithDeno("doc", ["doc", "--lint", "mod.ts"]),
  checkWithDeno("publish", ["publish", "--dry-run", "--allow-dirty"]),
  {
    name: "runtimes",
    title: "install Bun, Node 20 and Node 24",
    run({ root }) {
      console.log(Object.values(installRuntimes(root)).join("\n"));
      return ONE_CHECK;
    },
  },
  {
    name: "bun-lock",
    title: "bun.lock agrees with package.json",
    needs: ["runtimes"],
    run: (run) =>
      runCheck([
        getRuntime(run, "bun"),
        ...["install", "--frozen-lockfile", "--dry-run", "--ignore-scripts"],
      ]),
  },
  { name: "bundle", title: "build dist/ twice, compare", run: checkBundle },
  {
    name: "action",
    title: "build action/dist anew, compare with what is committed",
    async run({ root, folder }) {
      await compareActionBundle(root, join(folder, "action"));
      await stopBundler();
      return ONE_CHECK;
    },
  },
  ...TEST_STAGES,
  {
    name: "home",
    title: "no test wrote to the home folder's .zag",
    run({ folder }) {
      if (existsSync(join(folder, "home", ".zag"))) {
        throw new Error("A test wrote to ~/.zag instead of a home of its own");
      }
      return ONE_CHECK;
    },
  },
];

function checkWithDeno(name: string, args: string[]): Stage {
  return {
    name,
    title: `deno ${args.join(" ")}`,
    run: () => runCheck([DENO, ...args]),
  };
}

async function runCheck(command: string[], folder?: string): Promise<Counts> {
  const status = await runCommand(command, getEnvironment(), folder);
  if (status !== 0) throw new Error(`Exited with status ${status}`);
  return ONE_CHECK;
}

/**
 * Installs into an empty folder, so that the lock, frozen by deno.json, is
 * held against all that is asked for.
 *
 * The second install resolves anew: only that keeps the packages' metadata in
 * Deno's cache. Without it every `deno run` asks for it again, and says so on
 * stderr.
 */
async function checkInstall({ root, folder }: Run): Promise<Counts> {
  const target = join(folder, "install");
  mkdirSync(target);
  for (const name of ["deno.json", "deno.lock", "package.json"]) {
    copyFileSync(join(root, name), join(target, name));
  }
  await runCheck([DENO, "install", "--quiet"], target);
  return await runCheck([DENO, "install", "--quiet", "--no-lock"], target);
}

async function checkBundle({ root, folder }: Run): Promise<Counts> {
  const names = ["zag-ps.js", "mod.js"];
  const first = join(root, "dist");
  const second = join(folder, "dist");
  for (const target of [first, second]) {
    const status = await runCommand(
      [DENO, "run", "-A", "scripts/bundle.ts", target],
      getEnvironment(),
    );
    if (status !== 0) {
      // What an earlier run built must not be tested in its place.
      names.forEach((name) => rmSync(join(first, name), { force: true }));
      throw new Error(`Exited with status ${status}`);
    }
  }
  for (const name of names) {
    const bytes = readFileSync(join(first, name));
    if (!bytes.equals(readFileSync(join(second, name)))) {
      throw new Error(`Two builds of "dist/${name}" differ`);
    }
    console.log(`dist/${name}: ${bytes.length} bytes, twice the same`);
  }
  return ONE_CHECK;
}
