/**
 * Compiles zag-ps into programs of their own, with Deno or with Bun.
 *
 *     deno task compile           dist/zag-ps
 *     deno task compile:all       dist/deno/<target>/zag-ps
 *     deno task compile:bun       dist/bun/zag-ps
 *     deno task compile:bun:all   dist/bun/<target>/zag-ps
 *
 * A target that fails is named, and the others are made; the exit status tells.
 *
 * @module
 */

import { join, relative } from "node:path";
import process from "node:process";
import { bundlePrograms, stopBundler } from "./bundle.ts";
import { compileWithBun } from "./compile_bun.ts";
import { compileWithDeno } from "./compile_deno.ts";
import {
  findHostTarget,
  getProgramName,
  type Target,
  TARGETS,
} from "./targets.ts";

/** Makes the program of a target. */
type Compile = (target: Target, path: string) => void;

/** Makes the programs; how many could not be made. */
function compileEach(
  root: string,
  targets: readonly Target[],
  getFolder: (target: Target) => string,
  compile: Compile,
): number {
  let failed = 0;
  for (const target of targets) {
    const path = join(getFolder(target), getProgramName(target));
    try {
      compile(target, path);
      console.log(`Built ${relative(root, path)}`);
    } catch (error) {
      report(error);
      failed++;
    }
  }
  return failed;
}

function compileAllWithBun(root: string, all: boolean): number {
  const folder = join(root, "dist", "bun");
  return compileEach(
    root,
    all ? TARGETS : [findHostTarget()],
    ({ triple }) => all ? join(folder, triple) : folder,
    (target, path) => compileWithBun(root, target, path),
  );
}

async function compileAllWithDeno(root: string, all: boolean): Promise<number> {
  const host = findHostTarget();
  if (!all && !host.deno) {
    throw new Error(
      `Failed to compile for ${host.triple}: Deno does not offer it\n` +
        'Use "deno task compile:bun"',
    );
  }
  const dist = join(root, "dist");
  await bundlePrograms(root, dist);
  await stopBundler();
  const bundle = join(dist, "zag-ps.js");
  return compileEach(
    root,
    all ? TARGETS.filter(({ deno }) => deno) : [host],
    ({ triple }) => all ? join(dist, "deno", triple) : dist,
    (target, path) => compileWithDeno(process.execPath, target, bundle, path),
  );
}

function report(error: unknown): void {
  console.error(`Error: ${error instanceof Error ? error.message : error}`);
}

const args = process.argv.slice(2);
const compileAll = args.includes("--bun")
  ? compileAllWithBun
  : compileAllWithDeno;
try {
  const failed = await compileAll(process.cwd(), args.includes("--all"));
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  report(error);
  process.exitCode = 1;
}
