import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  GNU,
  LINUX,
  type RunOptions,
  withMachine,
} from "../support/installer.ts";
import {
  hash,
  makeArchive,
  type ReleaseServer,
} from "../support/release_server.ts";
import { skipWithout } from "../support/tools.ts";

/** What goes wrong: how the machine or the release is, and the message. */
interface Failure {
  readonly args?: readonly string[];
  readonly options?: RunOptions;
  readonly break?: (server: ReleaseServer) => void;
  readonly error: RegExp;
  readonly status?: number;
}

const ARCHIVE = `latest/download/zag-ps-${GNU}.tar.gz`;
const SUMS = "latest/download/SHA256SUMS";

/** Replaces the archive, with a sum that fits. */
function replaceArchive({ files }: ReleaseServer, archive: Uint8Array): void {
  files.set(ARCHIVE, archive);
  const line = `${hash(archive)} *zag-ps-${GNU}.tar.gz\n`;
  files.set(SUMS, Buffer.from(line));
}

const FAILURES: Readonly<Record<string, Failure>> = {
  "a platform without a program": {
    options: { system: "FreeBSD" },
    error: /no program for FreeBSD on x86_64\n.*npx zag-ps\n$/,
  },
  "a processor without a program": {
    options: { machine: "riscv64" },
    error: /no program for Linux on riscv64\n/,
  },
  "Windows": {
    options: { system: "MINGW64_NT-10.0" },
    error: /this is Windows\nUse install\.ps1 in PowerShell\n$/,
  },
  "neither curl nor wget": {
    options: { programs: ["sha256sum"] },
    error: /neither curl nor wget is here\nInstall one of them/,
  },
  "nothing that hashes": {
    options: { programs: ["curl"] },
    error: /nothing to compute SHA-256 with\nInstall sha256sum/,
  },
  "a version that is not there": {
    args: ["--version", "9.9.9"],
    error:
      /"http\S+\/download\/v9\.9\.9\/SHA256SUMS".*404\nIs there a version 9\.9\.9\? /,
  },
  "an archive that is not there": {
    break: ({ files }) => files.delete(ARCHIVE),
    error: /Failed to download "\S+tar\.gz".*404\nLook at http/,
  },
  "an archive that SHA256SUMS does not name": {
    break: ({ files }) => files.set(SUMS, Buffer.from("")),
    error: /SHA256SUMS does not name it\n/,
  },
  "another archive than SHA256SUMS means": {
    break: ({ files }) => files.set(ARCHIVE, makeArchive({ "zag-ps": "bad" })),
    error:
      /is not that of SHA256SUMS\nexpected [\da-f]{64}\nreceived [\da-f]{64}\nNothing was/,
  },
  "an archive that is cut off": {
    break: (server) => server.truncated = ARCHIVE,
    error: /Failed to download "\S+tar\.gz": curl: \(18\)/,
  },
  "an archive that is cut off unnoticed": {
    break: ({ files }) =>
      files.set(
        ARCHIVE,
        (files.get(ARCHIVE) ?? Buffer.from("")).subarray(0, 99),
      ),
    error: /is not that of SHA256SUMS\n/,
  },
  "an archive that is none": {
    break: (server) => replaceArchive(server, Buffer.from("<html>")),
    error: /Failed to unpack "zag-ps-\S+": \s*gzip/,
  },
  "an archive without the program": {
    break: (server) => replaceArchive(server, makeArchive({ other: "" })),
    error: /there is no zag-ps in it\n/,
  },
  "a program that does not start here": {
    break: (server) =>
      replaceArchive(
        server,
        makeArchive({ "zag-ps": "#!/bin/sh\necho no such CPU\nexit 1\n" }),
      ),
    error: /Failed to start zag-ps for \S+ here: no such CPU\n/,
  },
  "a server that is not there": {
    options: { env: { ZAG_PS_BASE_URL: "http://127.0.0.1:1" } },
    error: /Failed to download "http:\/\/127\.0\.0\.1:1\/.*: curl: \(7\)/,
  },
  "a folder that is a file": {
    args: ["--dir", "/dev/null"],
    error: /"\/dev\/null"\nChoose another/,
  },
  "an option that there is not": {
    args: ["--global"],
    error: /^Error: Unknown option "--global"\nSee install\.sh --help\n$/,
    status: 2,
  },
  "an option without its value": {
    args: ["--dir"],
    error: /Option "--dir" needs a value/,
    status: 2,
  },
  "a version that leads elsewhere": {
    args: ["--version", "../../x"],
    error: /There can be no version "\.\.\/\.\.\/x"/,
    status: 2,
  },
  "a tilde without a home": {
    args: ["--dir=~/zag-ps-tilde"],
    options: { env: { HOME: "" } },
    error: /HOME is not set: write the folder out/,
    status: 2,
  },
  "no home and no folder": {
    options: { env: { HOME: "" } },
    error: /HOME is not set/,
    status: 2,
  },
};

for (const [what, failure] of Object.entries(FAILURES)) {
  test(`install.sh fails and changes nothing: ${what}`, {
    skip: LINUX || skipWithout("dash", "curl"),
  }, () =>
    withMachine(async ({ home, server, run, list }) => {
      const { args = [], options = {}, status = 1 } = failure;
      failure.break?.(server);
      const check = async () => {
        const ran = await run(args, options);
        assert.match(ran.stderr, failure.error);
        assert.match(ran.stderr, /^Error: /);
        assert.equal(ran.status, status);
      };
      await check();
      assert.deepEqual(list(), []);
      // What was there before stays.
      const dir = join(home, ".local", "bin");
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, "zag-ps"), "before");
      await check();
      assert.deepEqual(list(dir), ["zag-ps"]);
      assert.equal(readFileSync(join(dir, "zag-ps"), "utf8"), "before");
    }));
}

test("install.sh leaves nothing behind where it is interrupted", {
  skip: LINUX || skipWithout("dash", "curl"),
}, () =>
  withMachine(async ({ server, run, list }) => {
    // The program ends the script that tries it out.
    replaceArchive(
      server,
      makeArchive({ "zag-ps": "#!/bin/sh\nkill -TERM $PPID; sleep 1\n" }),
    );
    const { status } = await run([]);
    assert.equal(status, 143);
    assert.deepEqual(list(), []);
  }));
