import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration, parseDuration } from "../../src/model/duration.ts";
import { isError } from "../support/zag_files.ts";

const READ: [text: string, milliseconds: number][] = [
  ["90s", 90_000],
  ["15m", 900_000],
  ["2h", 7_200_000],
  ["1d", 86_400_000],
  ["1h30m", 5_400_000],
  ["1d2h3m4s5ms", 93_784_005],
  ["1d4s", 86_404_000],
  ["500ms", 500],
  ["1m500ms", 60_500],
  ["0s", 0],
  ["007s", 7000],
  ["100000000d", 8.64e15],
];

for (const [text, milliseconds] of READ) {
  test(`parseDuration reads ${text}`, () => {
    assert.equal(parseDuration(text), milliseconds);
  });
}

const REFUSED: [name: string, text: string, remedy: RegExp][] = [
  ["an empty text", "", /^Write whole numbers with the units d, h, m, s/],
  ["a number without a unit", "90", /^Write its unit, for example 90s /],
  ["a unit without a number", "h", /^Write whole numbers/],
  ["an unknown unit", "2w", /^Write whole numbers/],
  ["a unit in capitals", "2H", /^Write whole numbers/],
  ["a fraction", "1.5h", /^Write whole numbers/],
  ["a negative one", "-1h", /^Write whole numbers/],
  ["a sign", "+1h", /^Write whole numbers/],
  ["a space", "1h 30m", /^Write whole numbers/],
  ["a space before", " 1h", /^Write whole numbers/],
  ["a line break behind", "1h\n", /^Write whole numbers/],
  ["a unit twice", "1h1h", /^Write whole numbers/],
  ["units in another order", "30m1h", /^Write whole numbers/],
  ["a number at the end", "1h30", /^Write whole numbers/],
  ["other digits", "١h", /^Write whole numbers/],
  ["more than a double holds", "999999999d", /^Write a shorter one/],
  ["a thousand digits", `${"9".repeat(1000)}d`, /^Write a shorter one/],
];

for (const [name, text, remedy] of REFUSED) {
  test(`parseDuration refuses ${name} and says what to write`, () => {
    assert.throws(
      () => parseDuration(text),
      isError("usage", /^Cannot read the duration ".*"\n/),
    );
    assert.throws(() => parseDuration(text), (error: Error) => {
      const [first = "", second = ""] = error.message.split("\n");
      assert.ok(first.length < 100, first);
      assert.match(second, remedy);
      return true;
    });
  });
}

const FORMATTED: [milliseconds: number, text: string][] = [
  [0, "0s"],
  [-5000, "0s"],
  [0.9, "0s"],
  [1, "1ms"],
  [999.9, "999ms"],
  [1000, "1s"],
  [1500, "1s500ms"],
  [45_000, "45s"],
  [59_999, "59s999ms"],
  [90_000, "1m30s"],
  [60_500, "1m"],
  [7_200_000, "2h"],
  [7_205_000, "2h"],
  [5_400_000, "1h30m"],
  [3 * 86_400_000, "3d"],
  [3 * 86_400_000 + 4 * 3_600_000 + 59_000, "3d4h"],
  [47 * 86_400_000 + 1, "47d"],
];

for (const [milliseconds, text] of FORMATTED) {
  test(`formatDuration writes ${milliseconds} ms as ${text}`, () => {
    assert.equal(formatDuration(milliseconds), text);
    if (milliseconds < 0) return;
    const read = parseDuration(text);
    assert.ok(read <= milliseconds);
    assert.equal(formatDuration(read), text);
  });
}
