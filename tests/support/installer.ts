/**
 * A machine that install.sh is run on: a home, a release, and programs that
 * tell what machine it is.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { type Ran, runProgram } from "./children.ts";
import {
  addRelease,
  type ReleaseServer,
  withReleases,
} from "./release_server.ts";
import { findTool } from "./tools.ts";

/** The script. */
export const SCRIPT = resolve("install.sh");
/** The platform that the machine is, unless it is told to be another. */
export const GNU = "x86_64-unknown-linux-gnu";
/** Why its tests are skipped; `false` if they are not. */
export const LINUX = process.platform === "linux"
  ? false
  : "the machines that it is shown are Linux";

/** What the script uses, apart from what downloads and what hashes. */
const NEEDED = "cat chmod dirname getconf gzip mkdir mktemp mv rm rmdir sh tar"
  .split(" ");

/** The shells that it runs under, with what makes them read a script. */
export const SHELLS: Readonly<Record<string, readonly string[]>> = {
  dash: [],
  bash: ["--posix"],
  busybox: ["sh"],
};

/** A home, and a machine that tells what it is. */
export interface Machine {
  home: string;
  server: ReleaseServer;
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** What is in the home, hidden files too. */
  list(folder?: string): string[];
}

/** What there is on the machine. */
export interface RunOptions {
  shell?: string;
  env?: Record<string, string>;
  /** `uname -s`, `uname -m` and what `ldd --version` prints. */
  system?: string;
  machine?: string;
  ldd?: string;
  /** The programs that are there besides the needed ones. */
  programs?: readonly string[];
}

/** Makes a machine, lets a test use it, and clears it away. */
export async function withMachine(
  use: (machine: Machine) => Promise<void>,
): Promise<void> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "zag-ps-install-")));
  const bins: string[] = [];
  try {
    await withReleases(async (server) => {
      addRelease(server, "latest/download", { [GNU]: say("0.2.0") });
      addRelease(server, "download/v0.1.0", { [GNU]: say("0.1.0") });
      await use({
        home,
        server,
        list: (folder = home) =>
          readdirSync(folder, { recursive: true }).map(String).sort(),
        run: (args, options = {}) => {
          const bin = mkdtempSync(join(tmpdir(), "zag-ps-bin-"));
          bins.push(bin);
          fillBin(bin, options);
          const { shell = "dash", env = {} } = options;
          const program = findTool(shell) ?? shell;
          return runProgram(
            program,
            [...SHELLS[shell] ?? [], SCRIPT, ...args],
            {
              cwd: home,
              env: {
                PATH: bin,
                HOME: home,
                ZAG_PS_BASE_URL: server.base,
                ...env,
              },
            },
          );
        },
      });
    });
  } finally {
    for (const folder of [home, ...bins]) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** A program that tells its version. */
export function say(version: string): string {
  return `#!/bin/sh\necho zag-ps ${version}\n`;
}

function fillBin(bin: string, options: RunOptions): void {
  const { system = "Linux", machine = "x86_64", ldd = "ldd (GNU libc) 2.36" } =
    options;
  const { programs = ["curl", "sha256sum"] } = options;
  for (const name of [...NEEDED, ...programs]) {
    const path = findTool(name);
    assert.ok(path, `${name} is not here`);
    symlinkSync(path, join(bin, name));
  }
  const write = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  write(
    "uname",
    `case $1 in -s) echo '${system}' ;; *) echo '${machine}' ;; esac`,
  );
  write("ldd", `echo '${ldd}' >&2; exit 1`);
}
