import assert from "node:assert/strict";
import { test } from "node:test";
import { countCharacters, findEnd } from "../../src/model/text_position.ts";

const TEXTS = [
  "",
  "a",
  "abc",
  "\n",
  "\n\n",
  "a\nbc",
  "a\nbc\n",
  "\r\nx",
  "é",
  "e\u0301",
  "🙂",
  "🙂🙂\n🙂a🙂",
  "\ud83d",
  "\ude42",
  "\ude42\ud83d",
  "\ud83d\ud83d\ude42\ude42",
  "x\udc00\n\ud800y",
];

for (const text of TEXTS) {
  test(`findEnd agrees with a split of ${JSON.stringify(text)}`, () => {
    const lines = text.split("\n");
    assert.deepEqual(findEnd(text), {
      line: lines.length,
      characters: [...lines.at(-1) ?? ""].length,
    });
    assert.equal(countCharacters(text), [...text].length);
  });
}

test("countCharacters begins where it is told", () => {
  assert.equal(countCharacters("a🙂b", 1), 2);
  // Half of a pair is a character of its own.
  assert.equal(countCharacters("a🙂b", 2), 2);
  assert.equal(countCharacters("ab", 2), 0);
});

test("findEnd takes a line of 200 million characters", () => {
  // Split into an array of its characters it would end the process.
  assert.deepEqual(findEnd(`\n${"x".repeat(2e8)}`), {
    line: 2,
    characters: 2e8,
  });
});
