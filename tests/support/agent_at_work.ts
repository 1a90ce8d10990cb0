/**
 * A machine in memory with one agent at work: recorded, with its session, and
 * with a process that carries its id.
 *
 * @module
 */

import { createMemory, type Memory } from "./memory_system.ts";
import {
  BASE_SESSIONS,
  formatSessions,
  formatStore,
  HOME,
  ID,
  makeEntry,
  makeFacts,
  makeSession,
  PID,
  SESSION_ID,
  STORE,
} from "./zag_files.ts";

/** The log of its session, which no machine has unless a test puts it there. */
export const LOG = `${HOME}/logs/sessions/${SESSION_ID}.jsonl`;

/** Makes the machine. */
export function createAgentMachine(
  { store = formatStore(makeEntry()), mode, session = makeSession(), log }: {
    /** The text of the process store. */
    store?: string;
    /** The mode of the process store. */
    mode?: number;
    /** The only session; `null` for no store of sessions. */
    session?: Record<string, unknown> | null;
    log?: string | undefined;
  } = {},
): Memory {
  const memory = createMemory();
  memory.put(STORE, store, mode === undefined ? {} : { mode });
  if (session !== null) memory.put(BASE_SESSIONS, formatSessions(session));
  if (log !== undefined) memory.put(LOG, log);
  memory.processes.set(PID, makeFacts({ markers: { ZAG_PROCESS_ID: ID } }));
  return memory;
}

/** Every file as it is, for comparing before and after. */
export function readAll(memory: Memory): Record<string, string> {
  return Object.fromEntries(
    [...memory.files].map(([path, { content, mode, uid }]) => [
      path,
      `${mode} ${uid} ${content.join()}`,
    ]),
  );
}
