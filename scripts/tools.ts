/**
 * Installs the shells and linters of Debian that some tests use, below
 * `dist/tools/` and without root. Tests take them from there or from `PATH`;
 * what is in neither they skip, and say so.
 *
 *     deno task tools
 *
 * @module
 */

import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
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

/** A program and the Debian packages that it is made of. */
interface Tool {
  name: string;
  /** The program in its packages. */
  program: string;
  packages: string[];
}

const FOLDER = join("dist", "tools");

function listTools(): Tool[] {
  const ruby = findRuby();
  return [
    { name: "zsh", program: "bin/zsh", packages: ["zsh", "zsh-common"] },
    {
      name: "fish",
      program: "usr/bin/fish",
      packages: ["fish", "fish-common", "libpcre2-32-0"],
    },
    { name: "busybox", program: "bin/busybox", packages: ["busybox-static"] },
    { name: "mandoc", program: "usr/bin/mandoc", packages: ["mandoc"] },
    {
      name: "shellcheck",
      program: "usr/bin/shellcheck",
      packages: ["shellcheck"],
    },
    {
      name: "ruby",
      program: `usr/bin/${ruby}`,
      packages: [ruby, `lib${ruby}`],
    },
  ];
}

/** The package of the default Ruby, which has its version in its name. */
function findRuby(): string {
  const { stdout } = spawnSync("apt-cache", ["depends", "ruby"], {
    encoding: "utf8",
  });
  return /Depends: (ruby\d[\d.]*)/.exec(stdout ?? "")?.[1] ?? "ruby3.1";
}

function main(): number {
  const tools = listTools();
  if (spawnSync("apt-get", ["--version"]).error) {
    console.error(
      "Error: Failed to install the tools: there is no apt-get here\n" +
        `Install ${tools.map(({ name }) => name).join(", ")} in another way: ` +
        "the tests take them from PATH",
    );
    return 1;
  }
  mkdirSync("dist", { recursive: true });
  // Unpacked beside and renamed: a broken install is never found later.
  const staging = mkdtempSync(join("dist", "tools-"));
  try {
    mkdirSync(join(staging, "bin"));
    const failed = tools.filter((tool) => !install(tool, staging));
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(staging, FOLDER);
    if (failed.length === 0) return 0;
    console.error(
      `Error: Failed to install ${
        failed.map(({ name }) => name).join(", ")
      }\nRefresh what apt-get knows, as root: apt-get update`,
    );
    return 1;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Unpacks the packages of a tool; whether it is there then. */
function install({ name, program, packages }: Tool, folder: string): boolean {
  const debs = mkdtempSync(join(folder, "debs-"));
  // As root apt-get downloads as a user of its own.
  chmodSync(folder, 0o755);
  chmodSync(debs, 0o777);
  const root = join(folder, "root");
  try {
    execFileSync("apt-get", ["-qq", "download", ...packages], {
      cwd: debs,
      stdio: ["ignore", "ignore", "inherit"],
    });
    for (const deb of readdirSync(debs)) {
      execFileSync("dpkg", ["-x", join(debs, deb), root]);
    }
  } catch {
    return false;
  } finally {
    rmSync(debs, { recursive: true, force: true });
  }
  if (!existsSync(join(root, program))) return false;
  // Only with this folder fish takes its functions from beside it.
  mkdirSync(join(root, "usr", "etc", "fish"), { recursive: true });
  writeFileSync(join(folder, "bin", name), renderStart(program), {
    mode: 0o755,
  });
  console.log(join(FOLDER, "bin", name));
  return true;
}

/** A script that starts a program with the libraries beside it. */
function renderStart(program: string): string {
  return `#!/bin/sh
root=$(dirname "$0")/../root
for folder in "$root"/usr/lib/*-linux-*; do
  LD_LIBRARY_PATH=$folder\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
done
export LD_LIBRARY_PATH
exec "$root/${program}" "$@"
`;
}

process.exitCode = main();
