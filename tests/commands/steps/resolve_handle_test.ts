import assert from "node:assert/strict";
import { test } from "node:test";
import { select } from "../../../src/commands/steps/select.ts";
import type { Memory } from "../../support/memory_system.ts";
import {
  AGENTS,
  makeSelectionMachine,
} from "../../support/selection_machine.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatSessions,
  formatStore,
  isError,
  makeSession,
  STORE,
} from "../../support/zag_files.ts";

async function resolve(memory: Memory, handle: string): Promise<string> {
  const context = createContext(memory);
  const rows = await select(context, { handles: [handle], filters: [] });
  assert.deepEqual(context.warnings, []);
  return rows.map(({ entry }) => entry.id).join(" ");
}

const ROWS: [what: string, handle: string, ids: string][] = [
  ["an id", "back-0004", "back-0004"],
  ["a prefix", "back", "back-0004"],
  ["the id of a session", "session-back-0004", "back-0004"],
  [
    "the id of a session by which no entry names it",
    "session-front",
    "front-0005",
  ],
  ["a provider's id of a session", "provider-front", "front-0005"],
  ["the session of an ended process", "session-gone-0003", "gone-0003"],
  ["a session that no store has", "session-done-0002", "done-0002"],
  [
    "the name of a session that lives, before one that does not",
    "worker",
    "front-0005",
  ],
];

for (const [what, handle, ids] of ROWS) {
  test(`resolveHandle takes ${what}`, async () => {
    assert.equal(await resolve(makeSelectionMachine(), handle), ids);
  });
}

const NOBODY = ["session-", "session-back", "Worker", "work", "unused", "x"];

for (const handle of NOBODY) {
  test(`resolveHandle finds nothing for "${handle}"`, async () => {
    await assert.rejects(
      resolve(makeSelectionMachine(), handle),
      isError("not-found", new RegExp(`^Process not found: ${handle}$`)),
    );
  });
}

test("resolveHandle takes the newest of sessions that have ended", async () => {
  const memory = makeSelectionMachine();
  memory.processes.clear();
  assert.equal(await resolve(memory, "worker"), "front-0005");
  const text = memory.text(BASE_SESSIONS) ?? "";
  memory.put(BASE_SESSIONS, text.replace("T11:50", "T09:50"));
  assert.equal(await resolve(memory, "worker"), "gone-0003");
});

test("resolveHandle refuses a name that two living sessions have", async () => {
  const memory = makeSelectionMachine();
  memory.put(
    BASE_SESSIONS,
    formatSessions(
      makeSession({ session_id: "provider-front", name: "twin" }),
      makeSession({ session_id: "session-back-0004", name: "twin" }),
    ),
  );
  await assert.rejects(
    resolve(memory, "twin"),
    isError("ambiguous", /^"twin" is ambiguous, it fits 2 entries:\n/),
  );
});

/** The entries, all of one session. */
function shareSession(): Memory {
  const memory = makeSelectionMachine();
  const entries = AGENTS.map((entry) => ({ ...entry, session_id: "shared" }));
  memory.put(STORE, formatStore(...entries));
  return memory;
}

test("resolveHandle gives the living processes of a session, newest first", async () => {
  const ids = await resolve(shareSession(), "shared");
  assert.equal(ids, "front-0005 back-0004 lead-0001");
});

test("resolveHandle gives the newest entry of a session that has ended", async () => {
  const memory = shareSession();
  memory.processes.clear();
  assert.equal(await resolve(memory, "shared"), "front-0005");
});

test("resolveHandle gives a process once that has two entries", async () => {
  const memory = makeSelectionMachine();
  const [lead, ...others] = AGENTS;
  const spawned = {
    ...lead,
    id: "spawned",
    started_at: "2026-11-22T07:00:01+00:00",
  };
  memory.put(STORE, formatStore(lead, ...others, spawned));
  assert.equal(await resolve(memory, "session-lead-0001"), "spawned");
});

test("resolveHandle refuses what begins an id and is another's name", async () => {
  const memory = makeSelectionMachine();
  const session = { session_id: "session-gone-0003", name: "back" };
  memory.put(BASE_SESSIONS, formatSessions(makeSession(session)));
  await assert.rejects(
    resolve(memory, "back"),
    isError("ambiguous", /^"back" .* 2 entries:\n {2}back-0004 .*\n {2}gone-/),
  );
  // Its own name is no other one, and a full id is meant as one.
  const own = { session_id: "session-back-0004", name: "back" };
  memory.put(BASE_SESSIONS, formatSessions(makeSession(own)));
  assert.equal(await resolve(memory, "back"), "back-0004");
  const full = { session_id: "session-gone-0003", name: "back-0004" };
  memory.put(BASE_SESSIONS, formatSessions(makeSession(full)));
  assert.equal(await resolve(memory, "back-0004"), "back-0004");
});

test("resolveHandle takes a prefix beside a store that cannot be read", async () => {
  const memory = makeSelectionMachine();
  memory.put(BASE_SESSIONS, "{");
  assert.equal(await resolve(memory, "back"), "back-0004");
});

test("resolveHandle reads no session for a full id", async () => {
  const memory = makeSelectionMachine();
  await resolve(memory, "back-0004");
  assert.ok(!memory.calls.some((call) => call.includes("sessions.json")));
});

test("resolveHandle never takes self for a prefix or a name", async () => {
  const memory = makeSelectionMachine();
  const session = { session_id: "session-back-0004", name: "self" };
  memory.put(BASE_SESSIONS, formatSessions(makeSession(session)));
  await assert.rejects(resolve(memory, "self"), isError("not-found"));
  memory.env.ZAG_PROCESS_ID = "back";
  await assert.rejects(resolve(memory, "self"), isError("not-found"));
  memory.env.ZAG_PROCESS_ID = "worker";
  await assert.rejects(resolve(memory, "self"), isError("not-found"));
});

test("resolveHandle does not go past an id that cannot be read", async () => {
  const memory = makeSelectionMachine();
  memory.put(STORE, formatStore({ id: "damaged", pid: "x" }, ...AGENTS));
  await assert.rejects(
    select(createContext(memory), { handles: ["damaged"], filters: [] }),
    isError("not-found", /^Process not found: damaged\nEntry 0 of the store/),
  );
});
