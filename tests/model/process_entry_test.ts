import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeProcessStore } from "../../src/model/process_entry.ts";
import { formatStore, isError, makeEntry } from "../support/zag_files.ts";

const PATH = "/z/processes.json";

test("decodeProcessStore reads entries in file order", () => {
  const entries = ["a", "b", "a"].map((id) => makeEntry({ id }));
  const store = decodeProcessStore(formatStore(...entries), PATH);
  assert.deepEqual(
    store.entries,
    entries.map((entry, index) => ({ index, entry })),
  );
  assert.deepEqual(store.bad, []);
});

test("decodeProcessStore keeps fields that it does not know", () => {
  const text =
    '{"v": 2, "processes": [{"id": "a", "pid": 7, "provider": "p", "model": "",' +
    ' "command": "c", "started_at": "s", "status": "odd", "x": [1], "__proto__": {"id": 9}}]}';
  const { entries } = decodeProcessStore(text, PATH);
  const entry = entries[0]?.entry;
  assert.deepEqual(Object.keys(entry ?? {}), [
    "id",
    "pid",
    "provider",
    "model",
    "command",
    "started_at",
    "status",
    "x",
    "__proto__",
  ]);
  assert.equal(entry?.id, "a");
  assert.equal(entry?.prompt, undefined);
});

const GOOD: [name: string, changes: Record<string, unknown>][] = [
  ["an empty model", { model: "" }],
  ["an unknown status", { status: "paused" }],
  ["a date that is none", { started_at: "yesterday" }],
  ["the largest pid of zag", { pid: 4_294_967_295 }],
  ["pid 0, for liveness to judge", { pid: 0 }],
  ["a negative pid, for liveness to judge", { pid: -1 }],
  ["a broken pid, for liveness to judge", { pid: 1.5 }],
  ["the smallest exit code", { exit_code: -2_147_483_648 }],
  ["the largest exit code", { exit_code: 2_147_483_647 }],
  ["texts with control characters", { prompt: "a\n\x1b\0" }],
];

for (const [name, changes] of GOOD) {
  test(`decodeProcessStore takes ${name}`, () => {
    const entry = { ...makeEntry(), ...changes };
    const store = decodeProcessStore(formatStore(entry), PATH);
    assert.deepEqual(store, { entries: [{ index: 0, entry }], bad: [] });
  });
}

const OPTIONAL = [
  "session_id",
  "prompt",
  "exit_code",
  "exited_at",
  "root",
  "parent_process_id",
  "parent_session_id",
];
const REQUIRED = [
  "id",
  "pid",
  "provider",
  "model",
  "command",
  "started_at",
  "status",
];

for (const field of OPTIONAL) {
  test(`decodeProcessStore takes an entry with ${field} null or absent`, () => {
    const absent: Record<string, unknown> = { ...makeEntry() };
    delete absent[field];
    const text = formatStore(absent, { ...absent, [field]: null });
    assert.equal(decodeProcessStore(text, PATH).entries.length, 2);
  });

  test(`decodeProcessStore reports a ${field} of another type`, () => {
    for (const value of [true, {}, [], field === "exit_code" ? "0" : 5]) {
      const text = formatStore({ ...makeEntry(), [field]: value });
      const [bad] = decodeProcessStore(text, PATH).bad;
      assert.ok(bad?.reason.startsWith(`${field}: `), bad?.reason);
    }
  });
}

for (const field of REQUIRED) {
  test(`decodeProcessStore reports ${field} absent or of another type`, () => {
    const absent: Record<string, unknown> = { ...makeEntry() };
    delete absent[field];
    const values = [null, true, [], field === "pid" ? "5" : 5];
    const text = formatStore(
      absent,
      ...values.map((value) => ({ ...absent, [field]: value })),
    );
    const { entries, bad } = decodeProcessStore(text, PATH);
    assert.equal(entries.length, 0);
    assert.deepEqual(bad.map(({ index }) => index), [0, 1, 2, 3, 4]);
    for (const { reason } of bad) {
      assert.ok(reason.startsWith(`${field}: `), reason);
    }
  });
}

for (const exit_code of [1.5, 2_147_483_648, -2_147_483_649, 1e300]) {
  test(`decodeProcessStore reports the exit code ${exit_code}`, () => {
    const { bad } = decodeProcessStore(
      formatStore(makeEntry({ exit_code })),
      PATH,
    );
    assert.match(bad[0]?.reason ?? "", /^exit_code: /);
  });
}

test("decodeProcessStore reports bad entries beside the good ones", () => {
  const good = makeEntry();
  const values = [null, good, [], 5, "x", good, { id: "b" }];
  const { entries, bad } = decodeProcessStore(formatStore(...values), PATH);
  assert.deepEqual(entries.map(({ index }) => index), [1, 5]);
  assert.deepEqual(bad.map(({ index }) => index), [0, 2, 3, 4, 6]);
  assert.deepEqual(bad.map(({ raw }) => raw), [null, [], 5, "x", { id: "b" }]);
  assert.deepEqual(bad.map(({ reason }) => reason), [
    "Invalid type: Expected Object but received null",
    'id: Invalid key: Expected "id" but received undefined',
    "Invalid type: Expected Object but received 5",
    'Invalid type: Expected Object but received "x"',
    'pid: Invalid key: Expected "pid" but received undefined',
  ]);
});

test("decodeProcessStore takes no field from a prototype", () => {
  const fields = JSON.stringify(makeEntry());
  for (const comma of ["", ","]) {
    const text = `{"processes": [{"__proto__": ${fields}}${comma}]}`;
    const { entries, bad } = decodeProcessStore(text, PATH);
    assert.deepEqual([entries.length, bad.length], [0, 1]);
  }
});

test("decodeProcessStore takes an entry with a field nested very deep", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const entry = JSON.stringify(makeEntry()).replace("{", `{"x":${deep},`);
  const { entries } = decodeProcessStore(`{"processes": [${entry}]}`, PATH);
  assert.equal(entries.length, 1);
});

for (
  const text of ["{}", "[]", "null", '{"processes": {}}', '{"process": []}']
) {
  test(`decodeProcessStore refuses the store ${text}`, () => {
    assert.throws(
      () => decodeProcessStore(text, PATH),
      isError("store", /"\/z\/processes\.json" at line 1, column 1: /),
    );
  });
}

test("decodeProcessStore refuses a torn file, with its place", () => {
  assert.throws(
    () => decodeProcessStore('{\n  "processes": [', PATH),
    isError("store", /"\/z\/processes\.json" at line 2, column 17: /),
  );
});
