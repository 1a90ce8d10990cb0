import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { decodeBytes } from "../../src/model/decode_bytes.ts";

test("decodeBytes decodes texts of any length, one after the other", () => {
  for (const length of [600, 0, 1, 511, 512, 513, 5000, 2]) {
    for (const character of ["a", "é", "日", "🙂", "\ufeff"]) {
      const text = character.repeat(length);
      const bytes = Buffer.from(text).toString("latin1");
      assert.equal(decodeBytes(bytes), text);
    }
  }
});
