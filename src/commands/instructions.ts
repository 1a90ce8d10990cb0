import { reasonOf, ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { formatInstructions } from "../model/exit_instructions.ts";
import type { ExitConstraints } from "../model/exit_result.ts";
import type { Context } from "./context.ts";
import { findSession } from "./steps/find_session.ts";
import { selectOne } from "./steps/select.ts";

/** What an agent is to be told. */
export interface Instructions {
  /** The id of its process. */
  readonly id: string;
  /** What its launch asks of the result; `null` for nothing. */
  readonly exit: ExitConstraints | null;
  /** The text, in Markdown. */
  readonly text: string;
}

/**
 * The text that tells an agent how to end itself with its result. Changes
 * nothing.
 *
 * @param handle an id, a unique prefix of one, `self`, or the id or name of a
 * session
 * @throws {ZagPsError} `unevaluable` if what its launch asked for cannot be
 * read
 */
export async function readInstructions(
  context: Context,
  handle: string,
): Promise<Instructions> {
  const { entry } = await selectOne(context, handle);
  const found = findSession(context, entry);
  if (found.kind === "unreadable") {
    throw new ZagPsError(
      "unevaluable",
      say`Cannot read what the launch of ${entry.id} asks for: ` +
        reasonOf(new ZagPsError("store", found.reason)),
    );
  }
  const exit = found.kind === "found" ? found.session.exit ?? null : null;
  return { id: entry.id, exit, text: formatInstructions(exit) };
}
