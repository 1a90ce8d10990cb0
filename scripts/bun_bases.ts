/**
 * The Bun programs that a compiled zag-ps is put into, one a target, from the
 * npm packages that hold them. All have the version that the tests run under.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { RUNTIME_VERSIONS } from "./runtimes.ts";
import { getBunName, type Target } from "./targets.ts";

/**
 * Gets the Bun program of a target: what an earlier call installed, or npm's
 * package. npm keeps what it fetched, so a second clone needs no network.
 *
 * @param root The project's root.
 * @returns Its path.
 * @throws {Error} If there is no such package, or it holds no program. The
 * message is one sentence, and a remedy.
 */
export function installBunBase(root: string, target: Target): string {
  const version = RUNTIME_VERSIONS.bun;
  const name = getBunName(target);
  const folder = join(root, "dist", "runtimes", "bases", `${name}_${version}`);
  const program = target.platform === "win32" ? "bun.exe" : "bun";
  const path = join(folder, "node_modules", "@oven", name, "bin", program);
  if (existsSync(path)) return path;
  const parent = join(folder, "..");
  mkdirSync(parent, { recursive: true });
  // Installed beside and renamed: a broken install is never found later.
  const staging = mkdtempSync(join(parent, "staging-"));
  try {
    installPackage(staging, `@oven/${name}`, version);
    rmSync(folder, { recursive: true, force: true });
    renameSync(staging, folder);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  if (!existsSync(path)) {
    throw new Error(
      `Failed to get Bun for ${target.triple}: "@oven/${name}" ${version} has no "bin/${program}"\n` +
        "Choose another version in scripts/runtimes.ts",
    );
  }
  return path;
}

function installPackage(folder: string, name: string, version: string): void {
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ private: true, dependencies: { [name]: version } }),
  );
  const { status, stderr, error } = spawnSync("npm", [
    ...["install", "--prefix", folder, "--no-package-lock"],
    // The package is meant for another machine than this one.
    ...["--force", "--ignore-scripts", "--no-audit", "--no-fund"],
    ...["--prefer-offline", "--loglevel=error"],
  ], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (error === undefined && status === 0) return;
  const reason = error?.message ??
    /npm error code (\S+)/.exec(stderr)?.[1] ?? `npm exited with ${status}`;
  throw new Error(
    `Failed to get Bun for the package "${name}" ${version}: ${reason}\n` +
      "Connect to the network, or choose another version in scripts/runtimes.ts",
  );
}
