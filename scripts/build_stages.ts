/**
 * The stages of what is built: each builds it, and looks at what came of it.
 *
 * @module
 */

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { listNpmChecks } from "./check_npm.ts";
import { listReleaseChecks } from "./check_release.ts";
import { compileWithBun } from "./compile_bun.ts";
import { buildNpmPackage, packNpmPackage } from "./npm_package.ts";
import { getEnvironment, runCommand } from "./run_command.ts";
import { installRuntimes } from "./runtimes.ts";
import {
  type Counts,
  ONE_CHECK,
  type Run,
  runChecks,
  type Stage,
} from "./stage.ts";
import { findHostTarget, getProgramName } from "./targets.ts";

/** In the order in which they run. */
export const BUILD_STAGES: Stage[] = [
  { name: "bundle", title: "build dist/ twice, compare", run: checkBundle },
  {
    name: "compile",
    title: "compile dist/bun/zag-ps twice, compare",
    needs: ["runtimes"],
    run: checkBinary,
  },
  {
    name: "npm",
    title: "build the npm package, install and use it",
    needs: ["runtimes"],
    run: checkNpmPackage,
  },
  {
    name: "release",
    title: "make the files of a release for this machine, publish nothing",
    needs: ["runtimes", "npm"],
    run: ({ root, folder }) =>
      runChecks(listReleaseChecks(root, join(folder, "release"))),
  },
];

async function checkBundle({ root, folder }: Run): Promise<Counts> {
  const names = ["zag-ps.js", "mod.js"];
  const first = join(root, "dist");
  const second = join(folder, "dist");
  for (const target of [first, second]) {
    const status = await runCommand(
      [process.execPath, "run", "-A", "scripts/bundle.ts", target],
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
    // Then another clone builds other bytes.
    if (bytes.includes(root)) {
      throw new Error(`"dist/${name}" holds the path "${root}"`);
    }
    console.log(`dist/${name}: ${bytes.length} bytes, twice the same`);
  }
  return ONE_CHECK;
}

function checkBinary({ root, folder }: Run): Counts {
  const target = findHostTarget();
  const name = getProgramName(target);
  const first = join(root, "dist", "bun", name);
  const second = join(folder, name);
  // What an earlier run built must not be tested in its place.
  rmSync(first, { force: true });
  for (const path of [first, second]) compileWithBun(root, target, path);
  const bytes = readFileSync(first);
  if (!bytes.equals(readFileSync(second))) {
    throw new Error(`Two builds of "dist/bun/${name}" differ`);
  }
  rmSync(second);
  console.log(`dist/bun/${name}: ${bytes.length} bytes, twice the same`);
  return ONE_CHECK;
}

async function checkNpmPackage({ root, folder }: Run): Promise<Counts> {
  const built = join(root, "dist", "npm");
  await buildNpmPackage(root, built);
  const tarball = packNpmPackage(built, join(root, "dist"));
  const places = join(folder, "npm");
  const runtimes = installRuntimes(root);
  return await runChecks(listNpmChecks(tarball, places, runtimes));
}
