import assert from "node:assert/strict";
import { test } from "node:test";
import {
  canonicalJson,
  compareKeys,
  cutText,
  MAX_SHOWN_LENGTH,
  showJson,
} from "../../src/model/canonical_json.ts";
import { parseStrictJson } from "../../src/model/strict_json.ts";

test("compareKeys orders by code points", () => {
  const keys = ["é", "b", "\u{1f600}", "a", "\uffee", "", "ab", "10", "9"];
  assert.deepEqual(
    keys.sort(compareKeys),
    ["", "10", "9", "a", "ab", "b", "é", "\uffee", "\u{1f600}"],
  );
});

const EQUAL: [left: string, right: string][] = [
  ['{"a":1,"b":[2,{"d":3,"c":4}]}', '{"b":[2.0,{"c":4,"d":3e0}],"a":1}'],
  ["-0", "0"],
  ['"\\u0061"', '"a"'],
  ['{"__proto__":1,"valueOf":2}', '{"valueOf":2,"__proto__":1}'],
];

for (const [left, right] of EQUAL) {
  test(`canonicalJson is the same for ${left} and ${right}`, () => {
    assert.equal(
      canonicalJson(JSON.parse(left)),
      canonicalJson(JSON.parse(right)),
    );
  });
}

const DIFFERENT: [left: string, right: string][] = [
  ["1", '"1"'],
  ["null", '"null"'],
  ["false", "0"],
  ["[]", "{}"],
  ["[1,2]", "[2,1]"],
  ['{"a":1}', '{"a":1,"b":1}'],
  ['{"__proto__":1}', "{}"],
  ['{"constructor":1}', "{}"],
  ['["a,b"]', '["a","b"]'],
];

for (const [left, right] of DIFFERENT) {
  test(`canonicalJson differs for ${left} and ${right}`, () => {
    assert.notEqual(
      canonicalJson(JSON.parse(left)),
      canonicalJson(JSON.parse(right)),
    );
  });
}

const SHOWN: [text: string, shown: string][] = [
  ["{}", "{}"],
  ["[]", "[]"],
  ['{ "b": [1, {}], "a": null }', '{"a":null,"b":[1,{}]}'],
  ['{"k": [1.0, {"n": 1e2}, 3]}', '{"k":[1.0,{"n":100.0},3]}'],
  ['"a\\u0001\\u007f\\n\\"\\\\\\/é😀"', '"a\\u0001\u007f\\n\\"\\\\/é😀"'],
];

for (const [text, shown] of SHOWN) {
  test(`showJson prints ${text} as zag does`, () => {
    const parsed = parseStrictJson(text);
    if (!parsed.ok) assert.fail(parsed.why);
    assert.equal(showJson(parsed.value, parsed.numbers), shown);
  });
}

test("showJson keeps a value of the longest length shown", () => {
  const text = "a".repeat(MAX_SHOWN_LENGTH - 2);
  assert.equal(showJson(text), `"${text}"`);
});

const LONG: [name: string, value: unknown][] = [
  ["string", "a".repeat(10_000_000)],
  ["array", Array.from({ length: 1_000_000 }, () => 1)],
  [
    "object",
    Object.fromEntries(Array.from({ length: 9999 }, (_, i) => [i, i])),
  ],
  ["nested value", [["b".repeat(5000)]]],
];

for (const [name, value] of LONG) {
  test(`showJson cuts a long ${name}`, () => {
    const shown = showJson(value);
    assert.ok(shown.endsWith("... (cut)"), shown.slice(-20));
    assert.ok(shown.length <= MAX_SHOWN_LENGTH + 9, String(shown.length));
    const whole = canonicalJson(value);
    assert.ok(whole.startsWith(shown.slice(0, 100)));
  });
}

test("cutText never cuts inside a character", () => {
  const text = "a" + "\u{1f600}".repeat(MAX_SHOWN_LENGTH);
  assert.doesNotMatch(cutText(text), /\p{Surrogate}/u);
  assert.equal(cutText("short"), "short");
});
