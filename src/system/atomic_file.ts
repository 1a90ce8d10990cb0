import { errorCode, reasonOf, ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { folderOf, joinPath } from "../model/paths.ts";
import type { FileStatus, System } from "./system.ts";

/** A file that only its owner may read and write. */
const PRIVATE_MODE = 0o600;

/**
 * Replaces a file in one step: a sibling temporary file, synced to disk, then
 * renamed over it. A reader sees the old content or the new one, never a
 * part. A link is kept, and its target replaced.
 *
 * Mode and owner stay as they are. Where they cannot be kept the file is left
 * alone: a clean-up by root must not take a user's store away from them.
 *
 * @throws {ZagPsError} `store`; the file is then as it was, and no temporary
 * file is left
 */
export function replaceFile(
  system: System,
  path: string,
  content: Uint8Array,
): void {
  let temporary: string | undefined;
  try {
    const target = system.realPath(path) ?? path;
    const before = system.status(target);
    if (before !== undefined && before.kind !== "file") {
      throw new ZagPsError("store", "it is not a regular file");
    }
    const folder = folderOf(target);
    temporary = joinPath(folder, temporaryName(system, target));
    system.createFile(temporary, content, PRIVATE_MODE);
    if (before !== undefined) copyOwnerAndMode(system, temporary, before);
    system.rename(temporary, target);
    temporary = undefined;
    syncQuietly(system, folder);
  } catch (cause) {
    if (temporary !== undefined) removeQuietly(system, temporary);
    throw new ZagPsError(
      "store",
      say`Failed to write "${path}": ` + reasonOf(cause),
      { cause },
    );
  }
}

function temporaryName(system: System, target: string): string {
  const name = target.slice(folderOf(target).length).replace(/^[/\\]/, "");
  return `.${name}.${system.pid}.${system.uniqueText()}.tmp`;
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

function removeQuietly(system: System, path: string): void {
  try {
    system.remove(path);
  } catch {
    // The error that led here says more than this one would.
  }
}
