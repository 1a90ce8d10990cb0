import assert from "node:assert/strict";
import { test } from "node:test";
import { listPlainly } from "../../src/commands/plain_list.ts";
import { createMemory } from "../support/memory_system.ts";
import { formatStore, makeEntry, STORE } from "../support/zag_files.ts";

/** The ids of the entries that are parsed, and of those that are not. */
async function sortOut(...entries: unknown[]) {
  const memory = createMemory();
  memory.put(STORE, formatStore(...entries));
  const lines = await listPlainly(memory.system, STORE, {
    running: false,
    limit: undefined,
    showPlain: ({ id }) => `${id} from the bytes`,
    show: ({ id }) => `${id} parsed`,
  });
  return lines?.toSorted();
}

test("listPlainly parses nothing of a store that zag wrote", async () => {
  assert.deepEqual(
    await sortOut(makeEntry({ id: "a" }), makeEntry({ id: "b" })),
    ["a from the bytes", "b from the bytes"],
  );
});

test("listPlainly parses a store that has a list in a new field", async () => {
  assert.deepEqual(
    await sortOut(makeEntry({ id: "a" }), { ...makeEntry({ id: "b" }), x: [] }),
    ["a parsed", "b parsed"],
  );
});
