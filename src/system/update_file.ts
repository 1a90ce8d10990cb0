import { reasonOf, ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { replaceFile, type Snapshot } from "./atomic_file.ts";
import type { System } from "./system.ts";

/**
 * How often a change is applied anew because another program wrote the file
 * meanwhile: zag takes no lock, but it does not write without a pause either.
 */
const MAX_TRIES = 100;

/**
 * Changes a file; the caller holds its lock (see `withLock`).
 *
 * No change of another zag-ps is lost, because each holds the lock from its
 * read to its rename; and a change of a program that takes no lock survives,
 * if it is there when the file is compared just before the rename. What such a
 * program writes between that look and the rename is lost; no system call
 * replaces a file only if it is still the same. It is the time of one system
 * call, longer only where the machine stops zag-ps there for others.
 *
 * @param change makes the new content from the old (`undefined`: no file);
 * called again if the file changed meanwhile. It returns `undefined` to leave
 * the file alone
 * @returns the version of the new file, `undefined` if it was left alone
 * @throws {ZagPsError} `store`; the file is then as it was
 */
export function updateFile(
  system: System,
  path: string,
  change: (content: Uint8Array | undefined) => Uint8Array | undefined,
): string | undefined {
  for (let i = 0; i < MAX_TRIES; i++) {
    const seen = readSnapshot(system, path);
    if (seen === undefined) continue;
    const changed = change(seen.content);
    if (changed === undefined) return undefined;
    const version = replaceFile(system, path, changed, seen);
    if (version !== undefined) return version;
  }
  throw new ZagPsError(
    "store",
    say`Failed to write "${path}": other programs changed it ${MAX_TRIES} times meanwhile` +
      "\nTry again",
  );
}

/** Content and version of one and the same file, if it keeps still. */
function readSnapshot(system: System, path: string): Snapshot | undefined {
  try {
    const status = system.status(path);
    if (status?.kind === "other") {
      throw new ZagPsError("store", "it is not a regular file");
    }
    const content = system.readFile(path);
    const version = status?.version;
    const same = system.status(path)?.version === version;
    return same ? { content, version } : undefined;
  } catch (cause) {
    throw new ZagPsError(
      "store",
      say`Failed to read "${path}": ` + reasonOf(cause),
      { cause },
    );
  }
}
