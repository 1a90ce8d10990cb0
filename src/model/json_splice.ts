/**
 * Changes values inside the text of a JSON file (comments and trailing commas
 * allowed) and leaves every other byte as it is.
 *
 * @module
 */

import { type Member, PlaceScanner } from "./json_places.ts";

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
  readonly members: readonly Member[];
  /** What stands between two members: a comma and the space after it. */
  readonly separator: string;
}

function locateObject(
  text: string,
  listKey: string,
  index: number,
): LocatedObject {
  const scanner = new PlaceScanner(text);
  scanner.enterArray(listKey);
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
