import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type ArchiveFile, makeTarGz, makeZip } from "../../scripts/archive.ts";

const encoder = new TextEncoder();
const FILES: ArchiveFile[] = [
  { path: "zag-ps", content: encoder.encode("#!/bin/sh\n"), executable: true },
  { path: "LICENSE", content: encoder.encode("MIT\n") },
  { path: "completions/_zag-ps", content: new Uint8Array(100_000) },
];

const hasUnzip = spawnSync("unzip", ["-v"]).error === undefined;

/** Lists an archive with the program that people have. */
function list(bytes: Uint8Array, command: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-archive-"));
  try {
    const path = join(folder, "archive");
    writeFileSync(path, bytes);
    const [program = "", ...args] = command;
    const { status, stdout, stderr } = spawnSync(program, [...args, path], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], TZ: "UTC", LC_ALL: "C" },
    });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

for (const [name, make] of Object.entries({ makeTarGz, makeZip })) {
  test(`${name} makes the same bytes of the same files`, () => {
    const bytes = make(FILES);
    assert.deepEqual(make(FILES.toReversed()), bytes);
    const before = process.env["TZ"];
    try {
      process.env["TZ"] = "Pacific/Kiritimati";
      assert.deepEqual(make(FILES), bytes);
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
    const other = FILES.map((file) => ({ ...file, executable: false }));
    assert.notDeepEqual(make(other), bytes);
  });
}

test("makeTarGz makes what tar lists, of root, with permissions", {
  skip: process.platform === "linux" ? false : "it reads the list of GNU tar",
}, () => {
  const lines = list(makeTarGz(FILES), ["tar", "-tvzf"]).trim().split("\n");
  assert.deepEqual(lines.map((line) => line.replace(/ +/g, " ")), [
    "-rw-r--r-- root/root 4 2026-01-01 00:00 LICENSE",
    "-rw-r--r-- root/root 100000 2026-01-01 00:00 completions/_zag-ps",
    "-rwxr-xr-x root/root 10 2026-01-01 00:00 zag-ps",
  ]);
});

test("makeTarGz ends a tar of any length so that tar does not warn", {
  skip: process.platform === "linux" ? false : "it reads what GNU tar warns of",
}, () => {
  for (let blocks = 0; blocks < 20; blocks++) {
    const content = new Uint8Array(blocks * 512);
    const archive = makeTarGz([{ path: "zag-ps", content }]);
    assert.equal(list(archive, ["tar", "-tzf"]), "zag-ps\n");
  }
});

test("makeZip makes what unzip lists", {
  skip: hasUnzip ? false : "there is no unzip",
}, () => {
  const listed = list(makeZip(FILES), ["unzip", "-Z"]);
  const rows = listed.match(/^-.*$/gm)?.map((line) =>
    line.replace(/^(\S+).*26-Jan-01 00:00 (\S+)$/, "$1 $2")
  );
  assert.deepEqual(rows, [
    "-rw-r--r-- LICENSE",
    "-rw-r--r-- completions/_zag-ps",
    "-rwxr-xr-x zag-ps",
  ]);
});
