import assert from "node:assert/strict";
import { test } from "node:test";
import { refuseSecondId } from "../../../src/commands/steps/refuse_second_id.ts";
import { createMemory } from "../../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  STORE,
} from "../../support/zag_files.ts";

const OTHER_ID = "abcd";

const IDS: [name: string, text: string, refused: boolean][] = [
  ["a full id", ID, true],
  ["a full id of few characters", OTHER_ID, true],
  ["8 characters of an id", ID.slice(0, 8), true],
  ["more characters of an id", ID.slice(0, 20), true],
  ["7 characters of an id", ID.slice(0, 7), false],
  ["a part of a short id", "abc", false],
  ["more than an id", `${ID}x`, false],
  ["the middle of an id", ID.slice(4, 20), false],
  ["other text", "everything is done", false],
  ["an empty text", "", false],
];

for (const [name, text, refused] of IDS) {
  test(`refuseSecondId ${refused ? "refuses" : "lets pass"} ${name}`, () => {
    const memory = createMemory();
    memory.put(STORE, formatStore(makeEntry(), makeEntry({ id: OTHER_ID })));
    const context = createContext(memory);
    if (!refused) return refuseSecondId(context, text);
    assert.throws(
      () => refuseSecondId(context, text),
      isError(
        "usage",
        new RegExp(
          `"${text}" is the id of another process: kill ends one process at a time\nCall kill once for each id, or write -- before`,
        ),
      ),
    );
  });
}
