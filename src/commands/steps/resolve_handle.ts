import { gatherFamily } from "../../model/ancestors.ts";
import { ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { sortNewestFirst } from "../../model/newest_first.ts";
import type { ProcessEntry, ProcessStore } from "../../model/process_entry.ts";
import type { SessionEntry } from "../../model/session_entry.ts";
import { readCreation } from "../../model/session_labels.ts";
import { findTarget } from "../../model/target.ts";
import type { Context } from "../context.ts";
import { type JudgedEntry, judgeEntries } from "./judge.ts";
import { openSessions, type SessionLookup } from "./session_lookup.ts";

/**
 * The entries that a handle means. An id, a unique prefix of one and `self`
 * mean one entry. The id or the name of a session mean its living processes,
 * each once, or else its newest entry; of several sessions with one name the
 * one that has living processes, or else the newest.
 *
 * @throws {ZagPsError} `not-found`, or `ambiguous` with the candidates
 */
export async function resolveHandle(
  context: Context,
  store: ProcessStore,
  sessions: SessionLookup,
  handle: string,
): Promise<ProcessEntry[]> {
  let target: ProcessEntry | undefined;
  let failure: unknown;
  try {
    target = findTarget(store, handle, context.system.env).entry;
  } catch (error) {
    const known = error instanceof ZagPsError && error.kind === "not-found";
    if (!known || handle === "self") throw error;
    failure = error;
  }
  if (target !== undefined && (target.id === handle || handle === "self")) {
    return [target];
  }
  if (target !== undefined) {
    // A name such as "cafe" may be the beginning of an id, too. What cannot be
    // read is no reason to doubt the id.
    const quiet = openSessions({ ...context, warn: () => {} });
    const named = findGroups(store, quiet, handle).flat();
    if (!named.some((entry) => entry !== target)) return [target];
    throw refuseAmbiguous(handle, [...new Set([target, ...named])]);
  }
  const groups = findGroups(store, sessions, handle);
  if (groups.length === 0) throw failure;
  const living: JudgedEntry[][] = [];
  for (const group of groups) {
    const judged = await judgeEntries(context, group);
    const alive = judged.filter(({ verdict }) => verdict.alive);
    if (alive.length > 0) living.push(alive);
  }
  const [alive, ...others] = living;
  if (others.length > 0) {
    throw refuseAmbiguous(handle, living.flat().map(({ entry }) => entry));
  }
  if (alive === undefined) return groups[0]?.slice(0, 1) ?? [];
  // zag's spawn writes a second entry for the process that it starts.
  const pids = new Set<number>();
  return alive.map(({ entry }) => entry)
    .filter(({ pid }) => !pids.has(pid) && pids.add(pid));
}

/**
 * The entries of the sessions that a text names, by session, the newest
 * first.
 */
function findGroups(
  store: ProcessStore,
  sessions: SessionLookup,
  text: string,
): ProcessEntry[][] {
  const named = sessions.named(text)
    .map(({ session }) => session)
    .sort((a, b) => readCreation(b) - readCreation(a));
  const withId = sessions.withId(text)?.session;
  const idSets = [
    // An entry may name a session that no store has.
    [text, ...listIds(withId)],
    ...named.map(listIds),
  ];
  const family = gatherFamily(store.entries.map(({ entry }) => entry));
  const taken = new Set<ProcessEntry>();
  return idSets.flatMap((ids) => {
    const group = [...family.values()].filter((entry) =>
      !taken.has(entry) && ids.includes(entry.session_id ?? "")
    );
    for (const entry of group) taken.add(entry);
    return group.length === 0 ? [] : [sortNewestFirst(group)];
  });
}

/** Either id of a session; an entry may name it by both. */
function listIds(session: SessionEntry | undefined): string[] {
  if (session === undefined) return [];
  return [session.session_id, session.provider_session_id]
    .filter((id) => typeof id === "string" && id !== "") as string[];
}

/** How many candidates are listed. */
const MAX_CANDIDATES = 10;

/** A handle that several entries fit, where one is needed. */
export function refuseAmbiguous(
  handle: string,
  entries: readonly ProcessEntry[],
): ZagPsError {
  const lines = entries.slice(0, MAX_CANDIDATES).map((entry) =>
    say`  ${entry.id}  ${entry.provider}  ${entry.status}  ${entry.started_at}`
  );
  const more = entries.length - lines.length;
  if (more > 0) lines.push(`  and ${more} more`);
  return new ZagPsError(
    "ambiguous",
    say`"${handle}" is ambiguous, it fits ${entries.length} entries:` +
      `\n${lines.join("\n")}\nGive the id of the process`,
  );
}
