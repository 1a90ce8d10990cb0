/** Where kill looks for the session, and what it does if that fails. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { kill, type KillOptions } from "../../src/commands/kill.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import { createAgentMachine } from "../support/agent_at_work.ts";
import type { Memory } from "../support/memory_system.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatSessions,
  formatStore,
  HOME,
  ID,
  isError,
  makeEntry,
  makeSession,
  PID,
  SESSION_ID,
  STORE,
} from "../support/zag_files.ts";

const OWN = `${HOME}/projects/srv-app/sessions.json`;
const OTHER = `${HOME}/projects/other/sessions.json`;
const OWN_LOG = `${HOME}/projects/srv-app/logs/sessions/${SESSION_ID}.jsonl`;

function makeMachine(
  files: Record<string, string>,
  changes: Partial<ProcessEntry> = { root: "/srv/app" },
): Memory {
  const store = formatStore(makeEntry(changes));
  const memory = createAgentMachine({ store, session: null });
  for (const [path, text] of Object.entries(files)) memory.put(path, text);
  return memory;
}

async function runKill(memory: Memory, options: KillOptions = {}) {
  const context = createContext(memory);
  const result = { text: '{"ok":true}' };
  const report = await kill(context, ID, { result, ...options });
  return { ...report, warnings: context.warnings };
}

/** The files below the zag home and elsewhere, without the store. */
function listFiles(memory: Memory): string[] {
  return [...memory.files.keys()].filter((path) => path !== STORE).sort();
}

const PLACES: [name: string, store: string, log: string][] = [
  ["its own project", OWN, OWN_LOG],
  [
    "the base store",
    BASE_SESSIONS,
    `${HOME}/logs/sessions/${SESSION_ID}.jsonl`,
  ],
  [
    "another project",
    OTHER,
    `${HOME}/projects/other/logs/sessions/${SESSION_ID}.jsonl`,
  ],
];

for (const [name, store, log] of PLACES) {
  test(`kill records the result beside ${name}`, async () => {
    const memory = makeMachine({ [store]: formatSessions(makeSession()) });
    const report = await runKill(memory);
    assert.equal(report.log, log);
    assert.deepEqual(listFiles(memory), [store, log].sort());
  });

  test(`kill obeys the constraints in ${name}`, async () => {
    const session = makeSession({ exit: { schema: { required: ["name"] } } });
    const memory = makeMachine({ [store]: formatSessions(session) });
    await assert.rejects(
      runKill(memory, { skipValidation: true }),
      isError("rejected", /"name" is a required property/),
    );
    assert.deepEqual(listFiles(memory), [store]);
    assert.deepEqual(memory.signals, []);
  });
}

test("kill writes the session's own ids, however it was found", async () => {
  const session = makeSession({
    session_id: "mine",
    provider: "codex",
    provider_session_id: SESSION_ID,
  });
  const memory = makeMachine({ [OWN]: formatSessions(session) });
  const { log } = await runKill(memory);
  const line = JSON.parse(memory.text(log ?? "") ?? "");
  assert.equal(line.wrapper_session_id, "mine");
  assert.equal(line.provider_session_id, SESSION_ID);
  assert.equal(line.provider, "codex");
  assert.ok(log?.endsWith("/mine.jsonl"));
});

const UNREADABLE: [name: string, files: Record<string, string>][] = [
  ["its own store is torn", { [OWN]: "{" }],
  ["its own store is torn, though another has it", {
    [OWN]: "{",
    [OTHER]: formatSessions(makeSession()),
  }],
  ["the session is bad", {
    [OWN]: formatSessions(makeSession({ exit: { json_mode: "yes" } })),
  }],
  ["the schema is invalid", {
    [OWN]: formatSessions(makeSession({ exit: { schema: { type: 5 } } })),
  }],
  ["the schema names a file", {
    [OWN]: formatSessions(
      makeSession({ exit: { schema: { $ref: "file:///etc/passwd" } } }),
    ),
  }],
];

for (const [name, files] of UNREADABLE) {
  test(`kill is refused where ${name}`, async () => {
    const memory = makeMachine(files);
    const before = memory.text(STORE);
    await assert.rejects(runKill(memory), isError("unevaluable"));
    assert.equal(memory.text(STORE), before);
    assert.deepEqual(listFiles(memory), Object.keys(files).sort());
    assert.deepEqual(memory.signals, []);
  });

  test(`kill goes on if told to where ${name}, and records`, async () => {
    const memory = makeMachine(files);
    const report = await runKill(memory, { skipValidation: true });
    assert.equal(report.log, OWN_LOG);
    const line = JSON.parse(memory.text(OWN_LOG) ?? "");
    assert.equal(line.result, '{"ok":true}');
    assert.equal(line.wrapper_session_id, SESSION_ID);
    assert.equal(line.provider, "claude");
    assert.match(report.warnings.join("\n"), /was skipped: /);
    assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
    for (const [path, text] of Object.entries(files)) {
      assert.equal(memory.text(path), text);
    }
  });
}

test("kill only warns of a torn store that need not hold the session", async () => {
  const memory = makeMachine({
    [BASE_SESSIONS]: "{",
    [OTHER]: formatSessions(makeSession()),
  });
  const { warnings } = await runKill(memory);
  assert.equal(warnings.length, 1);
  assert.match(
    warnings[0] ?? "",
    /^Cannot parse ".*\.zag\/sessions\.json" at /,
  );
  assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
});

test("kill takes the log of the index where nothing else is known", async () => {
  const index = `${HOME}/sessions_index.json`;
  const log_path = `${HOME}/projects/gone/logs/sessions/${SESSION_ID}.jsonl`;
  const memory = makeMachine({
    [index]: formatSessions({
      session_id: SESSION_ID,
      project: "gone",
      log_path,
      provider: "claude",
      started_at: "",
    }),
  });
  await assert.rejects(
    runKill(memory),
    isError("unevaluable", /Only the index/),
  );
  const { log } = await runKill(memory, { skipValidation: true });
  assert.equal(log, log_path);
});

const OUTSIDE: [name: string, session: Record<string, unknown>][] = [
  ["session id", { session_id: "../../../../x" }],
  ["absolute session id", { session_id: "/etc/cron.d/x" }],
  ["log path", { log_path: "/etc/cron.d/x.jsonl" }],
  ["log path with dots", { log_path: `${HOME}/../../x.jsonl` }],
];

for (const [name, changes] of OUTSIDE) {
  test(`kill never follows a ${name} to the outside`, async () => {
    const session = makeSession(changes);
    const memory = makeMachine(
      { [OWN]: formatSessions(session) },
      { root: "/srv/app", session_id: String(session.session_id) },
    );
    const before = memory.text(STORE);
    for (const skipValidation of [false, true]) {
      await assert.rejects(
        runKill(memory, { skipValidation }),
        isError("record", /\nKill aborted, the process is still running/),
      );
    }
    assert.equal(memory.text(STORE), before);
    assert.deepEqual(listFiles(memory), [OWN]);
    assert.deepEqual(memory.signals, []);
  });
}

for (const session_id of ["../../../../x", "/etc/cron.d/x", "..", ""]) {
  test(`kill never guesses a log for the session id "${session_id}"`, async () => {
    const memory = makeMachine(
      { [OWN]: "{" },
      { root: "/srv/app", session_id },
    );
    await assert.rejects(
      runKill(memory, { skipValidation: true }),
      isError("record"),
    );
    assert.deepEqual(listFiles(memory), [OWN]);
  });
}
