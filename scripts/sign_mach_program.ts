/**
 * Signs a program for macOS "ad hoc": with the hashes of its own pages, and
 * nobody's name.
 *
 * Bun 1.4 signs what it compiles for Apple silicon. In a program for Intel it
 * leaves the signature of Bun itself, which fits no longer, and macOS may end
 * a program whose signature does not fit. What is written here is what Bun
 * writes for Apple silicon, byte for byte: a CodeDirectory alone.
 *
 * The numbers are those of Apple's `mach-o/loader.h` and `cs_blobs.h`.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";

const MAGIC_64 = 0xfeedfacf;
const HEADER_BYTES = 32;
const SEGMENT_64 = 0x19;
const CODE_SIGNATURE = 0x1d;

const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const SUPER_BLOB_BYTES = 20;
const CODE_DIRECTORY_BYTES = 88;
/** The first version that says where the segment with the code is. */
const CODE_DIRECTORY_VERSION = 0x20400;
/** Ad hoc, and made by whatever linked the program. */
const FLAGS = 0x20002;
const SHA256 = 2;
const SHA256_BYTES = 32;
const PAGE_BITS = 12;
const PAGE_BYTES = 1 << PAGE_BITS;
const MAIN_PROGRAM = 1;

/** The parts of a program that a signature is about. */
interface Parts {
  /** Where the command is that says where the signature is. */
  command: number;
  /** Where the signature is, which is also where what it covers ends. */
  start: number;
  /** Where the command of the last segment is, which holds the signature. */
  last: number;
  /** The segment with the code. */
  textOffset: number;
  textBytes: number;
}

function findParts(program: Buffer): Parts {
  if (program.length < HEADER_BYTES || program.readUInt32LE(0) !== MAGIC_64) {
    throw new Error("Failed to sign: this is no program for macOS");
  }
  const parts: Partial<Parts> = {};
  let at = HEADER_BYTES;
  for (let left = program.readUInt32LE(16); left > 0; left--) {
    const kind = program.readUInt32LE(at);
    if (kind === CODE_SIGNATURE) {
      parts.command = at;
      parts.start = program.readUInt32LE(at + 8);
    } else if (kind === SEGMENT_64) {
      const name = program.toString("latin1", at + 8, at + 24);
      if (/^__LINKEDIT\0/.test(name)) parts.last = at;
      if (/^__TEXT\0/.test(name)) {
        parts.textOffset = Number(program.readBigUInt64LE(at + 40));
        parts.textBytes = Number(program.readBigUInt64LE(at + 48));
      }
    }
    at += program.readUInt32LE(at + 4);
  }
  const { command, start, last, textOffset, textBytes } = parts;
  if (
    command === undefined || start === undefined || last === undefined ||
    textOffset === undefined || textBytes === undefined
  ) throw new Error("Failed to sign: the program has no place for a signature");
  return { command, start, last, textOffset, textBytes };
}

/**
 * Signs a program that has a signature, which is replaced.
 *
 * @param bytes The program's file. It stays as it is.
 * @param identifier The name in the signature.
 * @returns The signed program's file.
 * @throws {Error} If it is no program for macOS, or has no signature.
 */
export function signMachProgram(
  bytes: Uint8Array,
  identifier: string,
): Uint8Array {
  const original = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const parts = findParts(original);
  const { command, start, last } = parts;
  const pages = Math.ceil(start / PAGE_BYTES);
  const hashOffset = CODE_DIRECTORY_BYTES + identifier.length + 1;
  const directoryBytes = hashOffset + pages * SHA256_BYTES;
  const signatureBytes = SUPER_BLOB_BYTES + directoryBytes;

  const signed = Buffer.alloc(start + signatureBytes);
  original.copy(signed, 0, 0, start);
  signed.writeUInt32LE(signatureBytes, command + 12);
  const fileOffset = Number(signed.readBigUInt64LE(last + 40));
  const fileBytes = BigInt(signed.length - fileOffset);
  signed.writeBigUInt64LE(fileBytes, last + 48);
  const memoryBytes = signed.readBigUInt64LE(last + 32);
  if (memoryBytes < fileBytes) {
    signed.writeBigUInt64LE((fileBytes + 0x3fffn) & ~0x3fffn, last + 32);
  }
  writeSuperBlob(signed.subarray(start), signatureBytes);
  const directory = signed.subarray(start + SUPER_BLOB_BYTES);
  writeDirectory(directory, parts, identifier, pages, hashOffset);
  // Only now: the commands above are on the pages that are hashed.
  for (let page = 0; page < pages; page++) {
    const end = Math.min((page + 1) * PAGE_BYTES, start);
    createHash("sha256").update(signed.subarray(page * PAGE_BYTES, end))
      .digest().copy(directory, hashOffset + page * SHA256_BYTES);
  }
  return new Uint8Array(signed.buffer, signed.byteOffset, signed.length);
}

function writeSuperBlob(blob: Buffer, bytes: number): void {
  const fields = [SUPER_BLOB, bytes, 1, 0, SUPER_BLOB_BYTES];
  fields.forEach((field, i) => blob.writeUInt32BE(field, i * 4));
}

function writeDirectory(
  directory: Buffer,
  { start, textOffset, textBytes }: Parts,
  identifier: string,
  pages: number,
  hashOffset: number,
): void {
  const fields = [
    CODE_DIRECTORY,
    hashOffset + pages * SHA256_BYTES,
    CODE_DIRECTORY_VERSION,
    FLAGS,
    hashOffset,
    CODE_DIRECTORY_BYTES,
    0, // no special slots
    pages,
    start,
  ];
  fields.forEach((field, i) => directory.writeUInt32BE(field, i * 4));
  directory.set([SHA256_BYTES, SHA256, 0, PAGE_BITS], 36);
  directory.writeBigUInt64BE(BigInt(textOffset), 64);
  directory.writeBigUInt64BE(BigInt(textBytes), 72);
  directory.writeBigUInt64BE(BigInt(MAIN_PROGRAM), 80);
  directory.write(identifier, CODE_DIRECTORY_BYTES, "latin1");
}

/**
 * Holds a program against its signature.
 *
 * @returns How many of its pages the signature does not fit; all of it has to
 * be covered, up to the signature.
 * @throws {Error} If it is no program for macOS, or has no signature.
 */
export function countBadPages(bytes: Uint8Array): number {
  const program = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const { start } = findParts(program);
  const pages = Math.ceil(start / PAGE_BYTES);
  const offset = program.readUInt32BE(start + 16);
  const directory = program.subarray(start + offset);
  if (directory.readUInt32BE(0) !== CODE_DIRECTORY) return pages;
  const hashOffset = directory.readUInt32BE(16);
  if (directory.readUInt32BE(28) !== pages) return pages;
  let bad = 0;
  for (let page = 0; page < pages; page++) {
    const end = Math.min((page + 1) * PAGE_BYTES, start);
    const hash = createHash("sha256")
      .update(program.subarray(page * PAGE_BYTES, end)).digest();
    const at = hashOffset + page * SHA256_BYTES;
    if (!hash.equals(directory.subarray(at, at + SHA256_BYTES))) bad++;
  }
  return bad;
}
