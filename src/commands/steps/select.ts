import { gatherFamily } from "../../model/ancestors.ts";
import { ZagPsError } from "../../model/errors.ts";
import { sortNewestFirst } from "../../model/newest_first.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import type { Context } from "../context.ts";
import { filterEntries, readTerms } from "./filter_entries.ts";
import type { JudgedEntry } from "./judge.ts";
import { readStore } from "./read_store.ts";
import { refuseAmbiguous, resolveHandle } from "./resolve_handle.ts";
import { openSessions } from "./session_lookup.ts";

/** Which entries are meant. */
export interface Selection {
  /**
   * Ids, unique prefixes of ids, `self`, session ids or names of sessions;
   * with none every entry is looked at.
   */
  readonly handles: readonly string[];
  /**
   * Such as `status=running`. `=` of the same key are alternatives, all else
   * has to hold together; with handles, both have to.
   */
  readonly filters: readonly string[];
  /** Only those that were started longer ago: a duration such as `2h`. */
  readonly olderThan?: string | undefined;
  /** Every entry, where neither handles nor filters are given. */
  readonly all?: boolean | undefined;
}

/**
 * Selects entries and judges them.
 *
 * @returns in the order of the handles, else newest first; each entry once.
 * Filters that match nothing give nothing
 * @throws {ZagPsError} `not-found` or `ambiguous` for a handle; `usage` for a
 * filter that cannot be read, and for a selection that is empty: it never
 * means every entry, unless `all` says so
 */
export async function select(
  context: Context,
  selection: Selection,
): Promise<JudgedEntry[]> {
  const { handles, filters, olderThan, all } = selection;
  const terms = readTerms(context, selection);
  if (handles.length + filters.length === 0 && olderThan === undefined) {
    if (all !== true) {
      throw new ZagPsError(
        "usage",
        "Nothing is selected\nName ids or filters, or ask for all",
      );
    }
  }
  const store = readStore(context);
  const entries = store.entries.map(({ entry }) => entry);
  const sessions = openSessions(context);
  const chosen = new Set<ProcessEntry>();
  for (const handle of handles) {
    for (const entry of await resolveHandle(context, store, sessions, handle)) {
      chosen.add(entry);
    }
  }
  const candidates = handles.length > 0
    ? [...chosen]
    // Of several entries with one id the first is the one that is meant.
    : sortNewestFirst([...gatherFamily(entries).values()]);
  return await filterEntries(context, candidates, entries, terms, sessions);
}

/**
 * Selects the one entry that a handle means, and judges it.
 *
 * @throws {ZagPsError} `not-found`, or `ambiguous` also where a session has
 * several living processes
 */
export async function selectOne(
  context: Context,
  handle: string,
): Promise<JudgedEntry> {
  const rows = await select(context, { handles: [handle], filters: [] });
  const [only] = rows;
  if (only !== undefined && rows.length === 1) return only;
  throw refuseAmbiguous(handle, rows.map(({ entry }) => entry));
}
