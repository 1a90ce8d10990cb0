/**
 * Tries every step of a release that can be tried here, for this machine.
 * Nothing is published.
 *
 * @module
 */

import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { VERSION } from "../src/model/version.ts";
import { readNotes } from "./version.ts";
import { COPIED, makeRelease, SUMS_NAME } from "./release.ts";
import { getEnvironment } from "./run_command.ts";
import { renderShellFiles } from "./shell_files.ts";
import type { Check } from "./stage.ts";
import { findHostTarget, getArchiveName, getProgramName } from "./targets.ts";
import { NOTICES_NAME } from "./third_party.ts";

/**
 * Lists the checks.
 *
 * @param root The project's root, with the npm package in `dist/`.
 * @param folder A folder that is not there.
 */
export function listReleaseChecks(root: string, folder: string): Check[] {
  const target = findHostTarget();
  const archive = getArchiveName(target);
  const unpacked = join(folder, "..", "unpacked");
  return [
    {
      name: "the version is the same wherever it is written",
      run() {
        run([process.execPath, "run", "-A", "scripts/version_check.ts"], root);
      },
    },
    {
      name: "another tag is refused",
      run() {
        const command = [process.execPath, "run", "-A"];
        const { status } = spawnIn(
          [...command, "scripts/version_check.ts", "v999.0.0"],
          root,
        );
        if (status !== 1) throw new Error(`It exited with ${status}`);
      },
    },
    {
      name: "the changelog says what is new",
      run() {
        readNotes(readFileSync(join(root, "CHANGELOG.md"), "utf8"), VERSION);
      },
    },
    {
      name: "the files are made",
      async run() {
        await makeRelease(root, folder, [target], (path) => console.log(path));
        expect(
          readdirSync(folder).sort().join(),
          [SUMS_NAME, archive, ...COPIED.map((path) => basename(path))]
            .sort().join(),
        );
      },
    },
    { name: "the checksums fit", run: () => checkSums(folder) },
    {
      name: "the archive holds the program, and what belongs to it",
      run() {
        mkdirSync(unpacked);
        // The tar of Windows and of macOS reads a zip, too.
        run(["tar", "-xf", join(folder, archive)], unpacked);
        const names = [
          ...renderShellFiles(root).keys(),
          ...["LICENSE", NOTICES_NAME, getProgramName(target)],
        ];
        for (const name of names) {
          if (!existsSync(join(unpacked, name))) throw new Error(name);
        }
      },
    },
    {
      name: "the program in the archive starts",
      run() {
        const program = join(unpacked, getProgramName(target));
        if (process.platform !== "win32") {
          expect((statSync(program).mode & 0o777).toString(8), "755");
        }
        expect(run([program, "--version"], unpacked), `zag-ps ${VERSION}\n`);
      },
    },
    {
      name: "install.sh installs it",
      run: () => checkInstaller(folder),
    },
    {
      name: "npm would publish the package",
      run() {
        const tarball = join(root, "dist", `zag-ps-${VERSION}.tgz`);
        run(["npm", "publish", "--dry-run", "--tag=next", tarball], root);
      },
    },
  ];
}

/** Whoever downloads the files checks them with this. */
function checkSums(folder: string): void {
  const command = process.platform === "darwin"
    ? ["shasum", "--algorithm=256"]
    : ["sha256sum", "--strict"];
  run([...command, "--check", SUMS_NAME], folder);
}

/** Serves the files as GitHub does, and installs the program from there. */
async function checkInstaller(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const target = join(folder, "..", "installed");
  const server = createServer((request, response) => {
    const path = join(folder, basename(request.url ?? ""));
    if (existsSync(path)) response.end(readFileSync(path));
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    await promisify(execFile)(
      "sh",
      [join(folder, "install.sh"), "--dir", target],
      {
        cwd: folder,
        env: {
          ...getEnvironment(),
          ZAG_PS_BASE_URL: `http://127.0.0.1:${port}`,
        },
      },
    );
  } finally {
    server.close();
  }
  const program = join(target, "zag-ps");
  expect(run([program, "--version"], target), `zag-ps ${VERSION}\n`);
}

function spawnIn([program = "", ...args]: string[], folder: string) {
  return spawnSync(program, args, {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
}

function run(command: string[], folder: string): string {
  const { status, stdout, stderr, error } = spawnIn(command, folder);
  if (error) throw error;
  if (status === 0) return stdout;
  throw new Error(`"${command.join(" ")}" exited with ${status}\n${stderr}`);
}

function expect(found: string, wanted: string): void {
  if (found !== wanted) {
    throw new Error(`Expected ${JSON.stringify(wanted)}, got "${found}"`);
  }
}
