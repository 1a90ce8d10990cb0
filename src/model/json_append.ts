import { PlaceScanner } from "./json_places.ts";

/**
 * Appends an element to an array that is a member of the root,
 * `{"processes": [...]}`, and leaves every other byte as it is. The text has
 * been parsed before; comments and trailing commas are allowed.
 *
 * The new element takes the layout of the last one: on a line of its own with
 * the same indentation, or behind it on the same line.
 *
 * @param text the whole file
 * @param listKey the key of the array
 * @param element what to append
 * @returns the new text
 * @throws {RangeError} if the text has no such array
 */
export function appendElement(
  text: string,
  listKey: string,
  element: unknown,
): string {
  const scanner = new PlaceScanner(text);
  const list = scanner.enterArray(listKey);
  let last: { start: number; end: number; lead: string } | undefined;
  for (;;) {
    const from = scanner.position;
    scanner.skipSpace();
    const start = scanner.position;
    if (start >= text.length || text[start] === "]") break;
    scanner.skipValue();
    const lead = /\s*$/.exec(text.slice(from, start))?.[0] ?? "";
    last = { start, end: scanner.position, lead };
    scanner.skipComma();
  }
  if (last === undefined) {
    const start = list.valueStart + 1;
    const body = layOut(element, "    ");
    return `${text.slice(0, start)}\n    ${body}\n  ${text.slice(start)}`;
  }
  const indent = /\n([ \t]*)$/.exec(last.lead)?.[1];
  const added = indent === undefined
    ? `,${last.lead}${JSON.stringify(element)}`
    : `,\n${indent}${layOut(element, indent)}`;
  return text.slice(0, last.end) + added + text.slice(last.end);
}

/** JSON as zag writes it, two spaces a level, below an indentation. */
function layOut(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${indent}`);
}
