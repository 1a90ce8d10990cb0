import {
  chmodSync,
  chownSync,
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { Buffer } from "node:buffer";
import process from "node:process";
import { errorCode } from "../model/errors.ts";
import { isProgramFromStdin } from "./stdin_program.ts";
import type { System } from "./system.ts";

type Files = Pick<
  System,
  | "status"
  | "realPath"
  | "readFile"
  | "readRange"
  | "readStdin"
  | "listFolder"
  | "makeFolder"
  | "createFile"
  | "changeOwner"
  | "changeMode"
  | "rename"
  | "link"
  | "remove"
  | "syncFolder"
  | "appendFile"
>;

/** New folders are for their owner alone: they hold prompts and results. */
const PRIVATE_FOLDER_MODE = 0o700;
const PRIVATE_MODE = 0o600;

/** The file functions of the real machine. */
export const nodeFiles: Files = {
  status: (path) =>
    orAbsent(() => {
      const stats = statSync(path, { bigint: true });
      return {
        kind: stats.isFile()
          ? "file"
          : stats.isDirectory()
          ? "folder"
          : "other",
        size: Number(stats.size),
        mode: Number(stats.mode) & 0o7777,
        uid: Number(stats.uid),
        gid: Number(stats.gid),
        modifiedAt: Number(stats.mtimeNs / 1_000_000n),
        version: [stats.dev, stats.ino, stats.size, stats.mtimeNs].join(":"),
      };
    }),
  realPath: (path) => orAbsent(() => realpathSync(path)),
  readFile: (path) => orAbsent(() => readFileSync(path)),
  readRange: (path, start, end) =>
    withFile(path, "r", 0, (fd) => readFully(fd, start, end)),
  readStdin,
  listFolder: (path) => orAbsent(() => readdirSync(path)),
  makeFolder: (path) => {
    mkdirSync(path, { recursive: true, mode: PRIVATE_FOLDER_MODE });
  },
  createFile: (path, content, mode, durable) =>
    withFile(path, "wx", mode, (fd) => {
      try {
        let written = 0;
        while (written < content.length) {
          written += writeSync(fd, content, written);
        }
        if (durable) fsyncSync(fd);
      } catch (error) {
        unlinkSync(path);
        throw error;
      }
    }),
  changeOwner: chownSync,
  changeMode: chmodSync,
  rename: renameSync,
  link: linkSync,
  remove: (path) => {
    orAbsent(() => unlinkSync(path));
  },
  syncFolder: (path) => {
    // Windows has no such call; its journal orders the rename.
    if (process.platform === "win32") return;
    withFile(path, "r", 0, fsyncSync);
  },
  appendFile: (path, content) =>
    withFile(path, "a+", PRIVATE_MODE, (fd) => appendOnce(fd, content)),
};

const STDIN_CHUNK_BYTES = 1024 * 1024;
const STDIN_RETRY_MS = 10;

function readStdin(): Uint8Array | undefined {
  if (isProgramFromStdin()) return undefined;
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = new Uint8Array(STDIN_CHUNK_BYTES);
    let read = 0;
    try {
      read = readSync(0, chunk);
    } catch (error) {
      const code = errorCode(error);
      if (code === "EAGAIN") {
        // The other end made the pipe non-blocking: wait for its next bytes.
        const never = new Int32Array(new SharedArrayBuffer(4));
        Atomics.wait(never, 0, 0, STDIN_RETRY_MS);
        continue;
      }
      // How Windows says that the other end was closed.
      if (code !== "EOF") throw error;
    }
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function appendOnce(fd: number, content: Uint8Array): void {
  const before = fstatSync(fd).size;
  try {
    if (writeSync(fd, content) < content.length) {
      throw Object.assign(new Error("The write was cut short"), {
        code: "ENOSPC",
      });
    }
    fsyncSync(fd);
  } catch (error) {
    takeBack(fd, before, content);
    throw error;
  }
}

/**
 * Takes back what was appended, if nobody else wrote in between. How much that
 * is the file alone can tell: Deno throws where Node returns a lower number.
 */
function takeBack(fd: number, before: number, content: Uint8Array): void {
  const size = fstatSync(fd).size;
  const added = readFully(fd, before, size);
  const own = content.subarray(0, added.length);
  if (added.length > 0 && Buffer.compare(added, own) === 0) {
    ftruncateSync(fd, before);
  }
}

function readFully(fd: number, start: number, end: number): Uint8Array {
  const buffer = new Uint8Array(Math.max(0, end - start));
  let filled = 0;
  while (filled < buffer.length) {
    const length = buffer.length - filled;
    const read = readSync(fd, buffer, filled, length, start + filled);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}

function withFile<T>(
  path: string,
  flags: string,
  mode: number,
  use: (fd: number) => T,
): T {
  const fd = openSync(path, flags, mode);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

function orAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
