import { closestString } from "@std/text/closest-string";
import { levenshteinDistance } from "@std/text/levenshtein-distance";

// The published JavaScript of both carries no types.
const closest: (word: string, known: string[]) => string = closestString;
const distance: (a: string, b: string) => number = levenshteinDistance;

/** Longer words are no typing mistakes of an option or a verb. */
const MAX_WORD_LENGTH = 40;

/**
 * The known word that was probably meant, or `undefined`: one typing mistake
 * for every three letters.
 */
export function suggest(
  word: string,
  known: readonly string[],
): string | undefined {
  if (word.length > MAX_WORD_LENGTH || known.length === 0) return undefined;
  const best = closest(word, [...known]);
  const limit = Math.max(1, Math.ceil(word.length / 3));
  return distance(word, best) <= limit ? best : undefined;
}
