import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionEntry } from "../../src/model/session_entry.ts";
import { readCreation, readLabels } from "../../src/model/session_labels.ts";
import { makeSession } from "../support/zag_files.ts";

const ROWS: [what: string, fields: object, name: unknown, tags: string[]][] = [
  ["a name and tags", { name: "n", tags: ["a", "B"] }, "n", ["a", "B"]],
  ["neither", {}, undefined, []],
  ["null", { name: null, tags: null }, undefined, []],
  ["an empty name", { name: "" }, undefined, []],
  ["other types", { name: 7, tags: "a" }, undefined, []],
  ["tags of other types", { tags: ["a", 1, null, "b"] }, undefined, ["a", "b"]],
];

for (const [what, fields, name, tags] of ROWS) {
  test(`readLabels reads ${what}`, () => {
    const session = makeSession({ ...fields }) as unknown as SessionEntry;
    assert.deepEqual(readLabels(session), { name, tags });
  });
}

test("readCreation puts a session without a date before all others", () => {
  const created = (created_at: unknown) =>
    readCreation(makeSession({ created_at }) as unknown as SessionEntry);
  assert.equal(created("2026-11-22T11:59:00+00:00"), 1_795_348_740);
  assert.equal(created("yesterday"), -Infinity);
  assert.equal(created(undefined), -Infinity);
});
