/**
 * Places in a text, found without taking it apart: a file of a hundred
 * megabytes, split into an array of its characters, ends the whole process.
 *
 * @module
 */

/** Counts the characters (Unicode code points) of a text, or of its rest. */
export function countCharacters(text: string, start = 0): number {
  let count = text.length - start;
  for (let i = start + 1; i < text.length; i++) {
    const isPair = isLowSurrogate(text.charCodeAt(i)) &&
      isHighSurrogate(text.charCodeAt(i - 1));
    if (isPair) count--;
  }
  return count;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/**
 * Where a text ends.
 *
 * @returns the line, from 1, and how many characters of it there are
 */
export function findEnd(text: string): { line: number; characters: number } {
  let line = 1;
  let start = 0;
  for (;;) {
    const newline = text.indexOf("\n", start);
    if (newline < 0) return { line, characters: countCharacters(text, start) };
    start = newline + 1;
    line++;
  }
}
