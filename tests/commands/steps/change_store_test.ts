import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Applies,
  changeEntry,
} from "../../../src/commands/steps/change_store.ts";
import { createMemory, type Memory } from "../../support/memory_system.ts";
import {
  createContext,
  formatStore,
  HOME,
  ID,
  isError,
  makeEntry,
  STORE,
} from "../../support/zag_files.ts";

const CHANGES = { status: '"killed"' };

const always = () => true;

async function change(
  text: string | undefined,
  applies: Applies = always,
) {
  const memory = createMemory();
  memory.folders.add(HOME);
  if (text !== undefined) memory.put(STORE, text);
  const context = createContext(memory);
  const done = await changeEntry(context, ID, CHANGES, applies);
  return { done, memory, text: memory.text(STORE) };
}

/** The store must not have been written, and the lock must be gone. */
function assertUnwritten(memory: Memory, text: string | undefined): void {
  assert.equal(memory.text(STORE), text);
  assert.ok(!memory.calls.some((call) => /^(rename|appendFile)/.test(call)));
  const paths = text === undefined ? [] : [STORE];
  assert.deepEqual([...memory.files.keys()], paths);
}

test("changeEntry changes the first entry with the id, and no other byte", async () => {
  const entries = [
    makeEntry({ id: "a" }),
    { ...makeEntry(), pid: "bad" },
    makeEntry(),
    makeEntry(),
  ];
  const before = formatStore(...entries);
  const { done, memory, text } = await change(before);
  const parts = before.split('"status": "running"');
  assert.equal(parts.length, 5);
  assert.equal(
    text,
    [
      parts.slice(0, 3).join('"status": "running"'),
      parts.slice(3).join('"status": "running"'),
    ].join('"status": "killed"'),
  );
  assert.deepEqual(done, {
    id: ID,
    changes: CHANGES,
    previous: { status: '"running"' },
    version: memory.system.status(STORE)?.version,
  });
  assert.deepEqual([...memory.files.keys()], [STORE]);
});

test("changeEntry keeps a bad entry and what zag does not know", async () => {
  const before = '{"processes": [{"id": 5, "n": 9007199254740993}, null, ' +
    JSON.stringify({ ...makeEntry(), future: [1.0] }) + '], "v": 1e0}\n';
  const { text } = await change(before);
  assert.equal(text, before.replace('"running"', '"killed"'));
});

test("changeEntry takes its change back", async () => {
  const { exit_code: _, ...entry } = makeEntry();
  const before = formatStore(entry);
  const memory = createMemory();
  memory.put(STORE, before);
  const context = createContext(memory);
  const changes = { ...CHANGES, exit_code: "null" };
  const done = await changeEntry(context, ID, changes, always);
  assert.notEqual(memory.text(STORE), before);
  await changeEntry(context, ID, done?.previous ?? {}, always);
  assert.equal(memory.text(STORE), before);
});

const LEFT_ALONE: [name: string, text: string | undefined][] = [
  ["there is no store", undefined],
  ["the entry is gone", formatStore(makeEntry({ id: "a" }))],
  ["the entry cannot be read", formatStore({ ...makeEntry(), pid: null })],
];

for (const [name, before] of LEFT_ALONE) {
  test(`changeEntry changes nothing where ${name}`, async () => {
    const { done, memory } = await change(before);
    assert.equal(done, undefined);
    assertUnwritten(memory, before);
  });
}

test("changeEntry asks about the entry as it is now", async () => {
  const before = formatStore(makeEntry({ pid: 7 }));
  const asked: unknown[] = [];
  const { done, memory } = await change(before, ({ pid }, members) => {
    asked.push([pid, members]);
    return false;
  });
  assert.deepEqual(asked, [[7, { status: '"running"' }]]);
  assert.equal(done, undefined);
  assertUnwritten(memory, before);
});

for (const text of ["{", "", "{}", '{"processes": [}']) {
  test(`changeEntry never overwrites the store ${JSON.stringify(text)}`, async () => {
    const memory = createMemory();
    memory.put(STORE, text);
    await assert.rejects(
      changeEntry(createContext(memory), ID, CHANGES, always),
      isError("store"),
    );
    assertUnwritten(memory, text);
  });
}

test("changeEntry writes nothing that zag's types refuse", async () => {
  for (const value of ["5", "null", "{", '"a"]']) {
    const memory = createMemory();
    const before = formatStore(makeEntry());
    memory.put(STORE, before);
    const changes = { status: value };
    await assert.rejects(
      changeEntry(createContext(memory), ID, changes, always),
      isError("store"),
    );
    assertUnwritten(memory, before);
  }
});
