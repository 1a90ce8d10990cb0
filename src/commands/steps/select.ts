import { gatherFamily } from "../../model/ancestors.ts";
import { ZagPsError } from "../../model/errors.ts";
import type { Term } from "../../model/filters.ts";
import { sortNewestFirst } from "../../model/newest_first.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import { readPidHandle, standsAlone } from "../../model/untracked.ts";
import type { Context } from "../context.ts";
import { filterEntries, readTerms } from "./filter_entries.ts";
import type { JudgedEntry } from "./judge.ts";
import { readStore } from "./read_store.ts";
import { refuseAmbiguous, resolveHandle } from "./resolve_handle.ts";
import type { AgentScan } from "./scan_agents.ts";
import { openSessions } from "./session_lookup.ts";
import {
  scanIfAsked,
  type Untracked,
  warnOfUnread,
} from "./untracked_option.ts";

/** Which entries are meant. */
export interface Selection {
  /**
   * Ids, unique prefixes of ids, `self`, session ids or names of sessions,
   * and `pid:1234` for any agent that lives; with none every entry is looked
   * at.
   */
  readonly handles: readonly string[];
  /**
   * Such as `status=running`. `=` of the same key are alternatives, all else
   * has to hold together; with handles, both have to.
   */
  readonly filters: readonly string[];
  /** Only those that were started longer ago: a duration such as `2h`. */
  readonly olderThan?: string | undefined;
  /** Every recorded entry, where neither handles nor filters are given. */
  readonly all?: boolean | undefined;
  /** Whether filters mean agents that nobody recorded, too, or them alone. */
  readonly untracked?: Untracked | undefined;
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
  const { handles, filters, olderThan, all, untracked } = selection;
  const terms = readTerms(context, selection);
  if (handles.length + filters.length === 0 && olderThan === undefined) {
    if (all !== true) {
      throw new ZagPsError(
        "usage",
        "Nothing is selected\nName ids or filters, or ask for all",
      );
    }
  }
  if (all === true && untracked !== undefined) {
    throw new ZagPsError(
      "usage",
      "All means every recorded agent\nSelect those that nobody recorded by a filter, such as role=agent",
    );
  }
  const store = readStore(context);
  const entries = store.entries.map(({ entry }) => entry);
  const byPid = handles.some((handle) => readPidHandle(handle) !== undefined);
  const scan = await scanIfAsked(
    context,
    entries,
    untracked ?? (byPid ? "include" : undefined),
  );
  const sessions = openSessions(context);
  const chosen = new Set<ProcessEntry>();
  for (const handle of handles) {
    const pid = readPidHandle(handle);
    const meant = pid !== undefined && scan !== undefined
      ? resolvePid(scan, entries, pid)
      : await resolveHandle(context, store, sessions, handle);
    for (const entry of meant) chosen.add(entry);
  }
  const candidates = handles.length > 0
    ? [...chosen]
    : listCandidates(context, entries, terms, untracked, scan);
  const selected = await filterEntries(
    context,
    candidates,
    entries,
    terms,
    sessions,
    scan,
  );
  warnOfUnread(context, selected, scan);
  return selected;
}

/** What filters may choose from, newest first. */
function listCandidates(
  { warn }: Context,
  entries: readonly ProcessEntry[],
  terms: readonly Term[],
  untracked: Untracked | undefined,
  scan: AgentScan | undefined,
): ProcessEntry[] {
  // Of several entries with one id the first is the one that is meant.
  const recorded = untracked === "only" ? [] : gatherFamily(entries).values();
  // role!=agent names none.
  const asksRole = terms.some(({ key, operator }) =>
    key.key === "role" && operator === "="
  );
  const found = untracked === undefined
    ? []
    : scan?.untracked.filter(({ agent }) =>
      agent !== undefined && (asksRole || standsAlone(agent))
    ) ?? [];
  const known = found.filter(({ agent }) =>
    agent?.ownership.kind !== "unknown"
  );
  if (known.length < found.length) {
    const pids = found.filter((row) => !known.includes(row))
      .map(({ entry }) => entry.id).join(", ");
    warn(
      `Left alone, for nothing tells whose they are: ${pids} (name them by these handles, or look with zag-ps explain)`,
    );
  }
  return sortNewestFirst([...recorded, ...known.map(({ entry }) => entry)]);
}

/**
 * The entries that `pid:N` means: those that record the agent that the process
 * is, or is the launcher of; or, if nobody recorded it, what was seen of it.
 *
 * @throws {ZagPsError} `not-found`
 */
function resolvePid(
  scan: AgentScan,
  entries: readonly ProcessEntry[],
  pid: number,
): ProcessEntry[] {
  const rows = scan.rowsOf(pid);
  const recorded = rows.filter(({ untracked }) => untracked === undefined);
  // zag's spawn records a process twice; the one that it carries is its own.
  const row = recorded.find(({ verdict }) => verdict.identity === "verified") ??
    recorded[0] ?? rows[0];
  if (row !== undefined) return [row.entry];
  // One of which nothing proves it is meant by it, too.
  const named = entries.find((entry) =>
    entry.pid === pid && scan.rows.get(entry)?.verdict.alive === true
  );
  if (named !== undefined) return [named];
  const exists = scan.observation.processes.has(pid);
  throw new ZagPsError(
    "not-found",
    exists
      ? `Process ${pid} is no agent that zag-ps recognises\nzag-ps explain ${pid} tells why`
      : `Process not found: ${pid}`,
  );
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
