/**
 * Shows zag-ps with the standard library of JSR in place of the copy on npm.
 * Nothing else changes.
 *
 *     deno task jsr
 *
 * Prints the import map. Then, where JSR can be reached, the types are checked
 * and the tests of the rules are run with it.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { mapToJsr } from "./map_to_jsr.ts";

/** The part of a `deno.json` that names modules. */
interface Configuration {
  imports: Record<string, string>;
  compilerOptions: Record<string, unknown>;
}

/** The tests of what uses the standard library. */
const TESTS = ["tests/cli/", "tests/model/"];

/** How Deno says that there is no network. */
const UNREACHABLE =
  /package manifest for .* failed to load|error sending request|dns error/;

/** Whether JSR answers; a failure of another kind is thrown. */
function isReachable(specifiers: string[]): boolean {
  for (const specifier of specifiers) {
    const { status, stderr } = spawnSync(
      process.execPath,
      ["cache", "--no-config", "--quiet", specifier],
      // Where nothing names packages of its own.
      { cwd: tmpdir(), encoding: "utf8" },
    );
    if (status === 0) continue;
    if (UNREACHABLE.test(stderr)) return false;
    throw new Error(`Failed to get "${specifier}"\n${stderr}`);
  }
  return true;
}

/** Checks and tests; what Deno says goes to stderr. */
function tryOut(root: string, configuration: Configuration): number {
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-jsr-"));
  try {
    const path = join(folder, "deno.json");
    writeFileSync(path, JSON.stringify({ ...configuration, lock: false }));
    const flags = [`--config=${path}`, "--node-modules-dir=none"];
    const commands = [
      ["check", ...flags, "mod.ts", "cli.ts"],
      ["test", "-A", "--no-check", ...flags, ...TESTS],
    ];
    for (const command of commands) {
      const { status } = spawnSync(process.execPath, command, {
        cwd: root,
        stdio: ["ignore", process.stderr.fd, process.stderr.fd],
      });
      if (status !== 0) return status ?? 1;
    }
    console.error("Checked and tested with this import map");
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main(root: string): number {
  const { imports, compilerOptions }: Configuration = JSON.parse(
    readFileSync(join(root, "deno.json"), "utf8"),
  );
  const mapped = mapToJsr(imports);
  console.log(JSON.stringify({ imports: mapped }, null, 2));
  const wanted = Object.values(mapped).filter((name) =>
    name.startsWith("jsr:")
  );
  if (isReachable(wanted)) {
    return tryOut(root, { imports: mapped, compilerOptions });
  }
  console.error(
    "JSR cannot be reached: nothing was checked or tested with this import map",
  );
  return 0;
}

try {
  process.exitCode = main(process.cwd());
} catch (error) {
  console.error(`Error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
