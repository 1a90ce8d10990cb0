import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  countBadPages,
  signMachProgram,
} from "../../scripts/sign_mach_program.ts";

/** Three pages and a half, and the signature of another program. */
const CODE_BYTES = 14_336;
const PAGES = 4;
const OLD_SIGNATURE_BYTES = 256;

/** A program with the commands that a signature is about. */
function makeProgram(): Buffer {
  const program = Buffer.alloc(CODE_BYTES + OLD_SIGNATURE_BYTES);
  for (let i = 4096; i < CODE_BYTES; i++) program[i] = i % 251;
  program.writeUInt32LE(0xfeedfacf, 0);
  program.writeUInt32LE(3, 16);
  let at = 32;
  const writeSegment = (name: string, offset: number, bytes: number) => {
    program.writeUInt32LE(0x19, at);
    program.writeUInt32LE(72, at + 4);
    program.write(name, at + 8, "latin1");
    program.writeBigUInt64LE(16384n, at + 32);
    program.writeBigUInt64LE(BigInt(offset), at + 40);
    program.writeBigUInt64LE(BigInt(bytes), at + 48);
    at += 72;
  };
  writeSegment("__TEXT", 0, 8192);
  writeSegment("__LINKEDIT", 8192, program.length - 8192);
  program.writeUInt32LE(0x1d, at);
  program.writeUInt32LE(16, at + 4);
  program.writeUInt32LE(CODE_BYTES, at + 8);
  program.writeUInt32LE(OLD_SIGNATURE_BYTES, at + 12);
  return program;
}

test("signMachProgram signs every page", () => {
  const program = makeProgram();
  const before = Buffer.from(program);
  assert.equal(countBadPages(program), PAGES);
  const signed = signMachProgram(program, "zag-ps");
  assert.deepEqual(program, before);
  assert.equal(countBadPages(signed), 0);
  // Not a byte of the program itself is another one.
  assert.deepEqual(
    signed.subarray(4096, CODE_BYTES),
    new Uint8Array(program.subarray(4096, CODE_BYTES)),
  );
  assert.deepEqual(signMachProgram(signed, "zag-ps"), signed);
});

test("signMachProgram says where the signature ends", () => {
  const signed = Buffer.from(signMachProgram(makeProgram(), "zag-ps"));
  const linkEdit = 32 + 72;
  const command = linkEdit + 72;
  assert.equal(signed.readUInt32LE(command + 8), CODE_BYTES);
  assert.equal(signed.readUInt32LE(command + 12), signed.length - CODE_BYTES);
  assert.equal(
    Number(signed.readBigUInt64LE(linkEdit + 48)),
    signed.length - 8192,
  );
});

test("countBadPages finds a byte that was changed", () => {
  for (const at of [0, 5000, CODE_BYTES - 1]) {
    const signed = Buffer.from(signMachProgram(makeProgram(), "zag-ps"));
    // Not in the fields that say where the signature is.
    signed.writeUInt8(signed.readUInt8(at === 0 ? 3000 : at) ^ 1, at || 3000);
    assert.equal(countBadPages(signed), 1);
  }
});

test("signMachProgram refuses what is no signed program for macOS", () => {
  const unsigned = makeProgram();
  unsigned.writeUInt32LE(2, 16);
  for (
    const bytes of [new Uint8Array(), Buffer.from("#!/bin/sh\n"), unsigned]
  ) {
    assert.throws(
      () => signMachProgram(bytes, "zag-ps"),
      /^Error: Failed to sign/,
    );
  }
});

const BUN_SIGNED = join("dist", "bun", "aarch64-apple-darwin", "zag-ps");

test("signMachProgram signs as Bun does, byte for byte", {
  skip: existsSync(BUN_SIGNED)
    ? false
    : 'it needs what "deno task compile:bun:all" builds',
}, () => {
  const program = readFileSync(BUN_SIGNED);
  assert.equal(countBadPages(program), 0);
  const signed = signMachProgram(program, "a.out");
  assert.equal(Buffer.compare(signed, program), 0);
});
