/**
 * Tells for which machine a program was made, by the first bytes of its file
 * (ELF, Mach-O, PE). So a program is never shipped under another's name.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { closeSync, openSync, readSync } from "node:fs";
import type { Target } from "./targets.ts";

/** The headers of all three are in front of this. */
const HEAD_BYTES = 64 * 1024;

const ELF_CPUS: Record<number, string> = { 0x3e: "x64", 0xb7: "arm64" };
const MACH_CPUS: Record<number, string> = {
  0x01000007: "x64",
  0x0100000c: "arm64",
};
const PE_CPUS: Record<number, string> = { 0x8664: "x64", 0xaa64: "arm64" };

/**
 * Tells the machine of a program.
 *
 * @param head The first bytes of its file.
 * @returns Such as "linux x64 musl"; `undefined` if it is no such program.
 */
export function readProgramKind(head: Uint8Array): string | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  if (bytes.length < 0x100) return undefined;
  if (bytes.toString("latin1", 0, 4) === "\x7fELF") {
    // The program that loads it is named in the file.
    const libc = bytes.includes("/ld-musl-") ? "musl" : "gnu";
    return `linux ${ELF_CPUS[bytes.readUInt16LE(18)]} ${libc}`;
  }
  if (bytes.readUInt32LE(0) === 0xfeedfacf) {
    return `darwin ${MACH_CPUS[bytes.readUInt32LE(4)]}`;
  }
  const pe = bytes.toString("latin1", 0, 2) === "MZ"
    ? bytes.readUInt32LE(0x3c)
    : bytes.length;
  if (
    pe + 6 <= bytes.length &&
    bytes.toString("latin1", pe, pe + 4) === "PE\0\0"
  ) return `win32 ${PE_CPUS[bytes.readUInt16LE(pe + 4)]}`;
  return undefined;
}

/**
 * @throws {Error} If the file is not a program for the target.
 */
export function requireProgramFor(target: Target, path: string): void {
  const head = Buffer.alloc(HEAD_BYTES);
  const fd = openSync(path, "r");
  let length: number;
  try {
    length = readSync(fd, head);
  } finally {
    closeSync(fd);
  }
  const { platform, arch, libc } = target;
  const wanted = [platform, arch, ...(libc ? [libc] : [])].join(" ");
  const kind = readProgramKind(head.subarray(0, length));
  if (kind === wanted) return;
  throw new Error(
    `Failed to make a program for ${target.triple}: what was built is one for ${
      kind ?? "no machine that is known"
    }`,
  );
}
