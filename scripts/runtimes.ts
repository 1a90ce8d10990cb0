/**
 * The other runtimes that the tests run under, at exact versions.
 *
 * The packages that hold the binaries themselves are installed, so no install
 * script has to run and a spawn costs no package runner.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** The versions that the tests run under. */
export const RUNTIME_VERSIONS = {
  bun: "1.4.5",
  node20: "20.20.2",
  node24: "24.21.0",
} as const;

/** A runtime other than Deno. */
export type RuntimeName = keyof typeof RUNTIME_VERSIONS;

/** Absolute paths of the binaries. */
export type RuntimePaths = Record<RuntimeName, string>;

/**
 * Finds the runtimes that an earlier {@linkcode installRuntimes} put under
 * `dist/`.
 *
 * @param root The project's root.
 * @returns The paths, or `undefined` if they are not installed.
 */
export function findRuntimes(root: string): RuntimePaths | undefined {
  const folder = getInstallFolder(root);
  return existsSync(folder) ? getBinaries(folder) : undefined;
}

/**
 * Installs the runtimes under `dist/` with npm, unless they are there.
 *
 * @param root The project's root.
 * @returns The paths.
 * @throws {Error} If npm fails or a package lacks its binary.
 */
export function installRuntimes(root: string): RuntimePaths {
  const folder = getInstallFolder(root);
  if (!existsSync(folder)) {
    const parent = join(root, "dist", "runtimes");
    mkdirSync(parent, { recursive: true });
    // Installed beside and renamed: a broken install is never found later.
    const staging = mkdtempSync(join(parent, "staging-"));
    try {
      installPackages(staging);
      getBinaries(staging);
      renameSync(staging, folder);
    } catch (error) {
      // Another run may have been first: what it put there is as good.
      if (!existsSync(folder)) throw error;
    } finally {
      rmSync(staging, { recursive: true, force: true });
    }
  }
  return getBinaries(folder);
}

function getInstallFolder(root: string): string {
  const { bun, node20, node24 } = RUNTIME_VERSIONS;
  return join(root, "dist", "runtimes", `${bun}_${node20}_${node24}`);
}

function installPackages(folder: string): void {
  const node = getNodePackage();
  const manifest = {
    private: true,
    dependencies: {
      bun: RUNTIME_VERSIONS.bun,
      node20: `npm:${node}@${RUNTIME_VERSIONS.node20}`,
      node24: `npm:${node}@${RUNTIME_VERSIONS.node24}`,
    },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
  const { status, error } = spawnSync(
    "npm",
    ["install", "--prefix", folder, "--no-package-lock", ...flags],
    {
      cwd: folder,
      shell: process.platform === "win32",
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  if (error) throw error;
  if (status !== 0) {
    throw new Error(
      `Failed to install the runtimes: npm exited with ${status}`,
    );
  }
}

/** The npm package `node` names its packages with binaries by this rule. */
function getNodePackage(): string {
  const { platform, arch } = process;
  if (platform === "win32") return `node-win-${arch}`;
  const prefix = platform === "darwin" && arch === "arm64"
    ? "node-bin"
    : "node";
  return `${prefix}-${platform}-${arch}`;
}

function getBinaries(folder: string): RuntimePaths {
  const modules = join(folder, "node_modules");
  const extension = process.platform === "win32" ? ".exe" : "";
  const bunPackages = readdirSync(join(modules, "@oven")).sort();
  return {
    bun: findFile(
      bunPackages.map((name) =>
        join(modules, "@oven", name, "bin", `bun${extension}`)
      ),
    ),
    node20: findFile([join(modules, "node20", "bin", `node${extension}`)]),
    node24: findFile([join(modules, "node24", "bin", `node${extension}`)]),
  };
}

function findFile(candidates: string[]): string {
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(
      `Failed to find a runtime's binary: none of "${candidates.join('", "')}"`,
    );
  }
  return found;
}
