import { ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { findByPrefix } from "../../model/target.ts";
import type { Context } from "../context.ts";
import { readStore } from "./read_store.ts";

/** Shorter texts are results, even if some id begins with them. */
const MIN_LENGTH = 8;

/**
 * Refuses a result that is a known id or the beginning of one: `kill ID1 ID2`
 * is a habit from other tools, and would record the second id as a result.
 *
 * @throws {ZagPsError} `usage` with that explanation
 */
export function refuseSecondId(context: Context, text: string): void {
  const store = readStore(context);
  const known = store.entries.some(({ entry }) => entry.id === text) ||
    (text.length >= MIN_LENGTH && findByPrefix(store, text).length > 0);
  if (!known) return;
  throw new ZagPsError(
    "usage",
    say`The second argument of kill is the final result, and "${text}" is the id of another process: kill ends one process at a time` +
      "\nCall kill once for each id, or write -- before a result that looks like an id",
  );
}
