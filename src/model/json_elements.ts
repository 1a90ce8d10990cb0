/**
 * Takes elements out of an array inside the text of a JSON file, and changes
 * others; every comment and every other byte stays (see json_splice.ts).
 */

import { PlaceScanner } from "./json_places.ts";
import { type MemberChanges, spliceMembers } from "./json_splice.ts";

/** What becomes of the elements of an array, by their place in it. */
export interface ElementEdits {
  /** The elements that are taken out. */
  readonly removed: ReadonlySet<number>;
  /** The members that are set in others. */
  readonly changed: ReadonlyMap<number, MemberChanges>;
}

/**
 * Edits elements of an array that is a member of the root:
 * `{"processes": [{...}, {...}]}`. One pass, whatever the number of edits.
 *
 * What stands between elements goes with those that are taken out, in the
 * way that zag's own layout stays zag's own; comments stay.
 *
 * @param text the whole file, which has been parsed before
 * @param listKey the key of the array
 * @throws {RangeError} if the text has no such array, or no such element
 */
export function editElements(
  text: string,
  listKey: string,
  { removed, changed }: ElementEdits,
): string {
  const { open, close, elements } = locateElements(text, listKey);
  for (const index of [...removed, ...changed.keys()]) {
    if (elements[index] === undefined) {
      throw new RangeError(`No element ${index} in "${listKey}"`);
    }
  }
  const out = [text.slice(0, open)];
  let gaps: string[] = [];
  let from = open;
  let kept = 0;
  elements.forEach(({ start, end }, index) => {
    gaps.push(text.slice(from, start));
    from = end;
    if (removed.has(index)) return;
    const changes = changed.get(index);
    const element = text.slice(start, end);
    out.push(joinGaps(gaps, kept > 0, true));
    out.push(changes === undefined ? element : changeElement(element, changes));
    gaps = [];
    kept++;
  });
  gaps.push(text.slice(from, close));
  out.push(joinGaps(gaps, kept > 0, false), text.slice(close));
  return out.join("");
}

function changeElement(element: string, changes: MemberChanges): string {
  const [before, after] = ['{"x":[', "]}"];
  return spliceMembers(before + element + after, "x", 0, changes)
    .text.slice(before.length, -after.length);
}

interface Located {
  /** Behind the opening bracket. */
  readonly open: number;
  /** At the closing bracket. */
  readonly close: number;
  readonly elements: readonly {
    readonly start: number;
    readonly end: number;
  }[];
}

function locateElements(text: string, listKey: string): Located {
  const scanner = new PlaceScanner(text);
  const list = scanner.enterArray(listKey);
  const open = scanner.position;
  const elements: { start: number; end: number }[] = [];
  for (;;) {
    scanner.skipSpace();
    if (scanner.position >= list.end - 1) break;
    const start = scanner.position;
    scanner.skipValue();
    elements.push({ start, end: scanner.position });
    scanner.skipComma();
  }
  return { open, close: list.end - 1, elements };
}

/** What is between two elements: a comment, a comma, or white space. */
const GAP_PIECE = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|,|[^,/]+/g;

/**
 * Makes one gap of those around the elements that are taken out.
 *
 * @param gaps in file order; a single one has nothing taken out beside it
 * @param before whether an element stands before it
 * @param after whether one stands behind it
 */
function joinGaps(
  gaps: readonly string[],
  before: boolean,
  after: boolean,
): string {
  const [first = "", ...others] = gaps;
  const last = others.at(-1);
  if (last === undefined) return first;
  if (!gaps.some((gap) => gap.includes("/"))) {
    if (!before) return after ? first : "";
    return after ? first : last;
  }
  // One comma between two elements; behind the last one only where there was.
  let commas = before && (after || countCommas(last) > 0) ? 1 : 0;
  let joined = "";
  for (const gap of gaps) {
    let text = "";
    for (const [piece] of gap.matchAll(GAP_PIECE)) {
      if (piece === ",") {
        if (commas > 0) text += piece;
        commas--;
      } else text += piece;
    }
    joined = joinLines(joined, text);
  }
  return joined;
}

function countCommas(gap: string): number {
  return (gap.match(GAP_PIECE) ?? []).filter((piece) => piece === ",").length;
}

/** Joins two texts without leaving the empty line of what stood between. */
function joinLines(a: string, b: string): string {
  return /^[ \t]*\r?\n/.test(b) ? a.replace(/\r?\n[ \t]*$/, "") + b : a + b;
}
