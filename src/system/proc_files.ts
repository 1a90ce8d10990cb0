import { Buffer } from "node:buffer";
import {
  closeSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
} from "node:fs";
import { errorCode } from "../model/errors.ts";

/** Larger than almost every environment and command line. */
const FIRST_READ_BYTES = 256 * 1024;

/**
 * One for all reads: hundreds of processes are read in a row. It is there from
 * the start, for late in a run its size alone has JavaScriptCore collect
 * garbage.
 */
const shared = Buffer.allocUnsafe(FIRST_READ_BYTES);

/**
 * Why something under `/proc` cannot be read: `gone` if it is not there, such
 * as of a process that has ended, `denied` if it is not for us, or `failed`.
 */
export type Unread = "gone" | "denied" | "failed";

/** What a read led to. */
export type ProcRead = { readonly text: string } | Unread;

/** `undefined` if the process is gone, or the file is not for us to read. */
export function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

/** Where a link leads; `undefined` as for {@linkcode readProc}. */
export function readLink(name: string): string | undefined {
  try {
    return readlinkSync(`/proc/${name}`);
  } catch {
    return undefined;
  }
}

/** As {@linkcode readLink}, and tells why not. */
export function tryLink(name: string): ProcRead {
  try {
    return { text: readlinkSync(`/proc/${name}`) };
  } catch (error) {
    return whyUnread(error);
  }
}

/**
 * Reads one of the files that the kernel makes for one process. It hands such
 * a file out in one piece if there is room for it: three system calls, where
 * reading on to the end takes four or more. Not for lists that grow with the
 * machine, such as `/proc/mounts`.
 */
export function tryRead(name: string): ProcRead {
  let file: number | undefined;
  try {
    file = openSync(`/proc/${name}`, "r");
    const size = readSync(file, shared, 0, shared.length, null);
    return {
      text: size < shared.length
        ? shared.toString("utf8", 0, size)
        : Buffer.concat([shared, readFileSync(file)]).toString("utf8"),
    };
  } catch (error) {
    return whyUnread(error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function whyUnread(error: unknown): Unread {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ESRCH") return "gone";
  return code === "EACCES" || code === "EPERM" ? "denied" : "failed";
}
