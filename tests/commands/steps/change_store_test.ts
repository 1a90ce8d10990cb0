import assert from "node:assert/strict";
import { test } from "node:test";
import { changeEntry } from "../../../src/commands/steps/change_store.ts";
import { createMemory } from "../../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  STORE,
} from "../../support/zag_files.ts";

const CHANGES = { status: '"killed"' };

function change(
  text: string | undefined,
  ...rest: Parameters<typeof changeEntry> extends [unknown, ...infer R] ? R
    : never
) {
  const memory = createMemory();
  if (text !== undefined) memory.put(STORE, text);
  const previous = changeEntry(createContext(memory), ...rest);
  return { previous, memory, text: memory.text(STORE) };
}

test("changeEntry changes the first entry with the id, and no other byte", () => {
  const entries = [
    makeEntry({ id: "a" }),
    { ...makeEntry(), pid: "bad" },
    makeEntry(),
    makeEntry(),
  ];
  const before = formatStore(...entries);
  const { previous, text } = change(before, ID, CHANGES);
  const parts = before.split('"status": "running"');
  assert.equal(parts.length, 5);
  assert.equal(
    text,
    [
      parts.slice(0, 3).join('"status": "running"'),
      parts.slice(3).join('"status": "running"'),
    ].join('"status": "killed"'),
  );
  assert.deepEqual(previous, { status: '"running"' });
});

test("changeEntry keeps a bad entry and what zag does not know", () => {
  const before = '{"processes": [{"id": 5, "n": 9007199254740993}, null, ' +
    JSON.stringify({ ...makeEntry(), future: [1.0] }) + '], "v": 1e0}\n';
  const { text } = change(before, ID, CHANGES);
  assert.equal(text, before.replace('"running"', '"killed"'));
});

test("changeEntry takes its change back", () => {
  const { exit_code: _, ...entry } = makeEntry();
  const before = formatStore(entry);
  const memory = createMemory();
  memory.put(STORE, before);
  const context = createContext(memory);
  const changes = { ...CHANGES, exit_code: "null" };
  const previous = changeEntry(context, ID, changes);
  assert.notEqual(memory.text(STORE), before);
  changeEntry(context, ID, previous ?? {});
  assert.equal(memory.text(STORE), before);
});

const LEFT_ALONE: [name: string, text: string | undefined][] = [
  ["there is no store", undefined],
  ["the entry is gone", formatStore(makeEntry({ id: "a" }))],
  ["the entry cannot be read", formatStore({ ...makeEntry(), pid: null })],
];

for (const [name, before] of LEFT_ALONE) {
  test(`changeEntry changes nothing where ${name}`, () => {
    const { previous, memory, text } = change(before, ID, CHANGES);
    assert.equal(previous, undefined);
    assert.equal(text, before);
    assert.deepEqual(memory.calls, [`readFile ${STORE}`]);
  });
}

test("changeEntry asks about the entry as it is now", () => {
  const before = formatStore(makeEntry({ pid: 7 }));
  const asked: number[] = [];
  const refused = change(before, ID, CHANGES, ({ pid }) => {
    asked.push(pid);
    return false;
  });
  assert.deepEqual(asked, [7]);
  assert.equal(refused.previous, undefined);
  assert.equal(refused.text, before);
});

for (const text of ["{", "", "{}", '{"processes": [}']) {
  test(`changeEntry never overwrites the store ${JSON.stringify(text)}`, () => {
    const memory = createMemory();
    memory.put(STORE, text);
    assert.throws(
      () => changeEntry(createContext(memory), ID, CHANGES),
      isError("store"),
    );
    assert.equal(memory.text(STORE), text);
    assert.deepEqual(memory.calls, [`readFile ${STORE}`]);
  });
}

test("changeEntry writes nothing that zag's types refuse", () => {
  for (const value of ["5", "null", "{", '"a"]']) {
    const memory = createMemory();
    const before = formatStore(makeEntry());
    memory.put(STORE, before);
    assert.throws(
      () => changeEntry(createContext(memory), ID, { status: value }),
      isError("store"),
    );
    assert.equal(memory.text(STORE), before);
  }
});
