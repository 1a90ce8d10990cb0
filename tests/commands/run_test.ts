import assert from "node:assert/strict";
import { test } from "node:test";
import { run, type RunOptions } from "../../src/commands/run.ts";
import { createMemory, type Memory } from "../support/memory_system.ts";
import {
  createContext,
  formatSessions,
  formatStore,
  HOME,
  isError,
  makeEntry,
  makeSession,
  STORE,
} from "../support/zag_files.ts";

const LOG = `${HOME}/projects/home-ada/logs/sessions/unique-2.jsonl`;
const SESSIONS = `${HOME}/projects/home-ada/sessions.json`;

function start(memory: Memory, options: Partial<RunOptions> = {}) {
  const context = createContext(memory);
  const report = run(context, { command: ["claude", "hi"], ...options });
  return { context, report };
}

function readEntries(memory: Memory): Record<string, unknown>[] {
  return JSON.parse(memory.text(STORE) ?? "").processes;
}

function readEvents(memory: Memory, log = LOG): Record<string, unknown>[] {
  return (memory.text(log) ?? "").split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

test("run records the command before it starts it, and its pid after", async () => {
  const memory = createMemory();
  let before: Record<string, unknown> | undefined;
  memory.onStart = (program) => {
    before = readEntries(memory)[0];
    const [session] = JSON.parse(memory.text(SESSIONS) ?? "").sessions;
    assert.equal(session.session_id, before?.["session_id"]);
    assert.equal(session.log_path, LOG);
    assert.equal(readEvents(memory)[0]?.["type"], "session_started");
    program.end({ code: 0 });
  };
  const { report } = start(memory);
  const { exitStatus, entry, failure } = await report;
  assert.deepEqual([exitStatus, failure], [0, undefined]);
  assert.equal(before?.["pid"], memory.system.pid);
  assert.equal(before?.["status"], "running");
  assert.deepEqual(readEntries(memory), [{
    ...before,
    pid: 5001,
    status: "exited",
    exit_code: 0,
    exited_at: entry.exited_at,
  }]);
  assert.equal(memory.catchers.size, 0);
});

test("run puts the new pid in while the command runs", async () => {
  const memory = createMemory();
  memory.onStart = () => {};
  const { report } = start(memory);
  for (let i = 0; !memory.text(STORE)?.includes('"pid": 5001'); i++) {
    assert.ok(i < 1000, "the pid is not there");
    await undefined;
  }
  assert.equal(readEntries(memory)[0]?.["status"], "running");
  memory.programs[0]?.end({ code: 0 });
  await report;
});

test("run writes the events of the session", async () => {
  const memory = createMemory();
  memory.onStart = (program) => program.end({ code: 3 });
  const { report } = start(memory, { model: "opus" });
  assert.equal((await report).exitStatus, 3);
  const events = readEvents(memory).map(({ ts: _, ...event }) => event);
  const envelope = {
    provider: "claude",
    wrapper_session_id: "unique-2",
    provider_session_id: null,
    source_kind: "wrapper",
    completeness: "full",
  };
  assert.deepEqual(events, [
    {
      seq: 1,
      ...envelope,
      type: "session_started",
      command: "run",
      model: "opus",
      cwd: "/home/ada",
      resumed: false,
      backfilled: false,
    },
    {
      seq: 2,
      ...envelope,
      type: "session_ended",
      success: false,
      error: "the command ended with status 3",
    },
  ]);
  const [entry] = readEntries(memory);
  assert.deepEqual([entry?.["status"], entry?.["exit_code"]], ["killed", 3]);
});

test("run leaves every other byte of the files as it is", async () => {
  const memory = createMemory();
  const store = formatStore(makeEntry({ pid: 77, session_id: null }), "bad");
  memory.put(STORE, store.replace("{", "{ // by hand\n"));
  memory.put(SESSIONS, formatSessions(makeSession()));
  const before = [STORE, SESSIONS].map((path) => memory.text(path) ?? "");
  const { context, report } = start(memory);
  await report;
  [STORE, SESSIONS].forEach((path, i) => {
    const text = memory.text(path) ?? "";
    const kept = (before[i] ?? "").replace(/\s*\]\s*\}\s*$/, "");
    assert.ok(text.startsWith(`${kept},\n    {\n      "`), text);
    assert.ok(text.endsWith("\n    }\n  ]\n}"), text);
  });
  assert.deepEqual(context.warnings, []);
});

test("run marks the child and finds the top of its repository", async () => {
  const memory = createMemory();
  memory.folder = "/srv/shop/src/deep";
  memory.put("/srv/shop/.git", "gitdir: elsewhere");
  const { report } = start(memory, { name: "n" });
  await report;
  assert.equal(readEntries(memory)[0]?.["root"], "/srv/shop");
  assert.ok(memory.files.has(`${HOME}/projects/srv-shop/sessions.json`));
  const { env } = memory.programs[0]?.start ?? assert.fail();
  assert.equal(env["ZAG_PROCESS_ID"], "unique-1");
  assert.equal(env["ZAG_SESSION_ID"], "unique-2");
  assert.equal(env["ZAG_ROOT"], "/srv/shop");
  assert.equal(Object.hasOwn(env, "ZAG_HOME"), false);
});

test("run without a path for a project uses the store without one", async () => {
  for (const folder of ["/", "C:\\work"]) {
    const memory = createMemory();
    memory.folder = folder;
    await start(memory).report;
    assert.equal(readEntries(memory)[0]?.["root"], null);
    assert.ok(memory.files.has(`${HOME}/sessions.json`));
    const index = JSON.parse(memory.text(`${HOME}/sessions_index.json`) ?? "");
    assert.equal(index.sessions[0].project, ".zag");
  }
});

test("run hands a home of its own on, as an absolute path", async () => {
  const memory = createMemory();
  const context = createContext(memory);
  const paths = { ...context.paths, home: "other" };
  await run({ ...context, paths }, { command: ["x"] });
  assert.equal(memory.programs[0]?.start.env["ZAG_HOME"], "/home/ada/other");
});

test("run tells the agent how to end itself where it is asked to", async () => {
  const memory = createMemory();
  const exit = { hint: "a name", json_mode: false };
  const command = ["claude", "Do it. {exit-instructions}"];
  await start(memory, { exit, command }).report;
  const [, prompt = ""] = memory.programs[0]?.start.command ?? [];
  assert.match(prompt, /^Do it\. ## How to end.*zag-ps kill self.*a name/s);
  assert.equal(
    readEntries(memory)[0]?.["prompt"],
    "claude 'Do it. {exit-instructions}'",
  );
  const { sessions } = JSON.parse(memory.text(SESSIONS) ?? "");
  assert.deepEqual(sessions[0].exit, exit);
});

test("run takes an accepted result for a success, whatever ended the command", async () => {
  const memory = createMemory();
  memory.onStart = (program) => {
    const line = '{"seq":2,"type":"session_result","result":"x"}\n';
    memory.put(LOG, memory.text(LOG) + line);
    program.end({ signal: "SIGTERM", number: 15 });
  };
  assert.equal((await start(memory).report).exitStatus, 0);
  const [entry] = readEntries(memory);
  assert.deepEqual([entry?.["status"], entry?.["exit_code"]], ["exited", 0]);
  const { seq, success, error } = readEvents(memory)[2] ?? {};
  assert.deepEqual([seq, success, error], [3, true, null]);
});

test("run writes no second end of a session that was cancelled", async () => {
  const memory = createMemory();
  memory.onStart = (program) => {
    const line = '{"seq":2,"type":"session_ended","success":false}\n';
    memory.put(LOG, memory.text(LOG) + line);
    program.end({ signal: "SIGTERM", number: 15 });
  };
  assert.equal((await start(memory).report).exitStatus, 143);
  assert.equal(readEvents(memory).length, 2);
});

test("run overwrites the end that a killer wrote, as zag does", async () => {
  const memory = createMemory();
  memory.onStart = (program) => {
    const text = memory.text(STORE) ?? "";
    memory.put(STORE, text.replace('"running"', '"killed"'));
    program.end({ signal: "SIGTERM", number: 15 });
  };
  await start(memory).report;
  const [entry] = readEntries(memory);
  assert.deepEqual([entry?.["status"], entry?.["exit_code"]], ["killed", 143]);
});

for (
  const [code, status, why] of [
    ["ENOENT", 127, /"claude": no such program$/],
    ["EACCES", 126, /"claude": permission denied/],
    ["ENOEXEC", 126, /"claude": ENOEXEC/],
  ] as const
) {
  test(`run ends with ${status} where the command fails with ${code}`, async () => {
    const memory = createMemory();
    memory.onStart = () => {
      throw Object.assign(new Error(`${code}: x`), { code });
    };
    const { exitStatus, failure } = await start(memory).report;
    assert.equal(exitStatus, status);
    assert.match(failure ?? "", why);
    const [entry] = readEntries(memory);
    assert.deepEqual(
      [entry?.["status"], entry?.["exit_code"]],
      ["killed", status],
    );
    assert.equal(readEvents(memory)[1]?.["error"], failure);
    assert.equal(memory.catchers.size, 0);
  });
}

test("run starts nothing where it cannot be recorded", async () => {
  for (const path of [STORE, SESSIONS]) {
    const memory = createMemory();
    memory.put(path, "broken");
    await assert.rejects(
      start(memory).report,
      isError("store", /Cannot parse/),
    );
    assert.equal(memory.programs.length, 0);
    assert.equal(memory.text(path), "broken");
    assert.equal(memory.catchers.size, 0);
    const last = readEvents(memory).at(-1);
    if (path === STORE) assert.equal(last?.["success"], false);
    else assert.equal(last, undefined);
  }
});

test("run warns of an index that is broken, and goes on", async () => {
  const memory = createMemory();
  memory.put(`${HOME}/sessions_index.json`, "broken");
  const { context, report } = start(memory);
  assert.equal((await report).exitStatus, 0);
  assert.match(context.warnings.join(), /Cannot parse .*sessions_index/);
});

test("run adds its entry again where another program dropped it", async () => {
  const memory = createMemory();
  const other = formatStore(makeEntry({ pid: 77 }));
  memory.put(STORE, other);
  memory.onStart = (program) => {
    memory.put(STORE, other);
    program.end({ code: 0 });
  };
  await start(memory).report;
  const [kept, own, ...more] = readEntries(memory);
  assert.deepEqual([kept?.["pid"], more], [77, []]);
  assert.deepEqual([own?.["id"], own?.["status"]], ["unique-1", "exited"]);
});

test("run gives the command's status though the end cannot be recorded", async () => {
  const memory = createMemory();
  memory.onStart = (program) => {
    memory.put(STORE, "broken");
    program.end({ code: 7 });
  };
  const { context, report } = start(memory);
  assert.equal((await report).exitStatus, 7);
  assert.match(context.warnings.join(), /Cannot parse .*processes\.json/);
  assert.equal(memory.text(STORE), "broken");
});
