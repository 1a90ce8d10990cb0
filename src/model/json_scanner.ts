import { findEnd } from "./text_position.ts";

/** A document that is not JSON, with the reason and the place. */
export class JsonFailure extends Error {
  override readonly name = "JsonFailure";
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Reads the tokens of a JSON text; its errors are those of serde_json. */
export class JsonScanner {
  readonly #text: string;
  #index = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * @param end how many UTF-16 units are read when the fault shows
   * @throws {JsonFailure} always
   */
  fail(why: string, end: number = this.#index): never {
    const { line, characters } = findEnd(this.#text.slice(0, end));
    throw new JsonFailure(`${why} at line ${line} column ${characters}`);
  }

  /** Fails because of the next character, whose column is named. */
  failAtNext(why: string): never {
    this.fail(why, Math.min(this.#index + 1, this.#text.length));
  }

  /** @returns the next UTF-16 unit without taking it; "" at the end */
  peek(): string {
    return this.#text[this.#index] ?? "";
  }

  /** Takes one unit. */
  skip(): void {
    this.#index++;
  }

  /** Takes white space and returns what {@linkcode peek} does after it. */
  skipSpace(): string {
    let next = this.peek();
    while (next === " " || next === "\n" || next === "\t" || next === "\r") {
      this.#index++;
      next = this.peek();
    }
    return next;
  }

  /** Takes `null`, `true` or `false`. */
  readWord(word: string): void {
    for (const letter of word) {
      const next = this.peek();
      if (next === "") this.fail("EOF while parsing a value");
      this.#index++;
      if (next !== letter) this.fail("expected ident");
    }
  }

  /** @returns the text of a number */
  readNumber(): string {
    const start = this.#index;
    if (this.peek() === "-") this.#index++;
    if (this.#readDigit() === "0") {
      if (isDigit(this.peek())) this.failAtNext("invalid number");
    } else {
      this.#skipDigits();
    }
    if (this.peek() === ".") {
      this.#index++;
      if (this.peek() === "") this.failAtNext("EOF while parsing a value");
      if (!isDigit(this.peek())) this.failAtNext("invalid number");
      this.#skipDigits();
    }
    if (this.peek() === "e" || this.peek() === "E") {
      this.#index++;
      if (this.peek() === "+" || this.peek() === "-") this.#index++;
      this.#readDigit();
      this.#skipDigits();
    }
    return this.#text.slice(start, this.#index);
  }

  #readDigit(): string {
    const next = this.peek();
    if (next === "") this.fail("EOF while parsing a value");
    this.#index++;
    if (!isDigit(next)) this.fail("invalid number");
    return next;
  }

  #skipDigits(): void {
    while (isDigit(this.peek())) this.#index++;
  }

  /** @returns the value of a string whose `"` comes next */
  readString(): string {
    let value = "";
    let start = ++this.#index;
    for (;;) {
      const code = this.#text.charCodeAt(this.#index);
      if (Number.isNaN(code)) this.fail("EOF while parsing a string");
      this.#index++;
      if (code === 0x22) {
        return value + this.#text.slice(start, this.#index - 1);
      }
      if (code < 0x20) {
        this.fail(
          "control character (\\u0000-\\u001F) found while parsing a string",
        );
      }
      if (code === 0x5c) {
        value += this.#text.slice(start, this.#index - 1) + this.#readEscape();
        start = this.#index;
      }
    }
  }

  #readEscape(): string {
    const letter = this.peek();
    if (letter === "") this.fail("EOF while parsing a string");
    this.#index++;
    if (letter !== "u") {
      return SIMPLE_ESCAPES[letter] ?? this.fail("invalid escape");
    }
    const high = this.#readHex();
    if (high < 0xd800 || high > 0xdfff) return String.fromCharCode(high);
    if (high > 0xdbff) this.fail("lone leading surrogate in hex escape");
    for (const expected of "\\u") {
      const next = this.peek();
      if (next === "") this.fail("EOF while parsing a string");
      this.#index++;
      if (next !== expected) this.fail("unexpected end of hex escape");
    }
    const low = this.#readHex();
    if (low < 0xdc00 || low > 0xdfff) {
      this.fail("lone leading surrogate in hex escape");
    }
    return String.fromCharCode(high, low);
  }

  #readHex(): number {
    const digits = this.#text.slice(this.#index, this.#index + 4);
    this.#index += digits.length;
    if (digits.length < 4) this.fail("EOF while parsing a string");
    if (!/^[0-9A-Fa-f]{4}$/.test(digits)) this.fail("invalid escape");
    return Number.parseInt(digits, 16);
  }
}

/** @param unit one UTF-16 unit or "" */
export function isDigit(unit: string): boolean {
  return unit >= "0" && unit <= "9";
}
