import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import process from "node:process";
import { test } from "node:test";
import {
  readProgramKind,
  requireProgramFor,
} from "../../scripts/program_kind.ts";
import { findHostTarget, TARGETS } from "../../scripts/targets.ts";

function makeElf(cpu: number, loader: string): Buffer {
  const head = Buffer.alloc(512);
  head.write("\x7fELF", 0, "latin1");
  head.writeUInt16LE(cpu, 18);
  head.write(loader, 300, "latin1");
  return head;
}

function makeMach(cpu: number): Buffer {
  const head = Buffer.alloc(512);
  head.writeUInt32LE(0xfeedfacf, 0);
  head.writeUInt32LE(cpu, 4);
  return head;
}

function makePe(cpu: number, offset = 0x80): Buffer {
  const head = Buffer.alloc(512);
  head.write("MZ", 0, "latin1");
  head.writeUInt32LE(offset, 0x3c);
  if (offset < 500) {
    head.write("PE\0\0", offset, "latin1");
    head.writeUInt16LE(cpu, offset + 4);
  }
  return head;
}

const ROWS: [string, Buffer, string | undefined][] = [
  ["ELF, x64", makeElf(0x3e, "/lib64/ld-linux-x86-64.so.2"), "linux x64 gnu"],
  [
    "ELF, x64, musl",
    makeElf(0x3e, "/lib/ld-musl-x86_64.so.1"),
    "linux x64 musl",
  ],
  [
    "ELF, arm64",
    makeElf(0xb7, "/lib/ld-linux-aarch64.so.1"),
    "linux arm64 gnu",
  ],
  ["Mach-O, x64", makeMach(0x01000007), "darwin x64"],
  ["Mach-O, arm64", makeMach(0x0100000c), "darwin arm64"],
  ["PE, x64", makePe(0x8664), "win32 x64"],
  ["PE, arm64", makePe(0xaa64), "win32 arm64"],
  ["a program of DOS", makePe(0, 60_000), undefined],
  ["a script", Buffer.from("#!/bin/sh\n".repeat(100)), undefined],
  ["an empty file", Buffer.alloc(0), undefined],
];

for (const [name, head, kind] of ROWS) {
  test(`readProgramKind tells ${name}`, () => {
    assert.equal(readProgramKind(head), kind);
  });
}

test("requireProgramFor takes this runtime for this machine's alone", () => {
  const host = findHostTarget();
  requireProgramFor(host, process.execPath);
  for (const target of TARGETS.filter((target) => target !== host)) {
    assert.throws(
      () => requireProgramFor(target, process.execPath),
      new RegExp(`for ${target.triple}: what was built is one for `),
    );
  }
});
