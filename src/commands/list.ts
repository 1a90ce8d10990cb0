import { ZagPsError } from "../model/errors.ts";
import { sortNewestFirst } from "../model/newest_first.ts";
import { resolveSelf } from "../model/target.ts";
import type { Context } from "./context.ts";
import {
  addFinished,
  filterEntries,
  type Filters,
  readTerms,
} from "./steps/filter_entries.ts";
import type { JudgedEntry } from "./steps/judge.ts";
import { readStore } from "./steps/read_store.ts";
import {
  scanIfAsked,
  type Untracked,
  warnOfUnread,
} from "./steps/untracked_option.ts";

/** Which entries to list. */
export interface ListOptions extends Filters {
  /** Only those whose live status is `running`. */
  readonly running?: boolean | undefined;
  /** Only the N newest; taken before the other filters. */
  readonly limit?: number | undefined;
  /** Only those of this provider. */
  readonly provider?: string | undefined;
  /** Only those that this process or session id (or `self`) started. */
  readonly children?: string | undefined;
  /** Agents that nobody recorded: beside the others, or alone. */
  readonly untracked?: Untracked | undefined;
}

/** Lists the processes, newest first. Changes nothing. */
export async function list(
  context: Context,
  options: ListOptions,
): Promise<JudgedEntry[]> {
  const { running, limit, provider, children, untracked } = options;
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0)) {
    throw new ZagPsError(
      "usage",
      `Cannot list ${limit} entries: the limit is a whole number from 0 up`,
    );
  }
  const parent = children === undefined
    ? undefined
    : resolveSelf(children, context.system.env);
  const terms = readTerms(context, options);
  const store = readStore(context);
  const entries = store.entries.map(({ entry }) => entry);
  const scan = await scanIfAsked(context, entries, untracked);
  const found = scan?.untracked.map(({ entry }) => entry) ?? [];
  const pool = untracked === "only" ? found : [...entries, ...found];
  const chosen = sortNewestFirst(pool)
    .slice(0, limit)
    .filter((entry) =>
      (provider === undefined || entry.provider === provider) &&
      (parent === undefined || entry.parent_session_id === parent ||
        entry.parent_process_id === parent)
    );
  const judged = await filterEntries(
    context,
    chosen,
    entries,
    terms,
    undefined,
    scan,
  );
  const rows = running === true
    ? judged.filter(({ verdict }) => verdict.liveStatus === "running")
    : judged;
  if (scan === undefined) return rows;
  warnOfUnread(context, rows, scan);
  return await addFinished(context, rows);
}
