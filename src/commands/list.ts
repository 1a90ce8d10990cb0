import { ZagPsError } from "../model/errors.ts";
import { type Instant, parseInstant } from "../model/instant.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import { resolveSelf } from "../model/target.ts";
import type { Context } from "./context.ts";
import { type JudgedEntry, judgeEntries } from "./steps/judge.ts";
import { readStore } from "./steps/read_store.ts";

/** Which entries to list. */
export interface ListOptions {
  /** Only those whose live status is `running`. */
  readonly running?: boolean | undefined;
  /** Only the N newest; taken before the other filters. */
  readonly limit?: number | undefined;
  /** Only those of this provider. */
  readonly provider?: string | undefined;
  /** Only those that this process or session id (or `self`) started. */
  readonly children?: string | undefined;
}

/** Lists the recorded processes, newest first. Changes nothing. */
export async function list(
  context: Context,
  options: ListOptions,
): Promise<JudgedEntry[]> {
  const { running, limit, provider, children } = options;
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0)) {
    throw new ZagPsError(
      "usage",
      `Cannot list ${limit} entries: the limit is a whole number from 0 up`,
    );
  }
  const parent = children === undefined
    ? undefined
    : resolveSelf(children, context.system.env);
  const store = readStore(context);
  const chosen = sortNewestFirst(store.entries.map(({ entry }) => entry))
    .slice(0, limit)
    .filter((entry) =>
      (provider === undefined || entry.provider === provider) &&
      (parent === undefined || entry.parent_session_id === parent ||
        entry.parent_process_id === parent)
    );
  const judged = await judgeEntries(context, chosen);
  if (running !== true) return judged;
  return judged.filter(({ verdict }) => verdict.liveStatus === "running");
}

/**
 * Newest first by instant, to the nanosecond; unreadable dates last; ties by
 * id, bytewise, the larger first.
 */
export function sortNewestFirst(
  entries: readonly ProcessEntry[],
): ProcessEntry[] {
  return entries
    .map((entry) => ({ entry, started: parseInstant(entry.started_at) }))
    .sort((a, b) =>
      compareInstants(b.started, a.started) ||
      compareBytewise(b.entry.id, a.entry.id)
    )
    .map(({ entry }) => entry);
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
