import { Buffer } from "node:buffer";
import { fstatSync, readSync, type Stats, writeSync } from "node:fs";
import process from "node:process";
import { errorCode } from "../model/errors.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
/** A reader takes a pipe full of text in a fraction of a millisecond. */
const RETRY_MS = 0.1;

/**
 * How much is written in one call. Where a non-blocking pipe takes only a part,
 * Deno throws and does not say how much it took; of so much it takes all or
 * nothing (PIPE_BUF, pipe(7); elsewhere what POSIX grants).
 */
const MAX_PIECE_BYTES = process.versions["deno"] === undefined
  ? Infinity
  : process.platform === "linux"
  ? 4096
  : 512;

/** What an UTF-16 unit takes in UTF-8, at most. */
const MAX_UNIT_BYTES = 3;
const LINE_FEED = 10;

/** Major 1, minor 3 (Linux, Documentation/admin-guide/devices.txt). */
const LINUX_NULL_DEVICE = 0x103;

/**
 * As much as a pipe holds. It is there from the start, for late in a run its
 * size alone has JavaScriptCore collect garbage.
 */
const room = Buffer.allocUnsafe(64 * 1024);

/** The first failure to write; what goes on is finished all the same. */
let failure: unknown;

/** Where a command line of the real machine prints. */
export function createConsole(): {
  out: (text: string) => void;
  /** Writes lines, those of one part after the other. */
  outLines: (parts: readonly (readonly string[])[]) => void;
  err: (text: string) => void;
  isTerminal: () => boolean;
  columns: () => number | undefined;
  isErrTerminal: () => Promise<boolean>;
  confirm: (question: string) => Promise<boolean | undefined>;
  /** The first error that kept a text from being written, if there was one. */
  failure: () => unknown;
} {
  return {
    out: (text) => void writeAll(STDOUT, Buffer.from(text)),
    outLines,
    err: (text) => void writeAll(STDERR, Buffer.from(text)),
    isTerminal: () => isTerminal(),
    // A terminal that was never given a size says 0.
    columns: () => isTerminal() && process.stdout.columns || undefined,
    isErrTerminal: () => isTty(STDERR),
    confirm,
    failure: () => failure,
  };
}

/**
 * Fills the room again and again: a reader takes what it held meanwhile, and
 * no text is made of all the lines.
 */
function outLines(parts: readonly (readonly string[])[]): void {
  let used = 0;
  for (const lines of parts) {
    for (const line of lines) {
      const needed = line.length * MAX_UNIT_BYTES + 1;
      if (needed > room.length - used) {
        if (!writeAll(STDOUT, room.subarray(0, used))) return;
        used = 0;
      }
      if (needed > room.length) {
        if (!writeAll(STDOUT, Buffer.from(`${line}\n`))) return;
      } else {
        used += room.write(line, used);
        room[used++] = LINE_FEED;
      }
    }
  }
  writeAll(STDOUT, room.subarray(0, used));
}

function isTerminal(): boolean {
  try {
    // `process.stdout` is slow to set up; a pipe or a file needs none of it.
    const stats = fstatSync(STDOUT);
    if (!stats.isCharacterDevice() || isNull(stats)) return false;
  } catch {
    return false;
  }
  return process.stdout.isTTY === true;
}

/** Whether something is /dev/null, as far as its number tells. */
function isNull({ rdev }: Stats): boolean {
  return process.platform === "linux" && rdev === LINUX_NULL_DEVICE;
}

async function isTty(fd: number): Promise<boolean> {
  // Loaded only here: most runs ask nobody.
  const { isatty } = await import("node:tty");
  return isatty(fd);
}

/** Asks on the terminal; anything but a yes is a no. */
async function confirm(question: string): Promise<boolean | undefined> {
  if (!await isTty(STDIN) || !await isTty(STDERR)) return undefined;
  writeAll(STDERR, Buffer.from(`${question} [y/N] `));
  return /^y(?:es)?$/i.test(readLine().trim());
}

/** A line of the terminal, which hands out whole lines. */
function readLine(): string {
  const chunk = new Uint8Array(1024);
  let line = "";
  while (!line.includes("\n")) {
    let read = 0;
    try {
      read = readSync(STDIN, chunk);
    } catch (error) {
      // How Windows says that there is no more; elsewhere it is no answer.
      if (errorCode(error) !== "EAGAIN") return "";
      wait(RETRY_MS);
      continue;
    }
    if (read === 0) break;
    line += new TextDecoder().decode(chunk.subarray(0, read));
  }
  return line;
}

function wait(milliseconds: number): void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(never, 0, 0, milliseconds);
}

/**
 * Writes all of it. A reader that went away is no failure of ours: a kill
 * must not stop half-way because `head` has seen enough.
 *
 * @returns whether more can be written
 */
function writeAll(fd: number, bytes: Uint8Array): boolean {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, takePiece(bytes.subarray(written)));
    } catch (error) {
      const code = errorCode(error);
      if (code !== "EAGAIN") {
        if (code !== "EPIPE") failure ??= error;
        return false;
      }
      // Somebody made the pipe non-blocking: wait until it is read.
      wait(RETRY_MS);
    }
  }
  return true;
}

/**
 * What of some bytes is written in one call. Where it can it ends at a line
 * break, for Deno makes two system calls of what has something behind its last
 * one.
 */
function takePiece(bytes: Uint8Array): Uint8Array {
  if (MAX_PIECE_BYTES === Infinity) return bytes;
  const piece = bytes.subarray(0, MAX_PIECE_BYTES);
  return piece.subarray(0, piece.lastIndexOf(LINE_FEED) + 1 || piece.length);
}
