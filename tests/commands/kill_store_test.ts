import assert from "node:assert/strict";
import { test } from "node:test";
import { kill } from "../../src/commands/kill.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import type { System } from "../../src/system/system.ts";
import { createAgentMachine, LOG } from "../support/agent_at_work.ts";
import { type Memory, systemError } from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  PID,
  STORE,
} from "../support/zag_files.ts";

const LOCK = `${STORE}.lock`;
const RESULT = { result: { text: "done" } };
const EXITED_AT = "2026-11-22T12:00:00.000+00:00";

function makeMachine(
  entry = makeEntry(),
  facts: Partial<ProcessFacts> = { markers: { ZAG_PROCESS_ID: ID } },
): Memory {
  const memory = createAgentMachine({ store: formatStore(entry) });
  memory.processes.set(PID, {
    pid: PID,
    zombie: false,
    startTicks: "proc:5",
    startedAt: Date.UTC(2026, 10, 22, 11, 59),
    ...facts,
  });
  return memory;
}

function readEntry(memory: Memory): Record<string, unknown> {
  const { processes } = JSON.parse(memory.text(STORE) ?? "");
  return processes[0];
}

function readResults(memory: Memory): string[] {
  return (memory.text(LOG) ?? "").split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line).result);
}

/** Does something when the kill waits for the n-th time. */
function atPause(memory: Memory, act: (pause: number) => void): System {
  let pauses = 0;
  return {
    ...memory.system,
    sleep: async (milliseconds) => {
      act(++pauses);
      await memory.system.sleep(milliseconds);
    },
  };
}

test("kill marks again what zag overwrote with what it had read before", async () => {
  const memory = makeMachine();
  const old = memory.text(STORE) ?? "";
  // zag writes its own form, and what is absent as null.
  const stale = JSON.stringify(JSON.parse(old));
  const context = createContext(memory);
  const system = atPause(memory, (pause) => {
    if (pause <= 3) memory.put(STORE, pause === 2 ? stale : old);
  });
  await kill({ ...context, system }, ID, RESULT);
  assert.equal(readEntry(memory).status, "killed");
  assert.equal(readEntry(memory).exited_at, EXITED_AT);
  assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
  assert.deepEqual(readResults(memory), ["done"]);
  assert.deepEqual(context.warnings, []);
});

test("kill marks again only a few times", async () => {
  const memory = makeMachine();
  const old = memory.text(STORE) ?? "";
  const system = atPause(memory, () => memory.put(STORE, old));
  await kill({ ...createContext(memory), system }, ID, RESULT);
  assert.equal(memory.signals.length, 1);
  assert.ok(memory.clock < Date.UTC(2026, 10, 22, 12) + 10_000);
});

const LATER: [name: string, changes: Record<string, unknown>][] = [
  ["zag knows the exit code by now", { status: "killed", exit_code: 1 }],
  ["zag says that it exited", { status: "exited", exit_code: 0 }],
  ["zag put another pid in", { pid: 5, status: "running" }],
];

for (const [name, changes] of LATER) {
  test(`kill leaves the entry alone if ${name}`, async () => {
    const memory = makeMachine();
    const later = formatStore({
      ...makeEntry(),
      exited_at: "2026-11-22T12:00:00.050+00:00",
      ...changes,
    });
    const system = atPause(memory, (pause) => {
      if (pause === 1) memory.put(STORE, later);
    });
    await kill({ ...createContext(memory), system }, ID, RESULT);
    assert.equal(memory.text(STORE), later);
  });
}

test("kill does not wait if a signal has come", async () => {
  const memory = makeMachine();
  const system: System = {
    ...memory.system,
    deferSignals: (work) => work(() => memory.signals.length > 0),
    sleep: () => assert.fail("it waited"),
  };
  await kill({ ...createContext(memory), system }, ID, RESULT);
  assert.equal(readEntry(memory).status, "killed");
});

test("kill only warns if the store cannot be looked at afterwards", async () => {
  const memory = makeMachine();
  const context = createContext(memory);
  const system = atPause(memory, () => memory.put(STORE, "{"));
  const report = await kill({ ...context, system }, ID, RESULT);
  assert.equal(report.outcome, "signalled");
  assert.match(
    context.warnings.join(),
    /could not be looked at again after the change: Cannot parse/,
  );
});

test("kill takes its mark back for good if the signal is denied", async () => {
  const memory = makeMachine();
  const old = memory.text(STORE);
  let marked = "";
  memory.onCall = (name) => {
    if (name !== "signal") return;
    marked = memory.text(STORE) ?? "";
    throw systemError("EPERM");
  };
  // zag had read the mark, and writes it back.
  const system = atPause(memory, (pause) => {
    if (pause === 1) memory.put(STORE, marked);
  });
  await assert.rejects(
    kill({ ...createContext(memory), system }, ID, RESULT),
    isError("signal", /Its entry was put back as it was$/),
  );
  assert.match(marked, /"killed"/);
  assert.equal(memory.text(STORE), old);
});

test("kill does nothing without the lock", async () => {
  const memory = makeMachine();
  memory.put(LOCK, "not ours");
  const before = memory.text(STORE);
  await assert.rejects(
    kill(createContext(memory), ID, RESULT),
    isError(
      "store",
      /^Process .* was not signalled: Failed to lock the store: .*\nKill aborted, the process is still running\. .* again/s,
    ),
  );
  assert.deepEqual(memory.signals, []);
  assert.equal(memory.text(STORE), before);
  assert.equal(memory.text(LOG), undefined);
});

test("kill holds the lock while it records and marks, not while it signals", async () => {
  const memory = makeMachine();
  const seen: string[] = [];
  const removed: unknown[] = [];
  memory.onCall = (name, [path]) => {
    if (name === "rename" || name === "appendFile" || name === "signal") {
      seen.push(`${name} ${memory.files.has(LOCK)}`);
    }
    // An error of its own would not be seen: what is removed may stay.
    if (name === "remove") removed.push(path);
  };
  await kill(createContext(memory), ID, RESULT);
  assert.ok(removed.includes(LOCK));
  assert.ok(!removed.includes(STORE));
  assert.deepEqual(seen, ["appendFile true", "rename true", "signal false"]);
});

const RETRIES: [name: string, facts: Partial<ProcessFacts>][] = [
  ["a process with the marker", { markers: { ZAG_PROCESS_ID: ID } }],
  ["a process without a marker that fits", {}],
];

for (const [name, facts] of RETRIES) {
  test(`kill of ${name} works again after one that died before the signal`, async () => {
    const memory = makeMachine(makeEntry(), facts);
    const died = new Error("died");
    const system: System = {
      ...memory.system,
      signal: () => new Promise(() => {}),
    };
    await Promise.race([
      kill({ ...createContext(memory), system }, ID, RESULT),
      new Promise((_, reject) => setTimeout(() => reject(died), 20)),
    ]).catch((error) => assert.equal(error, died));
    assert.equal(readEntry(memory).status, "killed");
    assert.deepEqual(memory.signals, []);

    memory.clock += 60_000;
    const report = await kill(createContext(memory), ID, RESULT);
    assert.equal(report.outcome, "signalled");
    assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
    assert.deepEqual(readResults(memory), ["done"]);
    assert.notEqual(readEntry(memory).exited_at, EXITED_AT);
  });
}

const ENDED: [name: string, changes: Record<string, unknown>][] = [
  ["zag saw end", { status: "killed", exit_code: 1, exited_at: EXITED_AT }],
  ["exited", { status: "exited", exit_code: null, exited_at: EXITED_AT }],
  ["has no end", { status: "killed", exit_code: null, exited_at: null }],
];

for (const [name, changes] of ENDED) {
  test(`kill does not take a process without a marker for one that ${name}`, async () => {
    const memory = makeMachine(makeEntry(changes), {});
    await assert.rejects(
      kill(createContext(memory), ID, {}),
      isError("not-running"),
    );
    assert.deepEqual(memory.signals, []);
  });
}

test("kill ends the line of a result that was recorded without its newline", async () => {
  const memory = makeMachine();
  await kill(createContext(memory), ID, RESULT);
  const whole = memory.text(LOG) ?? "";
  // The writer died one byte early; the entry was not marked then.
  memory.put(LOG, whole.trimEnd());
  memory.put(STORE, formatStore(makeEntry()));
  await kill(createContext(memory), ID, RESULT);
  assert.equal(memory.text(LOG), whole);
  assert.equal(memory.signals.length, 2);
});
