/**
 * A machine in memory with agents, sessions and logs to select from.
 *
 * @module
 */

import type { ProcessEntry } from "../../src/model/process_entry.ts";
import { createMemory, type Memory } from "./memory_system.ts";
import {
  BASE_SESSIONS,
  formatSessions,
  formatStore,
  HOME,
  makeEntry,
  makeFacts,
  makeSession,
  STORE,
} from "./zag_files.ts";

/** An agent; its number gives its pid, and its start in minutes ago. */
function agent(
  id: string,
  number: number,
  changes: Partial<ProcessEntry> = {},
): ProcessEntry {
  const started = new Date(Date.UTC(2026, 10, 22, 12) - number * 60_000);
  return makeEntry({
    id,
    pid: 100 + number,
    session_id: `session-${id}`,
    started_at: started.toISOString(),
    ...changes,
  });
}

/** The entries, oldest first. `front`, `back` and `lead` live. */
export const AGENTS: readonly ProcessEntry[] = [
  agent("lead-0001", 300, { root: "/srv/shop" }),
  agent("done-0002", 200, { status: "exited", exit_code: 0 }),
  agent("gone-0003", 100, { provider: "gemini" }),
  agent("back-0004", 20, {
    provider: "codex",
    root: "/srv/shop/api",
    parent_process_id: "lead-0001",
    parent_session_id: "session-lead-0001",
  }),
  agent("front-0005", 10, {
    root: "/srv/shop2",
    session_id: "provider-front",
    parent_process_id: "back-0004",
  }),
];

/** Where the sessions of `/srv/shop` are. */
export const SHOP_SESSIONS = `${HOME}/projects/srv-shop/sessions.json`;

/** Where `lead` and its kind log. */
export const LEAD_LOG =
  `${HOME}/projects/srv-shop/logs/sessions/session-lead-0001.jsonl`;

/** Makes the machine. */
export function makeSelectionMachine(): Memory {
  const memory = createMemory();
  memory.put(STORE, formatStore(...AGENTS));
  for (const { id, pid, started_at } of AGENTS) {
    if (!/^(lead|back|front)/.test(id)) continue;
    const startedAt = Date.parse(started_at);
    memory.processes.set(pid, makeFacts({ pid, startedAt }));
  }
  memory.put(
    SHOP_SESSIONS,
    formatSessions(makeSession({
      session_id: "session-lead-0001",
      name: "lead",
      tags: ["ci"],
    })),
  );
  memory.put(
    BASE_SESSIONS,
    formatSessions(
      makeSession({
        session_id: "session-front",
        provider_session_id: "provider-front",
        name: "worker",
        tags: ["CI", "keep"],
        created_at: "2026-11-22T11:50:00+00:00",
      }),
      makeSession({
        session_id: "session-gone-0003",
        name: "worker",
        created_at: "2026-11-22T10:20:00+00:00",
      }),
      makeSession({ session_id: "session-back-0004" }),
      makeSession({ session_id: "session-unused", name: "unused" }),
    ),
  );
  return memory;
}

/** A log of these events, each a type and how many seconds ago it was. */
export function formatLog(
  memory: Memory,
  ...events: readonly (readonly [type: string, secondsAgo: number])[]
): string {
  return events.map(([type, ago], seq) => {
    const ts = new Date(memory.clock - ago * 1000).toISOString();
    return `${JSON.stringify({ seq, ts, type })}\n`;
  }).join("");
}
