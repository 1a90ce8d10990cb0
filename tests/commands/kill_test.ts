import assert from "node:assert/strict";
import { test } from "node:test";
import { kill, type KillOptions } from "../../src/commands/kill.ts";
import { createAgentMachine, LOG, readAll } from "../support/agent_at_work.ts";
import { type Memory, systemError } from "../support/memory_system.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  makeFacts,
  makeSession,
  PID,
  SESSION_ID,
  STORE,
} from "../support/zag_files.ts";

const NOW = "2026-11-22T12:00:00.000+00:00";

/** A store as a person may have edited it, with a neighbour in it. */
function makeStoreText(status = "running"): string {
  return `\ufeff// my agents\r
{"processes": [\r
  {"id": "other", "pid": 5},\r
  {"x": 9007199254740993, "id": "${ID}", "pid": ${PID}, "session_id": "${SESSION_ID}",\r
   "provider": "claude", "model": "", "command": "run", /* sic */ "status": "${status}",\r
   "started_at": "2026-11-22T11:59:00+00:00", "exited_at": null, "y": {"status": "running"},},\r
], "z": 1.0}\r
`;
}

const MARKED = makeStoreText()
  .replace('"status": "running",\r\n   "st', '"status": "killed",\r\n   "st')
  .replace('"exited_at": null', `"exited_at": "${NOW}"`)
  .replace('"running"},}', '"running"}, "exit_code": null,}');

function makeMachine(
  exit?: Record<string, unknown>,
  text = makeStoreText(),
): Memory {
  const session = makeSession({ exit });
  return createAgentMachine({ store: text, mode: 0o640, session });
}

const RESULT: KillOptions = { result: { text: "done" } };

test("kill records, marks and signals", async () => {
  const memory = makeMachine();
  const context = createContext(memory);
  const report = await kill(context, ID, RESULT);
  assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
  assert.equal(memory.text(STORE), MARKED);
  assert.equal(memory.files.get(STORE)?.mode, 0o640);
  assert.equal(
    memory.text(LOG),
    `{"seq":0,"ts":"${NOW}","provider":"claude","wrapper_session_id":"${SESSION_ID}",` +
      '"provider_session_id":"provider-1","source_kind":"wrapper","completeness":"full",' +
      '"type":"session_result","result":"done"}\n',
  );
  assert.equal(report.entry.status, "running");
  assert.deepEqual({ ...report, entry: undefined }, {
    entry: undefined,
    signal: "SIGTERM",
    outcome: "signalled",
    resultRecorded: true,
    log: LOG,
  });
  assert.deepEqual(
    [...memory.files.keys()].sort(),
    [LOG, STORE, BASE_SESSIONS]
      .sort(),
  );
});

test("kill without a result records nothing", async () => {
  const memory = makeMachine();
  const report = await kill(createContext(memory), ID, {});
  assert.equal(report.resultRecorded, false);
  assert.equal(report.log, null);
  assert.equal(memory.text(LOG), undefined);
  assert.equal(memory.text(STORE), MARKED);
  assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
});

test("kill records an empty result", async () => {
  const memory = makeMachine();
  const report = await kill(createContext(memory), ID, {
    result: { text: "" },
  });
  assert.equal(report.resultRecorded, true);
  assert.match(memory.text(LOG) ?? "", /"result":""\}\n$/);
});

for (const session_id of [null, undefined, "unknown"]) {
  test(`kill ends a process of the session ${session_id}`, async () => {
    const memory = makeMachine();
    memory.put(STORE, formatStore(makeEntry({ session_id })));
    await kill(createContext(memory), ID, {});
    assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
  });

  test(`kill never drops a result of the session ${session_id}`, async () => {
    for (const skipValidation of [false, true]) {
      const memory = makeMachine();
      memory.put(STORE, formatStore(makeEntry({ session_id })));
      const before = readAll(memory);
      await assert.rejects(
        kill(createContext(memory), ID, { ...RESULT, skipValidation }),
        isError("no-session", /^Cannot record the result of process /),
      );
      assert.deepEqual(readAll(memory), before);
      assert.deepEqual(memory.signals, []);
    }
  });
}

test("kill validates, records, marks, announces, signals: in this order", async () => {
  const memory = makeMachine();
  const steps: string[] = [];
  memory.onCall = (name, [first]) => {
    if (name === "appendFile") steps.push(`append ${first}`);
    if (name === "rename") steps.push("rename");
    if (name === "signal") steps.push(`signal ${first}`);
  };
  const announce = () => steps.push("announce");
  await kill(createContext(memory), ID, { ...RESULT, announce });
  assert.deepEqual(steps, [
    `append ${LOG}`,
    "rename",
    "announce",
    `signal ${PID}`,
  ]);
});

test("kill takes what keeps to the constraints", async () => {
  const memory = makeMachine({ hint: "x", schema: { required: ["a"] } });
  const text = '```json\n{"a": 1}\n```';
  await kill(createContext(memory), ID, { result: { text } });
  const line = memory.text(LOG) ?? "";
  assert.equal(JSON.parse(line).result, text);
  assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
});

for (const status of ["killed", "exited"]) {
  test(`kill takes a ${status} entry whose process is alive`, async () => {
    const memory = makeMachine(undefined, makeStoreText(status));
    const report = await kill(createContext(memory), ID, {});
    assert.equal(report.entry.status, status);
    assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
    assert.equal(memory.text(STORE), MARKED);
  });

  test(`kill refuses a ${status} entry whose process is not`, async () => {
    const memory = makeMachine(undefined, makeStoreText(status));
    memory.processes.set(PID, makeFacts());
    const before = readAll(memory);
    await assert.rejects(
      kill(createContext(memory), ID, RESULT),
      isError("not-running", new RegExp(`\\(status: ${status}\\)$`)),
    );
    assert.deepEqual(readAll(memory), before);
  });
}

test("kill does not signal if the entry cannot be marked", async () => {
  const memory = makeMachine();
  memory.onCall = (name) => {
    if (name === "rename") throw systemError("EROFS");
  };
  await assert.rejects(
    kill(createContext(memory), ID, RESULT),
    isError(
      "store",
      /^Process .* was not signalled: Failed to write ".*": the file system is read-only .*\nThe result is recorded in ".*"\nKill aborted, the process is still running/,
    ),
  );
  assert.equal(memory.text(STORE), makeStoreText());
  assert.deepEqual(memory.signals, []);
  // The second try finds the result there and goes on.
  memory.onCall = () => {};
  await kill(createContext(memory), ID, RESULT);
  assert.equal(memory.text(LOG)?.match(/"result":"done"/g)?.length, 1);
  assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
});

test("kill takes back nothing that another program did meanwhile", async () => {
  const memory = makeMachine();
  const later = makeStoreText().replace('"pid": 5', '"pid": 6');
  memory.onCall = (name) => {
    if (name === "appendFile") memory.put(STORE, later);
  };
  await kill(createContext(memory), ID, RESULT);
  assert.equal(memory.text(STORE), MARKED.replace('"pid": 5', '"pid": 6'));
});

for (
  const [name, from, to] of [
    ["pid", `"pid": ${PID}`, '"pid": 77'],
    ["status", '"status": "running",\r', '"status": "exited",\r'],
  ] as const
) {
  test(`kill does not signal if the ${name} was changed meanwhile`, async () => {
    const memory = makeMachine();
    const changed = makeStoreText().replace(from, to);
    assert.notEqual(changed, makeStoreText());
    memory.onCall = (name) => {
      if (name === "appendFile") memory.put(STORE, changed);
    };
    await assert.rejects(
      kill(createContext(memory), ID, RESULT),
      isError("store", /another program changed its entry meanwhile/),
    );
    assert.equal(memory.text(STORE), changed);
    assert.deepEqual(memory.signals, []);
  });
}

test("kill does not signal if another program removed the entry meanwhile", async () => {
  const memory = makeMachine();
  memory.onCall = (name) => {
    if (name === "appendFile") memory.put(STORE, '{"processes": []}');
  };
  await assert.rejects(
    kill(createContext(memory), ID, RESULT),
    isError(
      "store",
      /^Process .* was not signalled: another program removed its entry meanwhile/,
    ),
  );
  assert.deepEqual(memory.signals, []);
});
