import { folderOf, joinPath } from "../../model/paths.ts";
import type { System } from "../../system/system.ts";

/**
 * The project that a folder is in: the top of its git repository or worktree,
 * else the folder itself. zag looks for the session of an entry in the store
 * of its project, wherever it is called.
 *
 * @returns `null` where a path cannot name a project's folder, as on Windows
 */
export function findProject(system: System, folder: string): string | null {
  if (!folder.startsWith("/")) return null;
  for (let at = folder; at !== folderOf(at); at = folderOf(at)) {
    try {
      if (system.status(joinPath(at, ".git")) !== undefined) return at;
    } catch {
      // What cannot be looked at is no project of ours.
    }
  }
  return folder === "/" ? null : folder;
}
