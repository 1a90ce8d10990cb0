import { parseDuration } from "../../model/duration.ts";
import { ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { type Family, gatherFamily } from "../../model/ancestors.ts";
import { type Source, SOURCES, type Subject } from "../../model/filter_keys.ts";
import { matches, parseFilter, type Term } from "../../model/filters.ts";
import { isAbsolutePath } from "../../model/folder_paths.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import { readLabels } from "../../model/session_labels.ts";
import { resolveOwnSession, resolveSelf } from "../../model/target.ts";
import type { Context } from "../context.ts";
import { type JudgedEntry, judgeEntries } from "./judge.ts";
import { followLinks } from "./follow_links.ts";
import type { AgentScan } from "./scan_agents.ts";
import { openSessions, type SessionLookup } from "./session_lookup.ts";

/** Which entries are meant, apart from their ids. */
export interface Filters {
  /** Such as `status=running`; see `FILTER_KEYS`. */
  readonly filters?: readonly string[] | undefined;
  /** Only those that were started longer ago: a duration such as `2h`. */
  readonly olderThan?: string | undefined;
}

/**
 * Reads filters, and replaces in their values what depends on the machine:
 * `self`, and folders that are not written from the root.
 *
 * @throws {ZagPsError} `usage`; `not-found` for `self` outside an agent
 */
export function readTerms(
  context: Context,
  { filters = [], olderThan }: Filters,
): Term[] {
  const terms = parseTerms({ filters, olderThan });
  return terms.map((term) => ({ ...term, value: resolveValue(context, term) }));
}

/**
 * Reads filters as they are written.
 *
 * @throws {ZagPsError} `usage`
 */
export function parseTerms({ filters = [], olderThan }: Filters): Term[] {
  const terms = filters.map((text) => parseFilter(text));
  if (olderThan === undefined) return terms;
  // The message is to name the duration, which is what was written.
  parseDuration(olderThan);
  return [...terms, parseFilter(`age>${olderThan}`)];
}

function resolveValue({ system }: Context, { key, value }: Term): string {
  if (key.kind === "id") return resolveSelf(value, system.env);
  if (key.kind === "session") return resolveOwnSession(value, system.env);
  if (key.kind !== "path") return value;
  const path = /^~(?=\/|$)/.test(value)
    ? system.userHome() + value.slice(1)
    : value;
  if (isAbsolutePath(path)) return path;
  // The machine knows what it is relative to, if it is there.
  const real = followLinks(system, path);
  if (real !== undefined && isAbsolutePath(real)) return real;
  throw new ZagPsError(
    "usage",
    say`Cannot filter by the folder "${value}": there is none here\nWrite the whole path`,
  );
}

/**
 * Judges the entries that match, and gives them in the same order. Facts are
 * loaded from one source after the other, each for those entries alone that
 * all terms on the sources before have left.
 *
 * @param entries those to choose from
 * @param all every entry of the store, for the lines of ancestors
 * @param scan the look at all processes, if there was one
 */
export async function filterEntries(
  context: Context,
  entries: readonly ProcessEntry[],
  all: readonly ProcessEntry[],
  terms: readonly Term[],
  sessions: SessionLookup = openSessions(context),
  scan: AgentScan | undefined = undefined,
): Promise<JudgedEntry[]> {
  const of = (source: Source) =>
    terms.filter(({ key }) => key.source === source);
  const tools = makeTools(context, all);
  const inStore = of("store");
  const left = inStore.length === 0
    ? entries
    : entries.filter((entry) => matches(inStore, { ...tools, entry }));
  let judged = scan === undefined
    ? await judgeEntries(context, left)
    : findRows(scan, left);
  for (const source of SOURCES.slice(1)) {
    const wanted = of(source);
    if (wanted.length === 0) continue;
    if (source === "machine" && scan === undefined && judged.length > 0) {
      // Loaded only here: most runs do not look at every process.
      const { scanAgents } = await import("./scan_agents.ts");
      const found = await scanAgents(context, all);
      judged = findRows(found, judged.map(({ entry }) => entry));
    }
    if (source === "log") judged = await addFinished(context, judged, sessions);
    judged = judged.filter((row) =>
      matches(wanted, {
        ...tools,
        ...loadFacts(source, row, sessions),
      })
    );
  }
  return judged;
}

/** Looks into the logs of those that live. */
export async function addFinished(
  context: Context,
  rows: readonly JudgedEntry[],
  sessions: SessionLookup = openSessions(context),
): Promise<JudgedEntry[]> {
  // Loaded only here: most commands look into no log.
  const { readFinished } = await import("./read_finished.ts");
  return rows.map((row) => {
    if (!row.verdict.alive) return row;
    return { ...row, finished: readFinished(context, row, sessions) };
  });
}

/** The rows of entries, each of which a scan has judged. */
function findRows(
  { rows }: AgentScan,
  entries: readonly ProcessEntry[],
): JudgedEntry[] {
  return entries.flatMap((entry) => rows.get(entry) ?? []);
}

type Tools = Pick<Subject, "now" | "family" | "realPath">;

function makeTools({ system }: Context, all: readonly ProcessEntry[]): Tools {
  let family: Family | undefined;
  const known = new Map<string, string | undefined>();
  return {
    now: system.now(),
    family: () => family ??= gatherFamily(all),
    realPath(path) {
      if (!known.has(path)) known.set(path, followLinks(system, path));
      return known.get(path);
    },
  };
}

/** The facts that a source has for an entry. */
function loadFacts(
  source: Source,
  row: JudgedEntry,
  sessions: SessionLookup,
): Omit<Subject, keyof Tools> {
  const { entry, verdict, agent } = row;
  if (source === "machine") return { entry, verdict, agent };
  if (source === "sessions") {
    const found = sessions.find(entry);
    if (found === "unreadable") return { entry, verdict };
    if (found === undefined) return { entry, verdict, sessionIds: [] };
    const { session_id, provider_session_id } = found.session;
    const ids = [session_id, provider_session_id]
      .filter((id) => typeof id === "string");
    const labels = readLabels(found.session);
    return { entry, verdict, labels, sessionIds: ids };
  }
  if (source !== "log") return { entry, verdict };
  if (verdict.alive) return { entry, verdict, finished: row.finished };
  const finished = verdict.identity === "unseen" ? undefined : false;
  return { entry, verdict, finished };
}
