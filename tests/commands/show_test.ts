import assert from "node:assert/strict";
import { test } from "node:test";
import { show, showSelected } from "../../src/commands/show.ts";
import { createAgentMachine } from "../support/agent_at_work.ts";
import { createMemory, type Memory } from "../support/memory_system.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatStore,
  HOME,
  ID,
  isError,
  makeEntry,
  makeSession,
  SESSION_ID,
  STORE,
} from "../support/zag_files.ts";

function makeMachine(entry = makeEntry(), session = makeSession()): Memory {
  return createAgentMachine({ store: formatStore(entry), session });
}

for (const handle of [ID, ID.slice(0, 4), "self"]) {
  test(`show gives the entry of "${handle}"`, async () => {
    const memory = makeMachine();
    memory.env.ZAG_PROCESS_ID = ID;
    const shown = await show(createContext(memory), handle);
    assert.deepEqual(shown.entry, makeEntry());
    assert.equal(shown.verdict.liveStatus, "running");
    assert.equal(shown.verdict.identity, "verified");
    assert.equal(shown.logPath, `${HOME}/logs/sessions/${SESSION_ID}.jsonl`);
  });
}

const LOGS: [
  name: string,
  session: Record<string, unknown>,
  env: Record<string, string>,
  log: string | null,
][] = [
  [
    "as stored",
    { log_path: `${HOME}/projects/a/logs/sessions/b.jsonl` },
    {},
    `${HOME}/projects/a/logs/sessions/b.jsonl`,
  ],
  [
    "in ZAG_USER_LOG_DIR",
    {},
    { ZAG_USER_LOG_DIR: "/logs" },
    `/logs/sessions/${SESSION_ID}.jsonl`,
  ],
  ["null outside the zag home", { log_path: "/etc/passwd" }, {}, null],
  [
    "by its own id if found by the provider's",
    { session_id: "mine", provider_session_id: SESSION_ID },
    {},
    `${HOME}/logs/sessions/mine.jsonl`,
  ],
];

for (const [name, session, env, log] of LOGS) {
  test(`show gives the session log ${name}`, async () => {
    const memory = makeMachine(makeEntry(), makeSession(session));
    Object.assign(memory.env, env);
    const shown = await show(createContext(memory), ID);
    assert.equal(shown.logPath, log);
  });
}

for (const session_id of [null, undefined, "unknown"]) {
  test(`show of the session ${session_id} gives no log`, async () => {
    const memory = makeMachine(makeEntry({ session_id }));
    assert.equal((await show(createContext(memory), ID)).logPath, null);
  });
}

test("show gives no log for a session id that leads outside", async () => {
  const session_id = "../../../x";
  const memory = makeMachine(
    makeEntry({ session_id }),
    makeSession({ session_id }),
  );
  assert.equal((await show(createContext(memory), ID)).logPath, null);
});

test("show works beside an unreadable session store", async () => {
  const memory = makeMachine();
  memory.put(BASE_SESSIONS, "{");
  const shown = await show(createContext(memory), ID);
  assert.equal(shown.verdict.liveStatus, "running");
});

test("show tells of a killed entry whose process is alive", async () => {
  const memory = makeMachine(makeEntry({ status: "killed" }));
  const { verdict } = await show(createContext(memory), ID);
  assert.equal(verdict.liveStatus, "killed");
  assert.equal(verdict.alive, true);
});

test("show takes the id and the name of a session", async () => {
  const memory = makeMachine(makeEntry(), makeSession({ name: "night" }));
  for (const handle of [SESSION_ID, "night"]) {
    assert.equal((await show(createContext(memory), handle)).entry.id, ID);
  }
});

test("showSelected gives entries in the order of the ids, each once", async () => {
  const memory = makeMachine();
  const other = makeEntry({ id: "other-id", session_id: null });
  memory.put(STORE, formatStore(makeEntry(), other));
  const shown = await showSelected(createContext(memory), [
    "other",
    ID,
    "other-id",
  ]);
  assert.deepEqual(
    shown.map(({ entry, logPath }) => [entry.id, logPath]),
    [
      ["other-id", null],
      [ID, `${HOME}/logs/sessions/${SESSION_ID}.jsonl`],
    ],
  );
});

test("showSelected fails for one unknown id of several", async () => {
  await assert.rejects(
    showSelected(createContext(makeMachine()), [ID, "ffffffff"]),
    isError("not-found", /^Process not found: ffffffff$/),
  );
});

test("show changes nothing", async () => {
  const memory = makeMachine();
  const before = [...memory.files].map(([path, { content }]) => [
    path,
    content.join(),
  ]);
  await show(createContext(memory), ID);
  const after = [...memory.files].map(([path, { content }]) => [
    path,
    content.join(),
  ]);
  assert.deepEqual(after, before);
  assert.deepEqual(memory.signals, []);
});

test("show fails for an unknown id", async () => {
  await assert.rejects(
    show(createContext(makeMachine()), "ffffffff"),
    isError("not-found", /^Process not found: ffffffff$/),
  );
});

test("show fails for an id where there is no store", async () => {
  await assert.rejects(
    show(createContext(createMemory()), ID),
    isError("not-found", new RegExp(`^Process not found: ${ID}$`)),
  );
});
