/** The longest text that V8, which Deno and Node run on, can hold. */
export const MAX_TEXT_BYTES = 2 ** 29 - 24;
