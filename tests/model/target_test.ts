import assert from "node:assert/strict";
import { test } from "node:test";
import { ZagPsError } from "../../src/model/errors.ts";
import {
  decodeProcessStore,
  type ProcessStore,
} from "../../src/model/process_entry.ts";
import {
  findByPrefix,
  findTarget,
  resolveSelf,
} from "../../src/model/target.ts";
import { formatStore, isError, makeEntry } from "../support/zag_files.ts";

function makeStore(...ids: string[]): ProcessStore {
  const entries = ids.map((id, index) => ({ index, entry: makeEntry({ id }) }));
  return { entries, bad: [] };
}

const STORE = makeStore(
  "aaaa1111-x",
  "aaaa2222-x",
  "bbbb1111-x",
  "bbbb",
  "ccccdddd-x",
  "ccccdddd-x",
  "é😀é😀-x",
  "ab",
);
const outside = () => undefined;
const inside = (id: string) => (name: string) =>
  name === "ZAG_PROCESS_ID" ? id : undefined;

const FOUND: [name: string, handle: string, index: number][] = [
  ["a full id", "aaaa2222-x", 1],
  ["a full id that begins another one", "bbbb", 3],
  ["a full id shorter than a prefix may be", "ab", 7],
  ["the first of several entries with one id", "ccccdddd-x", 4],
  ["a prefix of 4 characters", "cccc", 4],
  ["a prefix of all but one character", "aaaa2222-", 1],
  ["a prefix beyond ASCII", "é😀é", 6],
  ["a longer prefix than the ambiguous one", "bbbb1", 2],
];

for (const [name, handle, index] of FOUND) {
  test(`findTarget finds ${name}`, () => {
    assert.equal(findTarget(STORE, handle, outside).index, index);
  });
}

const MISSING: [name: string, handle: string][] = [
  ["an unknown id", "dddddddd"],
  ["a prefix of 3 characters", "ccc"],
  ["an id with more behind it", "bbbb1111-xx"],
  ["the middle of an id", "1111-x"],
  ["another case", "CCCCDDDD-X"],
  ["an empty text", ""],
];

for (const [name, handle] of MISSING) {
  test(`findTarget does not find ${name}`, () => {
    assert.throws(
      () => findTarget(STORE, handle, outside),
      (error) =>
        error instanceof ZagPsError && error.kind === "not-found" &&
        error.message === `Process not found: ${handle}`,
    );
  });
}

test("findTarget lists the candidates of an ambiguous prefix", () => {
  const started_at = makeEntry().started_at;
  assert.throws(() => findTarget(STORE, "aaaa", outside), {
    kind: "ambiguous",
    message: [
      'Process id "aaaa" is ambiguous, it fits 2 entries:',
      `  aaaa1111-x  claude  running  ${started_at}`,
      `  aaaa2222-x  claude  running  ${started_at}`,
      "Give more characters of the id",
    ].join("\n"),
  });
});

test("findTarget lists ten candidates and counts the others", () => {
  const ids = Array.from({ length: 13 }, (_, i) => `same-${i}`);
  assert.throws(
    () => findTarget(makeStore(...ids), "same", outside),
    (error) => {
      assert.ok(error instanceof ZagPsError);
      const lines = error.message.split("\n");
      assert.match(lines[0] ?? "", /it fits 13 entries/);
      assert.match(lines[10] ?? "", /^ {2}same-9 {2}/);
      assert.equal(lines[11], "  and 3 more");
      assert.equal(lines.length, 13);
      return true;
    },
  );
});

test("findTarget escapes what it quotes of the store", () => {
  assert.throws(
    () => findTarget(makeStore("evil\x1b1", "evil\x1b2"), "evil", outside),
    isError("ambiguous", / {2}evil\\x1b1 {2}/),
  );
  assert.throws(
    () => findTarget(STORE, "no\u202e", outside),
    isError("not-found", /^Process not found: no\\u\{202e\}$/),
  );
});

test("findTarget says that the entry is there but cannot be read", () => {
  const raw = { id: "xxxx" };
  const bad = [{ index: 3, reason: "pid: odd\n", raw }];
  assert.throws(
    () => findTarget({ entries: [], bad }, "xxxx", outside),
    isError(
      "not-found",
      /^Process not found: xxxx\nEntry 3 of the store has this id, but cannot be read: pid: odd\\n$/,
    ),
  );
});

test("findTarget replaces self by the id in the environment", () => {
  const found = findTarget(STORE, "self", inside("aaaa2222-x"));
  assert.equal(found.index, 1);
});

test("findTarget takes the id in the environment for a full one", () => {
  assert.throws(
    () => findTarget(STORE, "self", inside("cccc")),
    isError("not-found", /^Process not found: cccc$/),
  );
});

for (const env of [outside, inside("")]) {
  test(`resolveSelf fails where the id is ${env("ZAG_PROCESS_ID")}`, () => {
    assert.throws(() => resolveSelf("self", env), {
      kind: "not-found",
      message:
        'Cannot resolve "self": ZAG_PROCESS_ID is not set. Are you running inside a zag session?',
    });
  });
}

test("resolveSelf leaves other handles as they are", () => {
  assert.equal(resolveSelf("Self", inside("x")), "Self");
  assert.equal(resolveSelf("", inside("x")), "");
});

test("findByPrefix gives one entry for each id", () => {
  assert.deepEqual(findByPrefix(STORE, "cccc").map(({ index }) => index), [4]);
  assert.deepEqual(
    findByPrefix(STORE, "aaaa").map(({ index }) => index),
    [0, 1],
  );
  assert.deepEqual(findByPrefix(STORE, "aaa"), []);
});

test("findTarget takes no later entry for a first one that cannot be read", () => {
  const store = decodeProcessStore(
    formatStore({ ...makeEntry(), pid: "x" }, makeEntry()),
    "processes.json",
  );
  assert.throws(
    () => findTarget(store, makeEntry().id, () => undefined),
    /Entry 0 of the store has this id, but cannot be read/,
  );
});
