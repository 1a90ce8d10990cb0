import {
  type Instant,
  isWrittenAlike,
  parseInstant,
  UTC_DATE,
} from "./instant.ts";
import type { ProcessEntry } from "./process_entry.ts";

/** What entries are sorted by. */
export type Started = Pick<ProcessEntry, "id" | "started_at">;

const PLAIN = new RegExp(`^${UTC_DATE}$`);

/**
 * Newest first by instant, to the nanosecond; unreadable dates last; ties by
 * id, bytewise, the larger first.
 */
export function sortNewestFirst<T extends Started>(
  entries: readonly T[],
): T[] {
  return isSortedAsText(entries)
    ? entries.toSorted((a, b) =>
      compareTexts(b.started_at, a.started_at) || compareBytewise(b.id, a.id)
    )
    : entries
      .map((entry) => ({ entry, started: parseInstant(entry.started_at) }))
      .sort((a, b) =>
        compareInstants(b.started, a.started) ||
        compareBytewise(b.entry.id, a.entry.id)
      )
      .map(({ entry }) => entry);
}

/** Whether dates need not be parsed, as those of one program. */
function isSortedAsText(entries: readonly Started[]): boolean {
  const first = entries[0]?.started_at ?? "";
  return entries.every(({ started_at }) =>
    isWrittenAlike(started_at, first) && PLAIN.test(started_at)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function compareInstants(
  a: Instant | undefined,
  b: Instant | undefined,
): number {
  if (a === undefined || b === undefined) {
    return Number(a !== undefined) - Number(b !== undefined);
  }
  return a.seconds - b.seconds || a.nanos - b.nanos;
}

/** The order of the UTF-8 bytes, which is that of the code points. */
function compareBytewise(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  const x = a.charCodeAt(i);
  const y = b.charCodeAt(i);
  if (Number.isNaN(x) || Number.isNaN(y)) return a.length - b.length;
  // UTF-16 puts surrogates before U+E000; code points come after U+FFFF.
  const rank = (unit: number) => unit >= 0xd800 && unit < 0xe000 ? 1 : 0;
  return rank(x) - rank(y) || x - y;
}
