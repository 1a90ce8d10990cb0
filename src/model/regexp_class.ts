/** Character classes and properties of a pattern, in the syntax of RE2. */

import type { PatternReader } from "./regexp_reader.ts";

/** Matches nothing: `[]`. */
export const NO_CHARACTER = "[^\\x{0}-\\x{10ffff}]";
/** Matches every character: `[^]`. */
export const ANY_CHARACTER = "[\\x{0}-\\x{10ffff}]";
/** `.` of ECMA-262; RE2's own takes all but the line feed. */
export const NOT_LINE_END = "[^\\n\\r\\x{2028}\\x{2029}]";

/** WhiteSpace and LineTerminator of ECMA-262; RE2's `\s` is ASCII. */
const SPACE: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

const LAST_CODE_POINT = 0x10ffff;

type Range = readonly [first: number, last: number];

/**
 * Reads a class whose `[` was taken.
 *
 * @returns the class with its brackets
 */
export function readClass(input: PatternReader): string {
  const negated = input.take("^");
  const items: string[] = [];
  while (!input.take("]")) {
    const first = readItem(input);
    if (typeof first === "number" && isRangeAhead(input)) {
      const last = readItem(input);
      if (typeof last === "number") {
        if (last < first) input.fail("it has a range whose ends are reversed");
        items.push(showRanges([[first, last]]));
      } else items.push(showRanges([[first, first], [0x2d, 0x2d]]), last);
    } else {
      items.push(
        typeof first === "number" ? showRanges([[first, first]]) : first,
      );
    }
  }
  const inside = items.join("");
  if (inside === "") return negated ? ANY_CHARACTER : NO_CHARACTER;
  return `[${negated ? "^" : ""}${inside}]`;
}

/** Takes a `-` that is followed by the end of a range. */
function isRangeAhead(input: PatternReader): boolean {
  return input.takeMatch(/-(?!\])/y) !== "";
}

/** @returns a code point, or the inside of a class for an escape like `\d` */
function readItem(input: PatternReader): number | string {
  const next = input.next();
  if (next === "") input.fail("it has an unclosed character class");
  if (next !== "\\") return next.codePointAt(0) ?? 0;
  if (input.take("b")) return 0x08;
  return readSetEscape(input) ?? input.readCharacterEscape();
}

/**
 * Reads an escape that stands for a set of characters, its backslash taken.
 *
 * @returns the inside of a class; `undefined` if another escape comes next
 */
export function readSetEscape(input: PatternReader): string | undefined {
  if (input.take("s")) return showRanges(SPACE);
  if (input.take("S")) return showRanges(complement(SPACE));
  const ascii = input.takeMatch(/[dDwW]/y);
  if (ascii !== "") return "\\" + ascii;
  const escape = input.takeMatch(/[pP](?:[A-Z](?![a-z])|\{[\w=]+\})/y);
  if (escape === "") return undefined;
  const name = escape.slice(1).replace(/^\{|\}$/g, "");
  return readProperty(input, name, escape.startsWith("P"));
}

/** The general categories by their long names, as ECMA-262 lists them. */
const CATEGORIES: Readonly<Record<string, string>> = {
  Other: "C",
  Control: "Cc",
  cntrl: "Cc",
  Format: "Cf",
  Private_Use: "Co",
  Letter: "L",
  Lowercase_Letter: "Ll",
  Modifier_Letter: "Lm",
  Other_Letter: "Lo",
  Titlecase_Letter: "Lt",
  Uppercase_Letter: "Lu",
  Mark: "M",
  Combining_Mark: "M",
  Spacing_Mark: "Mc",
  Enclosing_Mark: "Me",
  Nonspacing_Mark: "Mn",
  Number: "N",
  Decimal_Number: "Nd",
  digit: "Nd",
  Letter_Number: "Nl",
  Other_Number: "No",
  Punctuation: "P",
  punct: "P",
  Connector_Punctuation: "Pc",
  Dash_Punctuation: "Pd",
  Close_Punctuation: "Pe",
  Final_Punctuation: "Pf",
  Initial_Punctuation: "Pi",
  Other_Punctuation: "Po",
  Open_Punctuation: "Ps",
  Symbol: "S",
  Currency_Symbol: "Sc",
  Modifier_Symbol: "Sk",
  Math_Symbol: "Sm",
  Other_Symbol: "So",
  Separator: "Z",
  Line_Separator: "Zl",
  Paragraph_Separator: "Zp",
  Space_Separator: "Zs",
};
const SHORT_CATEGORIES = new Set(Object.values(CATEGORIES));
// RE2 counts no unassigned characters among these.
SHORT_CATEGORIES.delete("C");

function readProperty(
  input: PatternReader,
  name: string,
  negated: boolean,
): string {
  const value = name.replace(/^(?:General_Category|gc)=/, "");
  const long = Object.hasOwn(CATEGORIES, value) ? CATEGORIES[value] : value;
  if (long !== undefined && SHORT_CATEGORIES.has(long)) {
    return `\\${negated ? "P" : "p"}{${long}}`;
  }
  const ranges = findRanges(name);
  if (ranges === undefined) {
    return input.fail(`\\p{${name}} is not a Unicode property`);
  }
  return showRanges(negated ? complement(ranges) : ranges);
}

const known = new Map<string, readonly Range[] | undefined>();

/** Asks the runtime, which knows every property, block by block. */
function findRanges(property: string): readonly Range[] | undefined {
  if (known.has(property)) return known.get(property);
  const ranges = computeRanges(property);
  known.set(property, ranges);
  return ranges;
}

function computeRanges(property: string): readonly Range[] | undefined {
  let runs: RegExp;
  try {
    runs = new RegExp(`\\p{${property}}+`, "gu");
  } catch {
    return undefined;
  }
  const ranges: [number, number][] = [];
  const block = 0x800;
  for (let start = 0; start <= LAST_CODE_POINT; start += block) {
    if (start === 0xd800) continue;
    const codes = Array.from({ length: block }, (_, index) => start + index);
    for (const [run] of String.fromCodePoint(...codes).matchAll(runs)) {
      const first = run.codePointAt(0) ?? 0;
      const last = run.codePointAt(run.length - (first > 0xffff ? 2 : 1)) ?? 0;
      const previous = ranges.at(-1);
      if (previous !== undefined && previous[1] === first - 1) {
        previous[1] = last;
      } else ranges.push([first, last]);
    }
  }
  return ranges;
}

function complement(ranges: readonly Range[]): Range[] {
  const rest: Range[] = [];
  let next = 0;
  for (const [first, last] of ranges) {
    if (first > next) rest.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= LAST_CODE_POINT) rest.push([next, LAST_CODE_POINT]);
  return rest;
}

function showRanges(ranges: readonly Range[]): string {
  return ranges.map(([first, last]) =>
    first === last
      ? `\\x{${first.toString(16)}}`
      : `\\x{${first.toString(16)}}-\\x{${last.toString(16)}}`
  ).join("");
}
