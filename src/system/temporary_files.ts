import { folderOf, joinPath } from "../model/paths.ts";
import type { System } from "./system.ts";

/**
 * Names a file beside another one that stands in for it until it is renamed
 * or linked.
 */
export function nameTemporary(system: System, target: string): string {
  const name = `.${nameOf(target)}.${system.pid}.${system.uniqueText()}.tmp`;
  return joinPath(folderOf(target), name);
}

/**
 * What {@linkcode nameTemporary} adds. zag's own files have a plain number in
 * place of the unique text; zag takes no lock, and may be at work on one.
 */
const OWN_SUFFIX = /\.\d+\.[^.]*-[^.]*\.tmp$/;

/**
 * Removes the temporary files of a file and of its lock that zag-ps processes
 * left which died in the middle.
 *
 * Only who holds the lock of the file may call this: then nobody else writes
 * one for the file itself, and whoever loses one for the lock tries again.
 */
export function removeLeftovers(system: System, target: string): void {
  const folder = folderOf(target);
  const start = `.${nameOf(target)}.`;
  try {
    for (const name of system.listFolder(folder) ?? []) {
      if (name.startsWith(start) && OWN_SUFFIX.test(name)) {
        removeQuietly(system, joinPath(folder, name));
      }
    }
  } catch {
    // They take up room, and nothing else: the work goes on.
  }
}

/** Removes a file whose staying would do less harm than an error here. */
export function removeQuietly(system: System, path: string): void {
  try {
    system.remove(path);
  } catch {
    // See above.
  }
}

function nameOf(path: string): string {
  return path.slice(folderOf(path).length).replace(/^[/\\]/, "");
}
