import { errorCode, reasonOf, ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { folderOf } from "../model/paths.ts";
import type { FileStatus, System } from "./system.ts";
import { nameTemporary, removeQuietly } from "./temporary_files.ts";

/** A file that only its owner may read and write. */
const PRIVATE_MODE = 0o600;

/** How much of a file is compared at a time. */
const COMPARED_BYTES = 4 * 1024 * 1024;

/** A file as it was read; both members `undefined` if there was none. */
export interface Snapshot {
  readonly content: Uint8Array | undefined;
  /** What `System.status` said of it. */
  readonly version: string | undefined;
}

/**
 * Replaces a file in one step: a sibling temporary file, synced to disk, then
 * renamed over it. A reader sees the old content or the new one, never a
 * part. A link is kept, and its target replaced.
 *
 * Mode and owner stay as they are. Where they cannot be kept the file is left
 * alone: a clean-up by root must not take a user's store away from them.
 *
 * @param seen the file as it was when the new content was made from it
 * @returns the version of the new file; `undefined` if the old one is not as
 * it was seen any more: then it is left alone
 * @throws {ZagPsError} `store`; the file is then as it was, and no temporary
 * file is left
 */
export function replaceFile(
  system: System,
  path: string,
  content: Uint8Array,
  seen: Snapshot,
): string | undefined {
  let temporary: string | undefined;
  try {
    const target = system.realPath(path) ?? path;
    const before = system.status(target);
    if (before !== undefined && before.kind !== "file") {
      throw new ZagPsError("store", "it is not a regular file");
    }
    temporary = nameTemporary(system, target);
    system.createFile(temporary, content, PRIVATE_MODE, true);
    if (before !== undefined) copyOwnerAndMode(system, temporary, before);
    const version = system.status(temporary)?.version;
    if (!isAsSeen(system, target, seen)) return undefined;
    system.rename(temporary, target);
    temporary = undefined;
    syncQuietly(system, folderOf(target));
    return version;
  } catch (cause) {
    throw new ZagPsError(
      "store",
      say`Failed to write "${path}": ` + reasonOf(cause),
      { cause },
    );
  } finally {
    if (temporary !== undefined) removeQuietly(system, temporary);
  }
}

/**
 * The content is compared first: a file that was replaced twice within one
 * tick of the file system's clock may have size, time and even inode of the
 * first. The version comes last, because that look is quick.
 */
function isAsSeen(system: System, target: string, seen: Snapshot): boolean {
  return hasContent(system, target, seen.content) &&
    system.status(target)?.version === seen.version;
}

/** Compared in pieces: a second copy of a large file costs more than that. */
function hasContent(
  system: System,
  path: string,
  content: Uint8Array | undefined,
): boolean {
  const size = system.status(path)?.size;
  if (content === undefined || size === undefined) return content === size;
  if (size !== content.length) return false;
  try {
    for (let start = 0; start < size; start += COMPARED_BYTES) {
      const end = Math.min(size, start + COMPARED_BYTES);
      const piece = system.readRange(path, start, end);
      if (!isSame(piece, content.subarray(start, end))) return false;
    }
    return true;
  } catch (error) {
    // Removed since: not what was seen either.
    if (errorCode(error) === "ENOENT") return false;
    throw error;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function copyOwnerAndMode(
  system: System,
  path: string,
  wanted: FileStatus,
): void {
  const own = system.status(path);
  if (own === undefined) throw new ZagPsError("store", "it disappeared");
  if (own.uid !== wanted.uid || own.gid !== wanted.gid) {
    try {
      system.changeOwner(path, wanted.uid, wanted.gid);
    } catch (cause) {
      if (errorCode(cause) !== "EPERM") throw cause;
      const owner = system.userName(wanted.uid) ?? `uid ${wanted.uid}`;
      throw new ZagPsError(
        "store",
        say`its owner (${owner}) and group cannot be kept\nRun zag-ps as that user`,
        { cause },
      );
    }
  }
  if (own.mode !== wanted.mode) system.changeMode(path, wanted.mode);
}

/**
 * The file is replaced by now, which an error would deny. Without the sync
 * only a power failure can bring the old content back, as a whole.
 */
function syncQuietly(system: System, folder: string): void {
  try {
    system.syncFolder(folder);
  } catch {
    // Some file systems cannot sync a folder at all.
  }
}
