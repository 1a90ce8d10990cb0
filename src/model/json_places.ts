/**
 * Finds where things stand in the text of a JSON file (comments and trailing
 * commas allowed) that has been parsed before: its shape is taken for granted.
 *
 * @module
 */

/** A member of an object, and where it stands in the text. */
export interface Member {
  readonly key: string;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** Where the comment that begins at a slash ends. */
export function skipComment(text: string, start: number): number {
  if (text[start + 1] === "*") {
    const close = text.indexOf("*/", start + 2);
    return close < 0 ? text.length : close + 2;
  }
  const lineEnd = /[\r\n]/g;
  lineEnd.lastIndex = start;
  return lineEnd.exec(text)?.index ?? text.length;
}

/** Walks through a JSON text that has been parsed before. */
export class PlaceScanner {
  position = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * Goes behind the opening bracket of an array that is a member of the root:
   * of several with one name the last one, which counts.
   *
   * @throws {RangeError} if the text has no such array
   */
  enterArray(key: string): Member {
    this.skipSpace();
    const member = this.readMembers().findLast((one) => one.key === key);
    if (member === undefined || this.#text[member.valueStart] !== "[") {
      throw new RangeError(`No array "${key}"`);
    }
    this.position = member.valueStart + 1;
    return member;
  }

  /** Passes white space and comments. */
  skipSpace(): void {
    const text = this.#text;
    for (;;) {
      const character = text[this.position];
      if (character === "/") this.position = skipComment(text, this.position);
      else if (character !== undefined && /[\s\ufeff]/.test(character)) {
        this.position++;
      } else return;
    }
  }

  skipComma(): void {
    this.skipSpace();
    if (this.#text[this.position] === ",") this.position++;
  }

  skipString(): void {
    const text = this.#text;
    let end = this.position;
    let backslashes: number;
    do {
      end = text.indexOf('"', end + 1);
      if (end < 0) throw new RangeError("Unterminated string");
      backslashes = 0;
      while (text[end - 1 - backslashes] === "\\") backslashes++;
    } while (backslashes % 2 === 1);
    this.position = end + 1;
  }

  /** Passes one value of any depth; without recursion. */
  skipValue(): void {
    const text = this.#text;
    let depth = 0;
    do {
      this.skipSpace();
      const character = text[this.position];
      if (character === undefined) throw new RangeError("Unterminated value");
      if (character === '"') this.skipString();
      else if (character === "{" || character === "[") {
        depth++;
        this.position++;
      } else if (character === "}" || character === "]") {
        depth--;
        this.position++;
      } else if (character === "," || character === ":") this.position++;
      else this.#skipLiteral();
    } while (depth > 0);
  }

  #skipLiteral(): void {
    const literal = /[^\s,:{}[\]"/]+/y;
    literal.lastIndex = this.position;
    if (!literal.test(this.#text)) throw new RangeError("Unexpected character");
    this.position = literal.lastIndex;
  }

  /** Reads the members of the object that begins here. */
  readMembers(): Member[] {
    const text = this.#text;
    if (text[this.position] !== "{") throw new RangeError("Not an object");
    this.position++;
    const members: Member[] = [];
    for (;;) {
      this.skipSpace();
      if (text[this.position] !== '"') return members;
      const start = this.position;
      this.skipString();
      const key: string = JSON.parse(text.slice(start, this.position));
      this.skipSpace();
      this.position++; // the colon
      this.skipSpace();
      const valueStart = this.position;
      this.skipValue();
      members.push({ key, start, valueStart, end: this.position });
      this.skipComma();
    }
  }
}
