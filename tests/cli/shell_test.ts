import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { quoteForShell } from "../../src/cli/shell.ts";

test("quoteForShell leaves a plain word as it is", () => {
  for (const word of ["self", "a-b_c.1", "/a/b:c", "a=b", "50%", "é"]) {
    const plain = word !== "é";
    assert.equal(quoteForShell(word), plain ? word : `'${word}'`);
  }
});

test("quoteForShell gives a shell the word back", {
  skip: process.platform === "win32" ? "there is no sh" : false,
}, () => {
  const words = ["", " ", "it's", '"$HOME" `id`', "a\nb", "*", "~", "\\", "!x"];
  const line = words.map(quoteForShell).join(" ");
  const output = execFileSync("sh", ["-c", `printf '%s\\0' ${line}`]);
  assert.deepEqual(output.toString().split("\0").slice(0, -1), words);
});
