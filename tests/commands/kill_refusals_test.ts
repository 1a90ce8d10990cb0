/** Kills that are refused: nothing is written, nothing is signalled. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { kill, type KillOptions } from "../../src/commands/kill.ts";
import { createAgentMachine, readAll } from "../support/agent_at_work.ts";
import { type Memory, systemError } from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  makeSession,
  PID,
  STORE,
} from "../support/zag_files.ts";

function makeMachine(exit?: Record<string, unknown>): Memory {
  const session = makeSession({ exit });
  return createAgentMachine({ mode: 0o640, session });
}

const RESULT: KillOptions = { result: { text: "done" } };

test("kill changes nothing if the result is rejected", async () => {
  for (const skipValidation of [false, true]) {
    const memory = makeMachine({ schema: { type: "object" } });
    const before = readAll(memory);
    let announced = 0;
    await assert.rejects(
      kill(createContext(memory), ID, {
        result: { text: "[1]" },
        skipValidation,
        announce: () => announced++,
      }),
      isError("rejected", / {2}- \[1\] is not of type "object"\n/),
    );
    assert.deepEqual(readAll(memory), before);
    assert.deepEqual(memory.signals, []);
    assert.equal(announced, 0);
  }
});

test("kill without a result is checked like an empty one", async () => {
  for (
    const exit of [{ hint: "a summary" }, { json_mode: true }, { schema: {} }]
  ) {
    const memory = makeMachine(exit);
    await assert.rejects(
      kill(createContext(memory), ID, {}),
      isError("rejected"),
    );
    assert.deepEqual(memory.signals, []);
  }
});

test("kill asks whether it runs before it reads the result", async () => {
  const memory = makeMachine();
  memory.processes.clear();
  await assert.rejects(
    kill(createContext(memory), ID, { result: { file: "/none" } }),
    isError("not-running", /\(status: dead\)$/),
  );
});

for (const pid of [0, 1, -1, -PID, 1.5, 2 ** 31, 2 ** 32, 2 ** 32 + PID]) {
  test(`kill never signals pid ${pid}`, async () => {
    const memory = makeMachine();
    memory.put(STORE, formatStore(makeEntry({ pid })));
    const before = readAll(memory);
    await assert.rejects(
      kill(createContext(memory), ID, RESULT),
      isError("invalid-entry", new RegExp(`: pid ${pid} is not an integer`)),
    );
    assert.deepEqual(readAll(memory), before);
    assert.ok(!memory.calls.some((call) => call.startsWith("signal")));
  });
}

for (
  const call of ["makeFolder", "appendFile", "syncFolder"]
) {
  test(`kill is aborted if recording fails at ${call}`, async () => {
    const memory = makeMachine();
    memory.onCall = (name) => {
      if (name === call) throw systemError("ENOSPC");
    };
    await assert.rejects(
      kill(createContext(memory), ID, RESULT),
      isError(
        "record",
        /^Failed to record session result: no space left on the device \(ENOSPC\)\nKill aborted, the process is still running/,
      ),
    );
    assert.equal(memory.text(STORE), formatStore(makeEntry()));
    assert.deepEqual(memory.signals, []);
  });
}
