import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes } from "../../src/model/byte_size.ts";

const ROWS: [bytes: number, text: string][] = [
  [0, "0 B"],
  [1, "1 B"],
  [1000, "1,000 B"],
  [1024, "1 kiB"],
  [10_189, "10 kiB"],
  [412 * 2 ** 20, "412 MiB"],
  [7.7 * 2 ** 30, "8 GiB"],
  [NaN, "?"],
  [Infinity, "?"],
];

for (const [bytes, text] of ROWS) {
  test(`formatBytes writes ${bytes} as ${text}`, () => {
    assert.equal(formatBytes(bytes), text);
  });
}
