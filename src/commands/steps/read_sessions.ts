import { errorCode, reasonOf } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { baseSessions, joinPath, locateLog } from "../../model/paths.ts";
import {
  decodeSessionStore,
  type SessionEntry,
  type SessionStore,
} from "../../model/session_entry.ts";
import type { Context } from "../context.ts";
import { readZagFile } from "./read_store.ts";

/** One session store that is there. */
export interface ReadSessions {
  readonly path: string;
  readonly text: string;
  readonly store: SessionStore;
}

/** All session stores, and what could not be read. */
export interface AllSessions {
  readonly stores: readonly ReadSessions[];
  readonly failures: readonly {
    readonly path: string;
    readonly reason: string;
  }[];
}

/** Reads the session store of every project and the base one, each once. */
export function readAllSessions(context: Context): AllSessions {
  const { system, paths } = context;
  const stores: ReadSessions[] = [];
  const failures: { path: string; reason: string }[] = [];
  const fail = (path: string, error: unknown) => {
    // A stray file among the folders of the projects holds no store.
    const code = errorCode(error) ?? errorCode((error as Error).cause);
    if (code !== "ENOTDIR") failures.push({ path, reason: reasonOf(error) });
  };
  const places = [baseSessions(paths)];
  try {
    for (const project of [...system.listFolder(paths.projects) ?? []].sort()) {
      places.push(joinPath(joinPath(paths.projects, project), "sessions.json"));
    }
  } catch (error) {
    const reason = say`Failed to list "${paths.projects}": ${reasonOf(error)}`;
    failures.push({ path: paths.projects, reason });
  }
  for (const path of places) {
    try {
      const text = readZagFile(system, path);
      if (text === undefined) continue;
      stores.push({ path, text, store: decodeSessionStore(text, path) });
    } catch (error) {
      fail(path, error);
    }
  }
  return { stores, failures };
}

/** A session and the store that holds it. */
export interface PlacedSession {
  readonly session: SessionEntry;
  readonly store: string;
}

/**
 * Makes a look-up of sessions by their id, zag's or the agent's; for many
 * look-ups, where each alone would read every store.
 */
export function indexSessions(
  { stores }: AllSessions,
): (id: string) => readonly PlacedSession[] {
  const byId = new Map<string, PlacedSession[]>();
  for (const { path, store } of stores) {
    for (const session of store.sessions) {
      const ids = new Set([session.session_id, session.provider_session_id]);
      for (const id of ids) {
        if (typeof id !== "string") continue;
        const placed = { session, store: path };
        const known = byId.get(id);
        if (known === undefined) byId.set(id, [placed]);
        else known.push(placed);
      }
    }
  }
  return (id) => byId.get(id) ?? [];
}

/** The log of a session; `undefined` if its path must not be used. */
export function locateSafely(
  { system, paths }: Context,
  { session, store }: PlacedSession,
): string | undefined {
  try {
    return locateLog(paths, store, session, system.realPath);
  } catch {
    return undefined;
  }
}
