import assert from "node:assert/strict";
import { test } from "node:test";
import {
  findAncestors,
  findParents,
  gatherFamily,
} from "../../src/model/ancestors.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import { makeEntry } from "../support/zag_files.ts";

function person(
  id: string,
  parent: string | null | undefined,
  changes: Partial<ProcessEntry> = {},
): ProcessEntry {
  return makeEntry({
    id,
    session_id: `session-${id}`,
    parent_process_id: parent,
    parent_session_id: parent && `session-${parent}`,
    ...changes,
  });
}

const TOP = person("top", null);
const MIDDLE = person("middle", "top");
const LOW = person("low", "middle");
const ENTRIES = [
  LOW,
  TOP,
  MIDDLE,
  person("old", undefined),
  person("belowOld", "old"),
  person("orphan", "gone"),
  person("own", "own"),
  person("a", "b"),
  person("b", "a"),
  person("bySession", null, { parent_session_id: "session-top" }),
  person("top", "gone", { session_id: "second of this id" }),
];

const ROWS: [id: string, ids: string[], complete: boolean][] = [
  ["top", [], true],
  ["middle", ["session-top", "top"], true],
  ["low", ["middle", "session-middle", "session-top", "top"], true],
  ["old", [], false],
  ["belowOld", ["old", "session-old"], false],
  ["orphan", ["gone", "session-gone"], false],
  ["own", ["own", "session-own"], false],
  ["a", ["a", "b", "session-a", "session-b"], false],
  ["bySession", ["session-top"], false],
];

for (const [id, ids, complete] of ROWS) {
  test(`findAncestors follows the line of "${id}"`, () => {
    const family = gatherFamily(ENTRIES);
    const found = findAncestors(family.get(id) as ProcessEntry, family);
    assert.deepEqual([...found.ids].sort(), ids);
    assert.equal(found.complete, complete);
  });
}

test("findAncestors follows a line of 10,000", () => {
  const line = Array.from(
    { length: 10_000 },
    (_, i) => person(`p${i}`, i === 0 ? null : `p${i - 1}`),
  );
  const found = findAncestors(line.at(-1) as ProcessEntry, gatherFamily(line));
  assert.equal(found.complete, true);
  assert.ok(found.ids.includes("p0"));
});

test("findParents tells none from what was not said", () => {
  assert.deepEqual(findParents(TOP), []);
  assert.deepEqual(findParents(LOW), ["middle", "session-middle"]);
  assert.equal(findParents(person("x", undefined)), undefined);
});
