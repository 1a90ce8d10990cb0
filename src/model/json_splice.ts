/**
 * Changes values inside the text of a JSON file (comments and trailing commas
 * allowed) and leaves every other byte as it is.
 *
 * The text has been parsed before: the scanner may take its shape for
 * granted and only has to find the places.
 */

/** Where a member of an object stands in the text. */
interface Member {
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** The members to set, as JSON text; `undefined` takes a member out. */
export type MemberChanges = Readonly<Record<string, string | undefined>>;

/**
 * Sets members of one object in an array that is a member of the root:
 * `{"processes": [{...}, {...}]}`.
 *
 * @param text the whole file
 * @param listKey the key of the array
 * @param index the place of the object in the array
 * @param changes the members to set
 * @returns the new text, and the members as they were, with which the same
 * call takes the change back
 * @throws {RangeError} if the text has no such object
 */
export function spliceMembers(
  text: string,
  listKey: string,
  index: number,
  changes: MemberChanges,
): { text: string; previous: MemberChanges } {
  const object = locateObject(text, listKey, index);
  const previous: [key: string, value: string | undefined][] = [];
  const edits: { start: number; end: number; text: string }[] = [];
  let added = "";
  for (const [key, value] of Object.entries(changes)) {
    // Of several members with one name the last one counts.
    const at = object.members.findLastIndex((member) => member.key === key);
    const member = object.members[at];
    previous.push([key, member && text.slice(member.valueStart, member.end)]);
    if (member === undefined) {
      if (value !== undefined) {
        added += `${object.separator}${JSON.stringify(key)}: ${value}`;
      }
    } else if (value === undefined) {
      edits.push({ ...spanWithComma(object.members, at, changes), text: "" });
    } else {
      edits.push({ start: member.valueStart, end: member.end, text: value });
    }
  }
  if (added !== "") {
    const last = object.members.at(-1);
    if (last === undefined) added = added.replace(/^,\s*/, "");
    const place = last?.end ?? object.start + 1;
    edits.push({ start: place, end: place, text: added });
  }
  edits.sort((a, b) => b.start - a.start);
  for (const edit of edits) {
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }
  return { text, previous: Object.fromEntries(previous) };
}

/**
 * What goes with a member: the comma before it, or the one after it where all
 * members before it go as well.
 */
function spanWithComma(
  members: LocatedObject["members"],
  at: number,
  changes: MemberChanges,
): { start: number; end: number } {
  const member = members[at] as Member;
  const before = members[at - 1];
  const isFirst = members.slice(0, at).every(({ key }, i) =>
    Object.hasOwn(changes, key) && changes[key] === undefined &&
    members.findLastIndex((other) => other.key === key) === i
  );
  if (before !== undefined && !isFirst) {
    return { start: before.end, end: member.end };
  }
  return { start: member.start, end: members[at + 1]?.start ?? member.end };
}

interface LocatedObject {
  readonly start: number;
  readonly members: readonly (Member & { readonly key: string })[];
  /** What stands between two members: a comma and the space after it. */
  readonly separator: string;
}

function locateObject(
  text: string,
  listKey: string,
  index: number,
): LocatedObject {
  const scanner = new Scanner(text);
  scanner.skipSpace();
  const list = scanner.readMembers().findLast(({ key }) => key === listKey);
  if (list === undefined) throw new RangeError(`No member "${listKey}"`);
  scanner.position = list.valueStart + 1;
  for (let i = 0;; i++) {
    scanner.skipSpace();
    if (scanner.position >= text.length || text[scanner.position] === "]") {
      throw new RangeError(`No element ${index} in "${listKey}"`);
    }
    if (i === index) break;
    scanner.skipValue();
    scanner.skipComma();
  }
  const start = scanner.position;
  const members = scanner.readMembers();
  const [first, second] = members;
  let separator = ", ";
  if (first !== undefined) {
    const from = second === undefined ? start + 1 : first.end;
    const space = /^\s*/.exec(
      text.slice(from, (second ?? first).start).replace(/^\s*,/, ""),
    );
    separator = `,${space?.[0] ?? " "}`;
  }
  return { start, members, separator };
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
export class Scanner {
  position = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
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
  readMembers(): (Member & { key: string })[] {
    const text = this.#text;
    if (text[this.position] !== "{") throw new RangeError("Not an object");
    this.position++;
    const members: (Member & { key: string })[] = [];
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
