import { errorCode, reasonOf } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import {
  baseSessions,
  folderOf,
  joinPath,
  type Paths,
  projectSessions,
} from "../../model/paths.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import {
  decodeSessionIndex,
  decodeSessionStore,
  type IndexedSession,
  type SessionEntry,
  type SessionStore,
} from "../../model/session_entry.ts";
import type { System } from "../../system/system.ts";
import type { Context } from "../context.ts";
import { readZagFile } from "./read_store.ts";

/** What the search for a process's session came to. */
export type SessionSearch =
  | {
    readonly kind: "found";
    readonly session: SessionEntry;
    /** The store that holds it. */
    readonly store: string;
  }
  | {
    /** It is there, or may be, but its constraints cannot be read. */
    readonly kind: "unreadable";
    readonly reason: string;
    /** What is known of it, enough to record a result. */
    readonly session: SessionEntry;
    readonly store: string;
  }
  | { readonly kind: "none" };

interface ReadStore {
  readonly path: string;
  readonly store: SessionStore;
}

/**
 * Finds the session of a process: in the store of its own project, then in
 * all stores, then in the index of sessions that have a log. In each the id
 * is looked up as `session_id` first, then as `provider_session_id`.
 *
 * A store that cannot be read matters if it should hold the session, or if
 * the session is nowhere else; otherwise it is only warned of.
 */
export function findSession(
  context: Context,
  entry: ProcessEntry,
): SessionSearch {
  const { system, paths } = context;
  const id = entry.session_id;
  if (id === undefined || id === null) return { kind: "none" };
  const failures: { path: string; reason: string }[] = [];
  const read = (path: string): ReadStore[] => {
    try {
      const text = readZagFile(system, path);
      if (text === undefined) return [];
      return [{ path, store: decodeSessionStore(text, path) }];
    } catch (error) {
      // A stray file among the folders of the projects holds no store.
      if (errorCode((error as Error).cause) === "ENOTDIR") return [];
      failures.push({ path, reason: reasonOf(error) });
      return [];
    }
  };

  const own = typeof entry.root === "string"
    ? projectSessions(paths, entry.root)
    : undefined;
  const ownStores = own === undefined ? [] : read(own);
  const indexFailures: typeof failures = [];
  const indexed = findIndexed(context, id, indexFailures);
  const known = guessSession(paths, entry, id, indexed, own);
  const [ownFailure] = failures;
  if (ownFailure !== undefined) {
    return { kind: "unreadable", reason: ownFailure.reason, ...known };
  }
  const inOwn = searchStores(ownStores, id, known.session);
  if (inOwn !== undefined) {
    for (const { reason } of indexFailures) context.warn(reason);
    return inOwn;
  }

  const others = listStores(system, paths, failures)
    .filter((path) => path !== own).flatMap(read);
  const elsewhere = searchStores(others, id, known.session);
  if (elsewhere !== undefined) {
    for (const { reason } of [...failures, ...indexFailures]) {
      context.warn(reason);
    }
    return elsewhere;
  }
  const nameless = [...ownStores, ...others].flatMap(({ path, store }) =>
    store.bad.filter((bad) => bad.known.session_id === undefined)
      .map((bad) => ({
        path,
        reason: describeBad(path, bad.index, bad.reason),
      }))
  );
  const suspects = [...failures, ...nameless, ...indexFailures];
  const reason = suspects[0]?.reason ??
    (indexed && say`Only the index "${paths.index}" knows the session "${id}"`);
  if (reason === undefined) return { kind: "none" };
  const store = own === undefined && indexed === undefined
    ? pickStore(system, suspects.map(({ path }) => path), id)
    : undefined;
  return { kind: "unreadable", reason, ...known, ...(store && { store }) };
}

/** Of the stores that may hold a session the one that has a log of it. */
function pickStore(
  system: System,
  stores: readonly string[],
  id: string,
): string | undefined {
  const hasLog = (store: string) => {
    try {
      return system.listFolder(joinPath(folderOf(store), "logs/sessions"))
        ?.includes(`${id}.jsonl`);
    } catch {
      return false;
    }
  };
  return stores.find(hasLog) ??
    stores.find((store) => store.endsWith("/sessions.json"));
}

function searchStores(
  stores: readonly ReadStore[],
  id: string,
  guess: SessionEntry,
): SessionSearch | undefined {
  for (const key of ["session_id", "provider_session_id"] as const) {
    for (const { path, store } of stores) {
      const session = store.sessions.find((session) => session[key] === id);
      if (session !== undefined) {
        return { kind: "found", session, store: path };
      }
      const bad = store.bad.find(({ known }) => known[key] === id);
      if (bad !== undefined) {
        return {
          kind: "unreadable",
          reason: describeBad(path, bad.index, bad.reason),
          session: { ...guess, ...bad.known },
          store: path,
        };
      }
    }
  }
  return undefined;
}

function describeBad(path: string, index: number, reason: string): string {
  return say`Session ${index} of "${path}" cannot be read: ${reason}`;
}

function listStores(
  system: System,
  paths: Paths,
  failures: { path: string; reason: string }[],
): string[] {
  const stores = [baseSessions(paths)];
  try {
    for (const project of [...system.listFolder(paths.projects) ?? []].sort()) {
      stores.push(joinPath(joinPath(paths.projects, project), "sessions.json"));
    }
  } catch (error) {
    const reason = say`Failed to list "${paths.projects}": ${reasonOf(error)}`;
    failures.push({ path: paths.projects, reason });
  }
  return stores;
}

function findIndexed(
  { system, paths }: Context,
  id: string,
  failures: { path: string; reason: string }[],
): IndexedSession | undefined {
  try {
    const text = readZagFile(system, paths.index);
    if (text === undefined) return undefined;
    return decodeSessionIndex(text, paths.index)
      .findLast(({ session_id }) => session_id === id);
  } catch (error) {
    failures.push({ path: paths.index, reason: reasonOf(error) });
    return undefined;
  }
}

/** Where a result goes if the session entry itself cannot be read. */
function guessSession(
  paths: Paths,
  entry: ProcessEntry,
  id: string,
  indexed: IndexedSession | undefined,
  own: string | undefined,
): { session: SessionEntry; store: string } {
  return {
    session: {
      session_id: id,
      provider: entry.provider,
      log_path: indexed?.log_path,
    },
    store: own ??
      (indexed === undefined
        ? baseSessions(paths)
        : joinPath(folderOf(folderOf(folderOf(indexed.log_path))), "s")),
  };
}
