import { ZagPsError } from "../model/errors.ts";
import { suggest } from "./suggest.ts";

/** Longer texts are cut in messages. */
const MAX_QUOTED_LENGTH = 60;

/** The known word that was probably meant, as a question. */
export function didYouMean(
  word: string,
  known: readonly string[],
): string | undefined {
  const meant = suggest(word, known);
  return meant && `Did you mean "${meant}"?`;
}

/** A text short enough for a message. */
export function shorten(text: string): string {
  if (text.length <= MAX_QUOTED_LENGTH) return text;
  const head = [...text.slice(0, MAX_QUOTED_LENGTH * 2)];
  return `${head.slice(0, MAX_QUOTED_LENGTH).join("")}...`;
}

/** A usage error; without a remedy of its own it names the help. */
export function usage(message: string, remedy?: string): ZagPsError {
  return new ZagPsError(
    "usage",
    `${message}\n${remedy || "See zag-ps --help"}`,
  );
}
