import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeForRunner } from "../../src/model/runner_text.ts";
import { HOSTILE_TEXTS, obeysCommand } from "../support/clean_up.ts";

for (const [name, text] of HOSTILE_TEXTS) {
  test(`escapeForRunner leaves no command of ${name}`, () => {
    const before = text.split(/\r\n|\r|\n/);
    assert.ok(before.some(obeysCommand), "the row itself is no command");
    const escaped = escapeForRunner(text);
    assert.deepEqual(escaped.split("\n").filter(obeysCommand), []);
    assert.equal(escapeForRunner(escaped), escaped);
  });
}

const KEPT: [name: string, text: string][] = [
  ["a path of C++", "std::vector::size"],
  ["a colon", "Error: it failed"],
  ["a heading", "## [link] and # [1]"],
  ["an address", "http://[::1]:80/"],
];

for (const [name, text] of KEPT) {
  test(`escapeForRunner keeps ${name}`, () => {
    assert.equal(escapeForRunner(text), text);
  });
}

test("escapeForRunner shows what was there", () => {
  assert.equal(escapeForRunner("::error::x"), "\\x3a:error::x");
  assert.equal(escapeForRunner(" ::error::x"), " \\x3a:error::x");
  assert.equal(escapeForRunner("a ##[error]x"), "a #\\x23[error]x");
});
