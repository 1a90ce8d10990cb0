import assert from "node:assert/strict";
import { test } from "node:test";
import { isProgramFromStdin } from "../../src/system/stdin_program.ts";

const ROWS: [string | undefined, boolean][] = [
  ["-", true],
  ["/home/me/$deno$stdin.mts", true],
  ["C:\\Users\\me\\$deno$stdin.ts", true],
  [undefined, false],
  ["", false],
  ["/home/me/-", false],
  ["/home/me/zag-ps.js", false],
  ["/home/$deno$stdin.mts/zag-ps.js", false],
];

for (const [script, expected] of ROWS) {
  test(`isProgramFromStdin tells of ${script}: ${expected}`, () => {
    assert.equal(isProgramFromStdin(script), expected);
  });
}

test("isProgramFromStdin tells that these tests are in a file", () => {
  assert.equal(isProgramFromStdin(), false);
});
