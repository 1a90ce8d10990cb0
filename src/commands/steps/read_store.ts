import { decodeUtf8, tooLarge } from "../../model/decode.ts";
import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { MAX_TEXT_BYTES } from "../../model/max_text.ts";
import {
  decodeProcessStore,
  type ProcessStore,
} from "../../model/process_entry.ts";
import type { System } from "../../system/system.ts";
import type { Context } from "../context.ts";

/**
 * Reads a file of zag as text; `undefined` if there is none.
 *
 * @throws {ZagPsError} `store` if it cannot be read or is not UTF-8
 */
export function readZagFile(system: System, path: string): string | undefined {
  const bytes = readBytes(system, path);
  return bytes && decodeUtf8(bytes, path);
}

function readBytes(system: System, path: string): Uint8Array | undefined {
  let size = 0;
  try {
    const status = system.status(path);
    // A pipe or a device would be read for ever.
    if (status?.kind === "other") {
      throw new ZagPsError("store", "it is not a regular file");
    }
    size = status?.size ?? 0;
    if (size <= MAX_TEXT_BYTES) return system.readFile(path);
  } catch (cause) {
    throw new ZagPsError(
      "store",
      say`Failed to read "${path}": ${reasonOf(cause)}`,
      { cause },
    );
  }
  throw tooLarge(size, path);
}

/**
 * Reads the process store and warns of the entries that cannot be read; a
 * store that does not exist is empty.
 *
 * @throws {ZagPsError} `store` if it cannot be read or parsed
 */
export function readStore(context: Context): ProcessStore {
  const { system, paths, warn } = context;
  const text = readZagFile(system, paths.processes);
  if (text === undefined) return { entries: [], bad: [] };
  const store = decodeProcessStore(text, paths.processes);
  for (const { index, reason } of store.bad) {
    warn(
      say`Entry ${index} of "${paths.processes}" is left out, it cannot be read: ${reason}`,
    );
  }
  return store;
}
