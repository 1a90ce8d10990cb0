import { errorCode, reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { formatInstant } from "../../model/instant.ts";
import type { Context } from "../context.ts";

/** A file that only its owner may read: it holds prompts. */
const PRIVATE_MODE = 0o600;

/** So many backups of one second are enough. */
const MAX_NAMES = 100;

/** A copy of a file as it was. */
export interface Backup {
  readonly path: string;
  /** Takes it away again: the file was not changed after all. */
  readonly discard: () => void;
}

/**
 * Writes a copy of a file beside it, synced to disk:
 * `processes.json.20261122T120000Z.bak`.
 *
 * @throws {ZagPsError} `store` if it cannot be written
 */
export function makeBackup(
  { system }: Context,
  path: string,
  content: Uint8Array,
): Backup {
  const stamp = formatInstant(system.now()).replace(/\..*$/, "Z")
    .replace(/[-:]/g, "");
  const target = system.realPath(path) ?? path;
  for (let i = 1;; i++) {
    const copy = `${target}.${stamp}${i === 1 ? "" : `-${i}`}.bak`;
    try {
      system.createFile(copy, content, PRIVATE_MODE, true);
      return { path: copy, discard: () => system.remove(copy) };
    } catch (cause) {
      if (errorCode(cause) === "EEXIST" && i < MAX_NAMES) continue;
      throw new ZagPsError(
        "store",
        say`Failed to write the backup "${copy}": ` + reasonOf(cause) +
          "\nNothing was changed",
        { cause },
      );
    }
  }
}
