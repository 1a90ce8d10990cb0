/** Numbers as serde_json prints them. */

/**
 * The numbers of a document whose text zag would print in another way than
 * JavaScript prints their value (`1.0`, `1e16`, integers beyond 2^53): for
 * each container the texts by key or index. A number that is the whole
 * document stands under `null` and the key "".
 */
export type NumberTexts = ReadonlyMap<
  object | null,
  ReadonlyMap<string, string>
>;

/**
 * @param lexeme a JSON number
 * @returns how zag prints what it reads from it
 */
export function showNumber(lexeme: string, value: number): string {
  return /[.eE]/.test(lexeme) ? showDouble(value) : showInteger(lexeme, value);
}

const U64_MAX = 18446744073709551615n;
const I64_MIN = -9223372036854775808n;

function showInteger(lexeme: string, value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return lexeme;
  if (Object.is(value, -0)) return "-0.0";
  // More digits than a 64-bit integer has: no need to build a huge BigInt.
  if (lexeme.length > 20) return showDouble(value);
  const exact = BigInt(lexeme);
  return exact >= I64_MIN && exact <= U64_MAX ? lexeme : showDouble(value);
}

/** A double as serde_json prints it: `1.0`, `1e+16`, `1e-7`. */
function showDouble(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-5)) return value.toExponential();
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
