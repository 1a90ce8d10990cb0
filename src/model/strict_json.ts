/**
 * JSON as `serde_json` takes it, the parser of zag.
 *
 * It differs from `JSON.parse` in what it refuses: numbers beyond the largest
 * double, escapes of lone surrogates, 128 or more nested containers. The texts
 * of its errors are those of serde_json, so that an agent reads the same words
 * from either program.
 *
 * @module
 */

import { type NumberTexts, showNumber } from "./json_number.ts";
import { isDigit, JsonFailure, JsonScanner } from "./json_scanner.ts";

/** How deep arrays and objects may be nested: 127 levels, as in serde_json. */
export const MAX_NESTED_CONTAINERS = 127;

/** A JSON value with the numbers that zag prints in another way. */
export interface JsonDocument {
  readonly value: unknown;
  readonly numbers: NumberTexts;
}

/** A parsed document, or why and where it is none. */
export type JsonParse =
  | ({ readonly ok: true } & JsonDocument)
  | { readonly ok: false; readonly why: string };

/**
 * Parses one JSON document.
 *
 * @param text a byte order mark in it counts as an unexpected character
 * @returns the value, or the reason with line and column (both from 1, columns
 * counted in Unicode scalar values; 0 stands before a line's first one)
 */
export function parseStrictJson(text: string): JsonParse {
  const scanner = new JsonScanner(text);
  try {
    // Only a text that never was UTF-8 has one outside an escape.
    const lone = text.search(/\p{Surrogate}/u);
    if (lone !== -1) scanner.fail("lone surrogate", lone + 1);
    const parser = new Parser(scanner);
    const value = parser.readDocument();
    return { ok: true, value, numbers: parser.numbers };
  } catch (error) {
    if (error instanceof JsonFailure) return { ok: false, why: error.message };
    throw error;
  }
}

class Parser {
  readonly numbers = new Map<object | null, Map<string, string>>();
  readonly #in: JsonScanner;
  #depth = 0;

  constructor(scanner: JsonScanner) {
    this.#in = scanner;
  }

  readDocument(): unknown {
    const value = this.#readValue(null, "");
    if (this.#in.skipSpace() !== "") this.#in.failAtNext("trailing characters");
    return value;
  }

  /** The depth is bounded, so the recursion is. */
  #readValue(container: object | null, key: string): unknown {
    const next = this.#in.skipSpace();
    switch (next) {
      case "":
        return this.#in.failAtNext("EOF while parsing a value");
      case "{":
        return this.#readObject();
      case "[":
        return this.#readArray();
      case '"':
        return this.#in.readString();
      case "n":
        this.#in.readWord("null");
        return null;
      case "t":
        this.#in.readWord("true");
        return true;
      case "f":
        this.#in.readWord("false");
        return false;
    }
    if (next === "-" || isDigit(next)) return this.#readNumber(container, key);
    return this.#in.failAtNext("expected value");
  }

  #open(): void {
    if (this.#depth === MAX_NESTED_CONTAINERS) {
      this.#in.failAtNext("recursion limit exceeded");
    }
    this.#depth++;
    this.#in.skip();
  }

  #close(): void {
    this.#depth--;
    this.#in.skip();
  }

  #readArray(): unknown[] {
    this.#open();
    const items: unknown[] = [];
    for (;;) {
      let next = this.#in.skipSpace();
      if (next === "") this.#in.failAtNext("EOF while parsing a list");
      if (next === "]") break;
      if (items.length > 0) {
        if (next !== ",") this.#in.failAtNext("expected `,` or `]`");
        this.#in.skip();
        next = this.#in.skipSpace();
        if (next === "]") this.#in.failAtNext("trailing comma");
      }
      items.push(this.#readValue(items, String(items.length)));
    }
    this.#close();
    return items;
  }

  #readObject(): Record<string, unknown> {
    this.#open();
    const members: Record<string, unknown> = {};
    for (let first = true;; first = false) {
      let next = this.#in.skipSpace();
      if (next === "") this.#in.failAtNext("EOF while parsing an object");
      if (next === "}") break;
      if (!first) {
        if (next !== ",") this.#in.failAtNext("expected `,` or `}`");
        this.#in.skip();
        next = this.#in.skipSpace();
        if (next === "}") this.#in.failAtNext("trailing comma");
        if (next === "") this.#in.failAtNext("EOF while parsing a value");
      }
      if (next !== '"') this.#in.failAtNext("key must be a string");
      const key = this.#in.readString();
      const colon = this.#in.skipSpace();
      if (colon === "") this.#in.failAtNext("EOF while parsing an object");
      if (colon !== ":") this.#in.failAtNext("expected `:`");
      this.#in.skip();
      // The last one of several equal keys counts, with its own number text.
      this.numbers.get(members)?.delete(key);
      setMember(members, key, this.#readValue(members, key));
    }
    this.#close();
    return members;
  }

  #readNumber(container: object | null, key: string): number {
    const lexeme = this.#in.readNumber();
    const value = Number(lexeme);
    if (!Number.isFinite(value)) this.#in.fail("number out of range");
    const shown = showNumber(lexeme, value);
    if (shown !== String(value)) {
      const texts = this.numbers.get(container);
      if (texts !== undefined) texts.set(key, shown);
      else this.numbers.set(container, new Map([[key, shown]]));
    }
    return value;
  }
}

/** Sets an own member under any key, `__proto__` included. */
export function setMember(
  members: Record<string, unknown>,
  key: string,
  value: unknown,
): void {
  if (key === "__proto__") {
    Object.defineProperty(members, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else members[key] = value;
}
