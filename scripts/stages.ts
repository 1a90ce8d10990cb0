/**
 * The stages of `scripts/test.ts`, in the order in which they run.
 *
 * @module
 */

import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { BUILD_STAGES } from "./build_stages.ts";
import { stopBundler } from "./bundle.ts";
import { compareActionBundle } from "./bundle_action.ts";
import { installRuntimes } from "./runtimes.ts";
import {
  type Counts,
  getRuntime,
  ONE_CHECK,
  type Run,
  runCheck,
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
  checkWithDeno("readme", [
    ...["check", "--doc-only", "README.md"],
    ...readdirSync("docs").filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ]),
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
  ...BUILD_STAGES,
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
