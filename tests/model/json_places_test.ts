import assert from "node:assert/strict";
import { test } from "node:test";
import { PlaceScanner, skipComment } from "../../src/model/json_places.ts";

const COMMENTS: [text: string, end: number][] = [
  ["//", 2],
  ["// a\nb", 4],
  ["// a\r\nb", 4],
  ["/**/b", 4],
  ["/* a\n*/b", 7],
  ["/*/ */b", 6],
  ["/* a", 4],
];

for (const [text, end] of COMMENTS) {
  test(`skipComment finds the end of ${JSON.stringify(text)}`, () => {
    assert.equal(skipComment(`"${text}`, 1), end + 1);
  });
}

test("PlaceScanner enters the array that counts, behind its bracket", () => {
  const text = '// "x": [\n{"x": [0], "y": {"x": [1]}, "x" :/**/ [2]}';
  const scanner = new PlaceScanner(text);
  assert.equal(scanner.enterArray("x").end, text.length - 1);
  assert.equal(text.slice(scanner.position), "2]}");
});

for (const text of ['{"y": []}', '{"x": {}}', '{"x": [], "x": 1}', "{}"]) {
  test(`PlaceScanner enters no array of ${text}`, () => {
    assert.throws(() => new PlaceScanner(text).enterArray("x"), RangeError);
  });
}

const VALUES = [
  "null",
  "-1.5e3",
  '""',
  '"\\\\\\"]"',
  '{"a": [1, {"b": "}"}], /* ] */ "c": []}',
  "[[], // ]\n]",
  "[".repeat(100_000) + "]".repeat(100_000),
];

for (const value of VALUES) {
  test(`PlaceScanner passes ${JSON.stringify(value.slice(0, 50))}`, () => {
    const scanner = new PlaceScanner(`${value}, 1`);
    scanner.skipValue();
    assert.equal(scanner.position, value.length);
  });
}
