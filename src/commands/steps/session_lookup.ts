import { errorCode, reasonOf } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { baseSessions, joinPath, projectSessions } from "../../model/paths.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import {
  decodeSessionStore,
  type SessionEntry,
} from "../../model/session_entry.ts";
import { readLabels } from "../../model/session_labels.ts";
import type { Context } from "../context.ts";
import { readZagFile } from "./read_store.ts";

/** A session and the store that holds it. */
export interface StoredSession {
  readonly session: SessionEntry;
  readonly store: string;
}

/** The sessions of all stores, read once. */
export interface SessionLookup {
  /**
   * The session of an entry: in the store of its own project, then in all; in
   * each first by zag's own id, then by the provider's.
   *
   * @returns `undefined` if there is none, `unreadable` if one that cannot be
   * read is, or may be, it
   */
  find(entry: ProcessEntry): StoredSession | "unreadable" | undefined;
  /** The sessions of a name. */
  named(name: string): readonly StoredSession[];
  /** The session of zag's own or the provider's id. */
  withId(id: string): StoredSession | undefined;
}

type Slot = StoredSession | "unreadable";

/** The sessions of one store, or of all, by either id. */
interface Table {
  readonly own: Map<string, Slot>;
  readonly provider: Map<string, Slot>;
}

interface Loaded {
  readonly all: Table;
  readonly byStore: ReadonlyMap<string, Table | "unreadable">;
  readonly sessions: readonly StoredSession[];
  /** Whether a session may be where it cannot be read. */
  readonly gaps: boolean;
}

/**
 * Makes a lookup. Nothing is read before it is asked; what cannot be read is
 * warned of then.
 */
export function openSessions(context: Context): SessionLookup {
  let loaded: Loaded | undefined;
  const load = () => loaded ??= loadSessions(context);
  return {
    find(entry) {
      const { session_id: id, root } = entry;
      if (typeof id !== "string") return undefined;
      const { all, byStore, gaps } = load();
      const own = typeof root === "string"
        ? byStore.get(projectSessions(context.paths, root))
        : undefined;
      if (own === "unreadable") return own;
      return (own && findIn(own, id)) ?? findIn(all, id) ??
        (gaps ? "unreadable" : undefined);
    },
    named: (name) =>
      load().sessions.filter(({ session }) =>
        readLabels(session).name === name
      ),
    withId(id) {
      const found = findIn(load().all, id);
      return found === "unreadable" ? undefined : found;
    },
  };
}

function findIn({ own, provider }: Table, id: string): Slot | undefined {
  return own.get(id) ?? provider.get(id);
}

function loadSessions(context: Context): Loaded {
  const { system, paths, warn } = context;
  const all = createTable();
  const byStore = new Map<string, Table | "unreadable">();
  const sessions: StoredSession[] = [];
  let gaps = false;
  const fail = (reason: string) => {
    gaps = true;
    warn(reason);
  };
  for (const path of listStores(context, fail)) {
    try {
      const text = readZagFile(system, path);
      if (text === undefined) continue;
      const store = decodeSessionStore(text, path);
      const table = createTable();
      byStore.set(path, table);
      for (const session of store.sessions) {
        const stored = { session, store: path };
        sessions.push(stored);
        for (const into of [table, all]) enter(into, session, stored);
      }
      for (const { index, reason, known } of store.bad) {
        warn(say`Session ${index} of "${path}" cannot be read: ${reason}`);
        gaps ||= known.session_id === undefined;
        for (const into of [table, all]) enter(into, known, "unreadable");
      }
    } catch (error) {
      // A stray file among the folders of the projects holds no store.
      if (errorCode((error as Error).cause) === "ENOTDIR") continue;
      byStore.set(path, "unreadable");
      fail(reasonOf(error));
    }
  }
  return { all, byStore, sessions, gaps };

  function listStores(
    { system }: Context,
    fail: (reason: string) => void,
  ): string[] {
    const stores = [baseSessions(paths)];
    try {
      const projects = [...system.listFolder(paths.projects) ?? []].sort();
      for (const project of projects) {
        const folder = joinPath(paths.projects, project);
        stores.push(joinPath(folder, "sessions.json"));
      }
    } catch (error) {
      fail(say`Failed to list "${paths.projects}": ${reasonOf(error)}`);
    }
    return stores;
  }
}

function createTable(): Table {
  return { own: new Map(), provider: new Map() };
}

/** Puts a session in; of several with one id the first is meant. */
function enter(
  { own, provider }: Table,
  ids: {
    readonly session_id?: string;
    readonly provider_session_id?: string | null | undefined;
  },
  slot: Slot,
): void {
  const { session_id: id, provider_session_id: other } = ids;
  if (id !== undefined && !own.has(id)) own.set(id, slot);
  if (typeof other === "string" && !provider.has(other)) {
    provider.set(other, slot);
  }
}
