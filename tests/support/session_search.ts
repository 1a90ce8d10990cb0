/**
 * A search for a session in files in memory.
 *
 * @module
 */

import {
  findSession,
  type SessionSearch,
} from "../../src/commands/steps/find_session.ts";
import { createMemory } from "./memory_system.ts";
import {
  createContext,
  formatSessions,
  HOME,
  makeEntry,
  makeSession,
} from "./zag_files.ts";

/** The session store of the project `/srv/app`. */
export const OWN = `${HOME}/projects/srv-app/sessions.json`;
/** The session store of another project. */
export const OTHER = `${HOME}/projects/home-x/sessions.json`;
/** The index of sessions that have a log. */
export const INDEX = `${HOME}/sessions_index.json`;

/** Files by path: sessions, or a text as it is. */
export type Files = Record<string, Record<string, unknown>[] | string>;

/** A session as these tests tell them apart. */
export function session(
  session_id: unknown,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return makeSession({ session_id, provider_session_id: null, ...more });
}

/** Members that make a session unreadable. */
export const BAD = { exit: "no object" };

/** A line of the index. */
export function indexed(
  session_id: string,
  log_path: string,
): Record<string, unknown> {
  return {
    session_id,
    log_path,
    project: "home-x",
    provider: "claude",
    started_at: "",
  };
}

/** Searches the session of an entry in these files. */
export function search(
  files: Files,
  root: string | null = "/srv/app",
  ids: { session_id?: string | null } = { session_id: "s" },
): { found: SessionSearch; warnings: string[] } {
  const memory = createMemory();
  for (const [path, content] of Object.entries(files)) {
    memory.put(
      path,
      typeof content === "string" ? content : formatSessions(...content),
    );
  }
  const context = createContext(memory);
  const found = findSession(context, {
    ...makeEntry({ session_id: undefined, root }),
    ...ids,
  });
  return { found, warnings: context.warnings };
}
