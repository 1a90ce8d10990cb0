/** A pattern that cannot be compiled, with the reason. */
export class PatternError extends Error {
  override readonly name = "PatternError";

  constructor(pattern: string, why: string) {
    super(`Pattern ${JSON.stringify(pattern)} cannot be evaluated: ${why}`);
  }
}

const CONTROL_ESCAPES: Readonly<Record<string, number>> = {
  t: 0x09,
  n: 0x0a,
  v: 0x0b,
  f: 0x0c,
  r: 0x0d,
};

/** Reads the text of a pattern by code points. */
export class PatternReader {
  readonly #pattern: string;
  #index = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  /** @throws {PatternError} always */
  fail(why: string): never {
    throw new PatternError(this.#pattern, why);
  }

  /** @returns the next character without taking it; "" at the end */
  peek(): string {
    const code = this.#pattern.codePointAt(this.#index);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  /** @returns the next character, taken; "" at the end */
  next(): string {
    const character = this.peek();
    this.#index += character.length;
    return character;
  }

  /** Takes `text` if it comes next. */
  take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#index)) return false;
    this.#index += text.length;
    return true;
  }

  /**
   * Takes what a sticky expression matches here.
   *
   * @param expression one that cannot match nothing
   * @returns "" if it does not match
   */
  takeMatch(expression: RegExp): string {
    expression.lastIndex = this.#index;
    const text = expression.exec(this.#pattern)?.[0] ?? "";
    this.#index += text.length;
    return text;
  }

  /**
   * Reads what follows a backslash and stands for one character.
   *
   * @returns its code point; half a surrogate pair is possible
   */
  readCharacterEscape(): number {
    const letter = this.next();
    const control = CONTROL_ESCAPES[letter];
    if (control !== undefined) return control;
    switch (letter) {
      case "":
        return this.fail("it ends in a backslash");
      case "c": {
        const name = this.takeMatch(/[A-Za-z]/y);
        if (name === "") this.fail("\\c wants a letter");
        return name.charCodeAt(0) % 32;
      }
      case "0":
        if (/^[0-9]$/.test(this.peek())) {
          this.fail("octal escapes are not supported");
        }
        return 0;
      case "x": {
        const digits = this.takeMatch(/[0-9A-Fa-f]{2}/y);
        if (digits === "") this.fail("\\x wants two hexadecimal digits");
        return Number.parseInt(digits, 16);
      }
      case "u":
        return this.#readUnicodeEscape();
    }
    // Letters and digits are kept for meanings of their own; a bell or the
    // start of the text in another language must not be taken for a letter.
    if (/^[0-9A-Za-z]$/.test(letter)) {
      this.fail(`\\${letter} is not an escape`);
    }
    return letter.codePointAt(0) ?? 0;
  }

  #readUnicodeEscape(): number {
    const braced = this.takeMatch(/\{[0-9A-Fa-f]+\}/y);
    if (braced !== "") {
      const code = Number.parseInt(braced.slice(1, -1), 16);
      return code <= 0x10ffff ? code : this.fail(`\\u${braced} is too large`);
    }
    const pair = this.takeMatch(
      /[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}/y,
    );
    if (pair !== "") {
      const [high = "", low = ""] = pair.split("\\u");
      return String.fromCharCode(
        Number.parseInt(high, 16),
        Number.parseInt(low, 16),
      ).codePointAt(0) ?? 0;
    }
    const digits = this.takeMatch(/[0-9A-Fa-f]{4}/y);
    if (digits === "") this.fail("\\u wants four hexadecimal digits");
    return Number.parseInt(digits, 16);
  }
}
