/**
 * Regular expressions of JSON Schema, run by an engine whose time is linear in
 * the text. No pattern, however it is written, makes it backtrack.
 *
 * The syntax is that of ECMA-262 with the `u` flag, and needless escapes such
 * as `\-` or `\_` are taken as well. It is translated into the syntax of RE2.
 *
 * @module
 */

import { RE2JS } from "re2js";
import {
  ANY_CHARACTER,
  NO_CHARACTER,
  NOT_LINE_END,
  readClass,
  readSetEscape,
} from "./regexp_class.ts";
import { PatternError, PatternReader } from "./regexp_reader.ts";

export { PatternError } from "./regexp_reader.ts";

/** A compiled pattern. */
export interface LinearRegExp {
  /** Whether the pattern is found anywhere in `text`. */
  test(text: string): boolean;
  /** The pattern as it was written. */
  toString(): string;
  /** Instructions of the compiled program; a match costs at most that per character. */
  readonly size: number;
}

/** A longer pattern takes too long to compile. */
const MAX_PATTERN_LENGTH = 20_000;
/** Instructions; counted repeats are spelled out, so few characters make many. */
const MAX_PROGRAM_SIZE = 20_000;
/** What the engine takes as the product of nested counted repeats. */
const MAX_NATIVE_REPEATS = 1000;
/** Keeps the translation and the engine's parser far from a stack overflow. */
const MAX_GROUP_DEPTH = 250;

/**
 * Compiles a pattern.
 *
 * @throws {PatternError} where it is not valid, is too large, or needs what no
 * linear-time engine has: look-around and back-references
 */
export function compileLinearRegExp(pattern: string): LinearRegExp {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    throw new PatternError(
      pattern.slice(0, 40) + "...",
      `it is longer than ${MAX_PATTERN_LENGTH} characters`,
    );
  }
  const source = new Translator(pattern).translate();
  let engine: RE2JS;
  try {
    engine = RE2JS.compile(source);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PatternError(pattern, why.replace("error parsing regexp: ", ""));
  }
  return {
    test: (text) => engine.test(text),
    toString: () => pattern,
    size: engine.programSize(),
  };
}

/** A piece of the translated pattern. */
interface Piece {
  readonly source: string;
  /** An estimate of its instructions. */
  readonly size: number;
  /** The product of the counted repeats nested in it. */
  readonly repeats: number;
}

const EMPTY: Piece = { source: "", size: 0, repeats: 1 };

class Translator {
  readonly #in: PatternReader;
  #depth = 0;
  /** Whether `.` takes line ends as well: the `s` flag, set by `(?s)`. */
  #dotAll = false;

  constructor(pattern: string) {
    this.#in = new PatternReader(pattern);
  }

  translate(): string {
    const whole = this.#readAlternatives();
    if (this.#in.peek() !== "") this.#in.fail("it has an unmatched )");
    return whole.source;
  }

  #readAlternatives(): Piece {
    let all = this.#readSequence();
    while (this.#in.take("|")) {
      const next = this.#readSequence();
      all = this.#join(all, next, "|");
    }
    return all;
  }

  #readSequence(): Piece {
    const sources: string[] = [];
    let size = 0;
    let repeats = 1;
    for (;;) {
      const next = this.#in.peek();
      if (next === "" || next === "|" || next === ")") break;
      const piece = this.#readQuantified(this.#readAtom());
      sources.push(piece.source);
      size = this.#limit(size + piece.size);
      repeats = Math.max(repeats, piece.repeats);
    }
    return { source: sources.join(""), size, repeats };
  }

  #join(left: Piece, right: Piece, between: string): Piece {
    return {
      source: left.source + between + right.source,
      size: this.#limit(left.size + right.size + 1),
      repeats: Math.max(left.repeats, right.repeats),
    };
  }

  #limit(size: number): number {
    if (size > MAX_PROGRAM_SIZE) {
      this.#in.fail("its counted repeats make it too large");
    }
    return size;
  }

  #readAtom(): Piece {
    const next = this.#in.next();
    switch (next) {
      case "(":
        return this.#readGroup();
      case "[":
        return single(readClass(this.#in));
      case ".":
        return single(this.#dotAll ? ANY_CHARACTER : NOT_LINE_END);
      case "^":
      case "$":
        return single(next);
      case "\\":
        return this.#readEscape();
      case "*":
      case "+":
      case "?":
        return this.#in.fail(`it has nothing to repeat before ${next}`);
      case "{":
        if (this.#in.takeMatch(/\d+(?:,\d*)?\}/y) === "") break;
        return this.#in.fail("it has nothing to repeat before {");
    }
    return single(showCharacter(next.codePointAt(0) ?? 0));
  }

  #readEscape(): Piece {
    const letter = this.#in.peek();
    if (letter === "b" || letter === "B" || letter === "A" || letter === "z") {
      this.#in.next();
      return single("\\" + letter);
    }
    if (/^[1-9]$/.test(letter) || letter === "k") {
      this.#in.fail("back-references are not supported");
    }
    const set = readSetEscape(this.#in);
    if (set !== undefined) return single(`[${set}]`);
    return single(showCharacter(this.#in.readCharacterEscape()));
  }

  #readGroup(): Piece {
    if (++this.#depth > MAX_GROUP_DEPTH) {
      this.#in.fail(`its groups are nested deeper than ${MAX_GROUP_DEPTH}`);
    }
    const dotAll = this.#dotAll;
    const open = this.#readGroupStart();
    // `(?i)` alone holds for what follows in the group around it.
    if (open.endsWith(")")) {
      this.#depth--;
      return { ...EMPTY, source: open };
    }
    const inside = this.#readAlternatives();
    if (!this.#in.take(")")) this.#in.fail("it has an unclosed group");
    this.#depth--;
    this.#dotAll = dotAll;
    return { ...inside, source: `${open}${inside.source})` };
  }

  #readGroupStart(): string {
    if (!this.#in.take("?")) return "(?:";
    if (this.#in.take("=") || this.#in.take("!")) {
      this.#in.fail("look-ahead is not supported");
    }
    if (this.#in.take("<=") || this.#in.take("<!")) {
      this.#in.fail("look-behind is not supported");
    }
    if (this.#in.take("<") || this.#in.take("P<")) {
      if (this.#in.takeMatch(/[\p{L}_$][\p{L}\p{N}_$]*>/uy) === "") {
        this.#in.fail("it has an invalid group name");
      }
      return "(?:";
    }
    const flags = this.#in.takeMatch(/[ims]*(?:-[ims]+)?[:)]/y);
    if (flags === "") this.#in.fail("it has an unknown kind of group");
    const [on = "", off = ""] = flags.slice(0, -1).split("-");
    if (on.includes("s")) this.#dotAll = true;
    if (off.includes("s")) this.#dotAll = false;
    return `(?${flags}`;
  }

  #readQuantified(piece: Piece): Piece {
    const bounds = this.#readQuantifier();
    if (bounds === undefined) return piece;
    // Greedy or lazy: the same texts are found.
    this.#in.take("?");
    const [min, max] = bounds;
    if (max < min) this.#in.fail("it has a repeat whose bounds are reversed");
    const grouped = `(?:${piece.source})`;
    if (max === Infinity && min <= 1) {
      return {
        source: grouped + (min === 0 ? "*" : "+"),
        size: this.#limit(piece.size + 1),
        repeats: piece.repeats,
      };
    }
    const count = max === Infinity ? min : max;
    const size = this.#limit((piece.size + 1) * Math.max(count, 1));
    const repeats = piece.repeats * Math.max(count, 1);
    if (repeats <= MAX_NATIVE_REPEATS) {
      const upper = max === Infinity ? "" : max;
      return { source: `${grouped}{${min},${upper}}`, size, repeats };
    }
    // Beyond the engine's bound the repeats are written one after another.
    const source = grouped.repeat(min) +
      (max === Infinity ? `${grouped}*` : `${grouped}?`.repeat(max - min));
    return { source: `(?:${source})`, size, repeats: piece.repeats };
  }

  #readQuantifier(): [min: number, max: number] | undefined {
    if (this.#in.take("*")) return [0, Infinity];
    if (this.#in.take("+")) return [1, Infinity];
    if (this.#in.take("?")) return [0, 1];
    const text = this.#in.takeMatch(/\{\d+(?:,\d*)?\}/y);
    if (text === "") return undefined;
    const [min = "", max] = text.slice(1, -1).split(",");
    const upper = max === undefined ? min : max === "" ? Infinity : max;
    return [Number(min), Number(upper)];
  }
}

function single(source: string): Piece {
  return { source, size: 1, repeats: 1 };
}

function showCharacter(codePoint: number): string {
  // No text that could be recorded holds half of a surrogate pair.
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return NO_CHARACTER;
  return `\\x{${codePoint.toString(16)}}`;
}
