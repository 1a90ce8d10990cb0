import assert from "node:assert/strict";
import { test } from "node:test";
import { explain } from "../../src/commands/explain.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import { createMemory, type Memory } from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  PID,
  STORE,
} from "../support/zag_files.ts";

const OTHER_ID = "77777777-0d0a-4a88-b1f4-9c4a1f2f8e21";
const DIGITS_ID = "12345678-0d0a-4a88-b1f4-9c4a1f2f8e21";

const FACTS: ProcessFacts = {
  pid: PID,
  ppid: 12,
  zombie: false,
  startTicks: "proc:42",
  startedAt: Date.UTC(2026, 10, 22, 11, 59),
  uid: 1000,
  markers: { ZAG_PROCESS_ID: ID },
};

function makeMachine(...entries: unknown[]): Memory {
  const memory = createMemory();
  memory.put(STORE, formatStore(...entries));
  memory.processes.set(PID, FACTS);
  return memory;
}

async function explainIds(memory: Memory, handle: string): Promise<string[]> {
  const before = memory.text(STORE);
  const { judged } = await explain(createContext(memory), handle);
  assert.equal(memory.text(STORE), before);
  assert.deepEqual(memory.signals, []);
  return judged.map(({ entry }) => entry.id);
}

test("explain tells facts, owner and verdict of an entry", async () => {
  const memory = makeMachine(makeEntry());
  const { pid, facts, owner, judged } = await explain(
    createContext(memory),
    ID,
  );
  assert.deepEqual([pid, facts, owner], [PID, FACTS, "ada"]);
  assert.equal(judged.length, 1);
  const [{ entry, verdict } = assert.fail()] = judged;
  assert.deepEqual(entry, makeEntry());
  assert.deepEqual([verdict.identity, verdict.rule], ["verified", "marker"]);
});

test("explain takes a prefix and self", async () => {
  const memory = makeMachine(makeEntry());
  memory.env["ZAG_PROCESS_ID"] = ID;
  assert.deepEqual(await explainIds(memory, ID.slice(0, 8)), [ID]);
  assert.deepEqual(await explainIds(memory, "self"), [ID]);
});

test("explain of a pid tells every entry that names it", async () => {
  const memory = makeMachine(
    makeEntry(),
    makeEntry({ id: "elsewhere", pid: 99 }),
    makeEntry({ id: OTHER_ID }),
  );
  const { judged } = await explain(createContext(memory), String(PID));
  assert.deepEqual(
    judged.map(({ entry, verdict }) => [entry.id, verdict.identity]),
    [[ID, "verified"], [OTHER_ID, "recycled"]],
  );
});

test("explain of a pid that no entry names tells the facts", async () => {
  const memory = makeMachine(makeEntry({ pid: 99 }));
  const { examination, ...found } = await explain(
    createContext(memory),
    String(PID),
  );
  assert.equal(examination?.recognition, undefined);
  assert.deepEqual(found, {
    pid: PID,
    facts: FACTS,
    owner: "ada",
    judged: [],
    agent: undefined,
  });
});

test("explain takes digits for a pid if an entry names it, else for an id", async () => {
  const entry = makeEntry({ id: DIGITS_ID, pid: 99 });
  assert.deepEqual(
    await explainIds(makeMachine(entry), "12345678"),
    [DIGITS_ID],
  );
  const both = makeMachine(entry, makeEntry({ pid: 12345678 }));
  assert.deepEqual(await explainIds(both, "12345678"), [ID]);
  assert.deepEqual(await explainIds(both, DIGITS_ID), [DIGITS_ID]);
  const named = makeMachine(makeEntry({ id: "4711", pid: 99 }));
  assert.deepEqual(await explainIds(named, "4711"), ["4711"]);
});

test("explain tells of an entry whose process is gone", async () => {
  const memory = makeMachine(makeEntry());
  memory.processes.clear();
  const { facts, owner, judged } = await explain(createContext(memory), ID);
  assert.deepEqual([facts, owner], [undefined, undefined]);
  assert.equal(judged[0]?.verdict.identity, "dead");
});

for (const pid of [0, 1, 2 ** 31]) {
  test(`explain never looks at pid ${pid}`, async () => {
    // The machine in memory fails where such a pid is looked at.
    const memory = makeMachine(makeEntry({ pid }));
    const { facts, judged } = await explain(
      createContext(memory),
      String(pid),
    );
    assert.equal(facts, undefined);
    assert.equal(judged[0]?.verdict.identity, "invalid");
    await assert.rejects(
      explain(createContext(makeMachine()), String(pid)),
      isError(
        "not-found",
        new RegExp(`no entry names pid ${pid}, and it is none that zag-ps`),
      ),
    );
  });
}

test("explain fails where there is nothing to explain", async () => {
  const memory = makeMachine(makeEntry());
  await assert.rejects(
    explain(createContext(memory), "99"),
    isError("not-found", /no entry names pid 99, and no process has it$/),
  );
  await assert.rejects(
    explain(createContext(memory), "ffff"),
    isError("not-found", /^Process not found: ffff$/),
  );
});

test("explain says what could not be seen", async () => {
  for (const handle of [ID, String(PID)]) {
    const memory = makeMachine(makeEntry(), makeEntry({ id: "x", pid: 99 }));
    memory.sight = { complete: true, limit: "It is dark" };
    const context = createContext(memory);
    await explain(context, handle);
    assert.deepEqual(context.warnings, ["It is dark"]);
  }
  const memory = makeMachine();
  memory.sight = { complete: true, limit: "It is dark" };
  const context = createContext(memory);
  await explain(context, String(PID));
  assert.deepEqual(context.warnings, ["It is dark"]);
});
