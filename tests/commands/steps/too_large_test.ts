/** Files that are larger than any text can be, with a small limit. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readResult } from "../../../src/commands/steps/read_result.ts";
import { readZagFile } from "../../../src/commands/steps/read_store.ts";
import { decodeUtf8 } from "../../../src/model/decode.ts";
import { createMemory } from "../../support/memory_system.ts";
import { isError } from "../../support/zag_files.ts";

const TEXT = "größe";
const BYTES = new TextEncoder().encode(TEXT);

test("decodeUtf8 takes as many bytes as it may, and no more", () => {
  assert.equal(decodeUtf8(BYTES, "/z/x.json", BYTES.length), TEXT);
  assert.throws(
    () => decodeUtf8(BYTES, "/z/x.json", BYTES.length - 1),
    isError(
      "store",
      /^Cannot read "\/z\/x\.json": it has 7 bytes, and 6 are the most that can be read\nMove it away; zag-ps leaves it as it is$/,
    ),
  );
});

for (const source of [{ file: "/tmp/result" }, { stdin: true }] as const) {
  const name = Object.keys(source).join();
  test(`readResult takes as many bytes of ${name} as it may, and no more`, () => {
    const memory = createMemory();
    memory.put("/tmp/result", TEXT);
    memory.stdin = BYTES;
    assert.equal(readResult(memory.system, source, BYTES.length), TEXT);
    assert.throws(
      () => readResult(memory.system, source, BYTES.length - 1),
      isError(
        "input",
        /^Failed to read result file: .*: it has 7 bytes, and 6 are the most that can be read$/,
      ),
    );
  });
}

test("readZagFile does not even read a file that is too large", () => {
  const { system } = createMemory();
  const status = {
    kind: "file",
    size: 2 ** 29,
    mode: 0o600,
    uid: 0,
    gid: 0,
    modifiedAt: 0,
    version: "",
  } as const;
  assert.throws(
    () => readZagFile({ ...system, status: () => status }, "/z/x.json"),
    isError("store", /^Cannot read "\/z\/x\.json": it has 536870912 bytes/),
  );
});
