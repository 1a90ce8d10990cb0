import { Buffer } from "node:buffer";
import { fstatSync, writeSync } from "node:fs";
import process from "node:process";
import { errorCode } from "../model/errors.ts";

const STDOUT = 1;
const STDERR = 2;
/** A reader takes a pipe full of text in a fraction of a millisecond. */
const RETRY_MS = 0.1;

/** The first failure to write; what goes on is finished all the same. */
let failure: unknown;

/** Where a command line of the real machine prints. */
export function createConsole(): {
  out: (text: string) => void;
  err: (text: string) => void;
  isTerminal: () => boolean;
  columns: () => number | undefined;
  /** The first error that kept a text from being written, if there was one. */
  failure: () => unknown;
} {
  return {
    out: (text) => writeAll(STDOUT, text),
    err: (text) => writeAll(STDERR, text),
    isTerminal: () => isTerminal(),
    // A terminal that was never given a size says 0.
    columns: () => isTerminal() && process.stdout.columns || undefined,
    failure: () => failure,
  };
}

function isTerminal(): boolean {
  try {
    // `process.stdout` is slow to set up; a pipe or a file needs none of it.
    if (!fstatSync(STDOUT).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  return process.stdout.isTTY === true;
}

/**
 * Writes all of a text. A reader that went away is no failure of ours: a kill
 * must not stop half-way because `head` has seen enough.
 */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      const code = errorCode(error);
      if (code === "EPIPE") return;
      if (code !== "EAGAIN") {
        failure ??= error;
        return;
      }
      // Somebody made the pipe non-blocking: wait until it is read.
      const never = new Int32Array(new SharedArrayBuffer(4));
      Atomics.wait(never, 0, 0, RETRY_MS);
    }
  }
}
