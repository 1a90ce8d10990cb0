import assert from "node:assert/strict";
import { test } from "node:test";
import { stop } from "../../src/commands/stop.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import {
  createMemory,
  type Memory,
  systemError,
} from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  makeFacts,
  PID,
  STORE,
} from "../support/zag_files.ts";

function makeMachine(
  changes: Partial<ProcessEntry> = {},
  facts: Partial<ProcessFacts> | null = {},
): Memory {
  const memory = createMemory();
  memory.put(STORE, formatStore(makeEntry(changes)));
  if (facts === null) return memory;
  memory.processes.set(PID, makeFacts(facts));
  return memory;
}

for (const handle of [ID, ID.slice(0, 4), "self"]) {
  test(`stop sends SIGHUP to the process of "${handle}"`, async () => {
    const memory = makeMachine();
    memory.env.ZAG_PROCESS_ID = ID;
    const before = memory.text(STORE);
    const announced: string[] = [];
    const report = await stop(createContext(memory), handle, {
      announce: (entry) => {
        assert.deepEqual(memory.signals, []);
        announced.push(entry.id);
      },
    });
    assert.deepEqual(report, {
      entry: makeEntry(),
      signal: "SIGHUP",
      outcome: "signalled",
    });
    assert.deepEqual(memory.signals, [[PID, "SIGHUP"]]);
    assert.deepEqual(announced, [ID]);
    assert.equal(memory.text(STORE), before);
    assert.deepEqual([...memory.files.keys()], [STORE]);
  });
}

test("stop needs nobody to announce to", async () => {
  const memory = makeMachine();
  await stop(createContext(memory), ID);
  assert.equal(memory.signals.length, 1);
});

for (const status of ["killed", "exited"]) {
  test(`stop takes a ${status} entry whose process carries it`, async () => {
    const markers = { ZAG_PROCESS_ID: ID };
    const memory = makeMachine({ status }, { markers });
    await stop(createContext(memory), ID);
    assert.deepEqual(memory.signals, [[PID, "SIGHUP"]]);
  });

  test(`stop refuses a ${status} entry whose process does not`, async () => {
    const memory = makeMachine({ status });
    await assert.rejects(
      stop(createContext(memory), ID),
      isError(
        "not-running",
        new RegExp(`^Process ${ID} is not running \\(status: ${status}\\)$`),
      ),
    );
    assert.deepEqual(memory.signals, []);
  });
}

const DEAD: [name: string, facts: Partial<ProcessFacts> | null][] = [
  ["no process", null],
  ["a zombie", { zombie: true, markers: { ZAG_PROCESS_ID: ID } }],
];

for (const [name, facts] of DEAD) {
  test(`stop refuses an entry with ${name}`, async () => {
    const memory = makeMachine({}, facts);
    const announced: unknown[] = [];
    await assert.rejects(
      stop(createContext(memory), ID, {
        announce: (entry) => announced.push(entry),
      }),
      isError(
        "not-running",
        new RegExp(`^Process ${ID} is not running \\(status: dead\\)$`),
      ),
    );
    assert.deepEqual([announced, memory.signals], [[], []]);
  });
}

test("stop refuses an unknown status", async () => {
  const memory = makeMachine({ status: "odd" });
  await assert.rejects(
    stop(createContext(memory), ID),
    isError("not-running", /\(status: unknown\)$/),
  );
  assert.deepEqual(memory.signals, []);
});

for (const pid of [0, 1, -1, -PID, 1.5, 2 ** 31, 2 ** 32, 2 ** 32 + PID]) {
  test(`stop never signals pid ${pid}`, async () => {
    for (const status of ["running", "killed"]) {
      const memory = makeMachine({ pid, status });
      await assert.rejects(
        stop(createContext(memory), ID),
        isError(
          "invalid-entry",
          new RegExp(`^Process ${ID} cannot be signalled: pid ${pid} is not`),
        ),
      );
      assert.ok(!memory.calls.some((call) => call.startsWith("signal")));
    }
  });
}

test("stop refuses where processes cannot be seen", async () => {
  const memory = makeMachine({}, null);
  memory.sight = { complete: false, limit: "It is dark" };
  const context = createContext(memory);
  await assert.rejects(stop(context, ID), isError("unseen", /Deno/));
  assert.deepEqual(context.warnings, ["It is dark"]);
});

const DENIED: [code: string, kind: "signal" | "not-running", text: RegExp][] = [
  [
    "EPERM",
    "signal",
    /^Failed to signal process: operation not permitted \(EPERM\)/,
  ],
  ["ESRCH", "not-running", /is not running \(status: dead\)$/],
  ["EINVAL", "signal", /^Failed to signal process: EINVAL: made by a test/],
];

for (const [code, kind, text] of DENIED) {
  test(`stop fails if the signal ends in ${code}`, async () => {
    const memory = makeMachine();
    const before = memory.text(STORE);
    memory.onCall = (name) => {
      if (name === "signal") throw systemError(code);
    };
    await assert.rejects(stop(createContext(memory), ID), isError(kind, text));
    assert.equal(memory.text(STORE), before);
  });
}

test("stop takes the first of several entries with one id", async () => {
  const memory = makeMachine();
  memory.put(STORE, formatStore(makeEntry(), makeEntry({ pid: 999 })));
  memory.processes.set(999, makeFacts({ pid: 999 }));
  await stop(createContext(memory), ID);
  assert.deepEqual(memory.signals, [[PID, "SIGHUP"]]);
});
