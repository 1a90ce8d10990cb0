import assert from "node:assert/strict";
import { test } from "node:test";
import {
  nameTemporary,
  removeLeftovers,
} from "../../src/system/temporary_files.ts";
import { createMemory } from "../support/memory_system.ts";

test("removeLeftovers removes what zag-ps left, of the file and of its lock", () => {
  const memory = createMemory();
  memory.put("/z/store.json", "");
  for (const target of ["/z/store.json", "/z/store.json.lock"]) {
    memory.put(nameTemporary(memory.system, target), "");
  }
  removeLeftovers(memory.system, "/z/store.json");
  assert.deepEqual([...memory.files.keys()], ["/z/store.json"]);
});

const SPARED = [
  // zag may be about to rename it.
  "/z/.store.json.4711.0.tmp",
  "/z/.other.json.4711.unique-1.tmp",
  "/z/store.json.4711.unique-1.tmp",
  "/z/.store.json.tmp",
];

for (const path of SPARED) {
  test(`removeLeftovers spares ${path}`, () => {
    const memory = createMemory();
    memory.put(path, "");
    removeLeftovers(memory.system, "/z/store.json");
    assert.ok(memory.files.has(path));
  });
}
