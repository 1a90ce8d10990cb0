import assert from "node:assert/strict";
import { test } from "node:test";
import {
  readDetachedIds,
  runDetached,
} from "../../src/commands/run_detached.ts";
import { createMemory, type Memory } from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  HOME,
  isError,
  makeEntry,
  STORE,
} from "../support/zag_files.ts";

const OPTIONS = { command: ["claude", "hi"] };
const OUTPUT = `${HOME}/projects/home-ada/logs/sessions/unique-2.out`;

/** Does something when it is waited for the so manieth time. */
function onSleep(memory: Memory, times: number, act: () => void) {
  let count = 0;
  const { system } = memory;
  const sleep: typeof system.sleep = (...parameters) => {
    if (++count === times) act();
    return system.sleep(...parameters);
  };
  return { ...createContext(memory), system: { ...system, sleep } };
}

test("runDetached starts another zag-ps and waits until the command runs", async () => {
  const memory = createMemory();
  memory.onStart = () => {
    memory.put(STORE, formatStore(makeEntry({ id: "unique-1", pid: 5001 })));
  };
  let isStarted = false;
  const context = onSleep(memory, 3, () => {
    isStarted = true;
    memory.put(STORE, formatStore(makeEntry({ id: "unique-1", pid: 6001 })));
  });
  const started = await runDetached(context, OPTIONS, ["run", "--", "claude"]);
  assert.ok("entry" in started && isStarted);
  assert.deepEqual([started.id, started.sessionId], ["unique-1", "unique-2"]);
  assert.equal(started.entry.pid, 6001);
  assert.equal(started.output, OUTPUT);
  const [program] = memory.programs;
  assert.deepEqual(program?.start, {
    command: ["/usr/bin/zag-ps", "run", "--", "claude"],
    env: { ZAG_PS_DETACHED: "unique-1 unique-2" },
    output: OUTPUT,
  });
  assert.equal(program?.released, true);
});

test("runDetached takes a command that has ended by then for a started one", async () => {
  const memory = createMemory();
  memory.onStart = (program) => {
    const ended = { id: "unique-1", pid: 6001, status: "exited" };
    memory.put(STORE, formatStore(makeEntry(ended)));
    program.end({ code: 3 });
  };
  const started = await runDetached(createContext(memory), OPTIONS, []);
  assert.ok("entry" in started);
});

test("runDetached tells why the command could not be started", async () => {
  for (const isRecorded of [true, false]) {
    const memory = createMemory();
    memory.onStart = (program) => {
      const failed = { id: "unique-1", pid: 5001, status: "killed" };
      if (isRecorded) memory.put(STORE, formatStore(makeEntry(failed)));
      memory.put(OUTPUT, "Error: no such program\n");
      program.end({ code: 127 });
    };
    assert.deepEqual(
      await runDetached(createContext(memory), OPTIONS, []),
      { failure: "no such program", exitStatus: 127 },
    );
  }
});

test("runDetached does not wait for ever", async () => {
  const memory = createMemory();
  memory.onStart = () => {};
  await assert.rejects(
    runDetached(createContext(memory), OPTIONS, []),
    isError("store", /has no entry unique-1 after 60 seconds/),
  );
});

test("readDetachedIds reads what runDetached hands over", () => {
  assert.equal(readDetachedIds(() => undefined), undefined);
  assert.equal(readDetachedIds(() => "one"), undefined);
  assert.deepEqual(
    readDetachedIds((name) => name === "ZAG_PS_DETACHED" ? "a b" : undefined),
    { id: "a", sessionId: "b" },
  );
});
