import assert from "node:assert/strict";
import { test } from "node:test";
import {
  readStore,
  readZagFile,
} from "../../../src/commands/steps/read_store.ts";
import { createMemory, systemError } from "../../support/memory_system.ts";
import {
  createContext,
  formatStore,
  isError,
  makeEntry,
  STORE,
} from "../../support/zag_files.ts";

test("readZagFile keeps the text, a byte order mark included", () => {
  const memory = createMemory();
  memory.put("/f", "\ufeff{}\r\n");
  assert.equal(readZagFile(memory.system, "/f"), "\ufeff{}\r\n");
  assert.equal(readZagFile(memory.system, "/none"), undefined);
});

for (const code of ["EACCES", "EIO", "EISDIR"]) {
  test(`readZagFile fails where reading ends in ${code}`, () => {
    const memory = createMemory();
    memory.onCall = () => {
      throw systemError(code);
    };
    assert.throws(
      () => readZagFile(memory.system, "/f\n"),
      isError(
        "store",
        new RegExp(`^Failed to read "/f\\\\n": .*\\(${code}\\)$`),
      ),
    );
  });
}

test("readStore warns of each bad entry and gives the others", () => {
  const memory = createMemory();
  memory.put(STORE, formatStore({ id: "a" }, makeEntry(), "\n"));
  const context = createContext(memory);
  const store = readStore(context);
  assert.deepEqual(store.entries, [{ index: 1, entry: makeEntry() }]);
  assert.deepEqual(context.warnings, [
    `Entry 0 of "${STORE}" is left out, it cannot be read: pid: Invalid key: Expected "pid" but received undefined`,
    `Entry 2 of "${STORE}" is left out, it cannot be read: Invalid type: Expected Object but received "\\n"`,
  ]);
});

test("readStore takes a missing store for an empty one", () => {
  const context = createContext(createMemory());
  assert.deepEqual(readStore(context), { entries: [], bad: [] });
});
