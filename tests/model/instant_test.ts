import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatIfDate,
  formatInstant,
  parseInstant,
  parseMilliseconds,
} from "../../src/model/instant.ts";

const NOON = Date.UTC(2026, 10, 22, 12) / 1000;

const READ: [text: string, seconds: number, nanos: number][] = [
  ["2026-11-22T12:00:00+00:00", NOON, 0],
  ["2026-11-22T12:00:00.123+00:00", NOON, 123_000_000],
  ["2026-11-22T12:00:00.123456+00:00", NOON, 123_456_000],
  ["2026-11-22T12:00:00.123456789+00:00", NOON, 123_456_789],
  ["2026-11-22T12:00:00.000000001Z", NOON, 1],
  ["2026-11-22T12:00:00.9999999999Z", NOON, 999_999_999],
  ["2026-11-22T14:30:00+02:30", NOON, 0],
  ["2026-11-22T04:00:00-08:00", NOON, 0],
  ["2026-11-21T23:30:00-12:30", NOON, 0],
  ["2026-11-22t12:00:00z", NOON, 0],
  ["2026-11-22 12:00:00Z", NOON, 0],
  ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29) / 1000, 0],
  ["2000-02-29T00:00:00Z", Date.UTC(2000, 1, 29) / 1000, 0],
  ["2016-12-31T23:59:60Z", Date.UTC(2017, 0, 1) / 1000, 0],
  ["1969-12-31T23:59:59.5Z", -1, 500_000_000],
  ["0001-01-01T00:00:00Z", -62_135_596_800, 0],
];

for (const [text, seconds, nanos] of READ) {
  test(`parseInstant reads ${text}`, () => {
    assert.deepEqual(parseInstant(text), { seconds, nanos });
  });
}

const NONE = [
  "",
  "yesterday",
  "2026-11-22",
  "2026-11-22T12:00:00",
  "2026-11-22T12:00Z",
  "2026-11-22T12:00:00.Z",
  "2026-11-22T24:00:00Z",
  "2026-11-22T12:60:00Z",
  "2026-11-22T12:00:61Z",
  "2026-11-22T12:00:00+24:00",
  "2026-11-22T12:00:00+00:60",
  "2026-11-22T12:00:00+0000",
  "2026-13-01T00:00:00Z",
  "2026-00-01T00:00:00Z",
  "2026-02-29T00:00:00Z",
  "1900-02-29T00:00:00Z",
  "2100-02-29T00:00:00Z",
  "2024-02-30T00:00:00Z",
  "2026-04-31T00:00:00Z",
  "2026-11-00T00:00:00Z",
  " 2026-11-22T12:00:00Z",
  "2026-11-22T12:00:00Z\n",
  "+002026-11-22T12:00:00Z",
  "1795348800",
];

for (const text of NONE) {
  test(`parseInstant does not read ${JSON.stringify(text)}`, () => {
    assert.equal(parseInstant(text), undefined);
    assert.equal(parseMilliseconds(text), undefined);
  });
}

test("parseInstant reads every day of 800 years", () => {
  const day = 86_400_000;
  const end = Date.UTC(2400, 0, 1);
  for (let time = Date.UTC(1600, 0, 1); time < end; time += day) {
    const text = new Date(time).toISOString();
    assert.equal(parseInstant(text)?.seconds, time / 1000, text);
  }
});

test("parseMilliseconds keeps fractions of a millisecond", () => {
  assert.equal(parseMilliseconds("1970-01-01T00:00:01.5005Z"), 1500.5);
});

const WRITTEN: [milliseconds: number, text: string][] = [
  [0, "1970-01-01T00:00:00.000+00:00"],
  [NOON * 1000 + 7, "2026-11-22T12:00:00.007+00:00"],
  [NOON * 1000 + 999, "2026-11-22T12:00:00.999+00:00"],
];

for (const [milliseconds, text] of WRITTEN) {
  test(`formatInstant writes ${text}`, () => {
    assert.equal(formatInstant(milliseconds), text);
    assert.equal(parseMilliseconds(text), milliseconds);
  });
}

const TOLD: [milliseconds: number | undefined, text: string | undefined][] = [
  [0, "1970-01-01T00:00:00.000+00:00"],
  [8.64e15, "+275760-09-13T00:00:00.000+00:00"],
  [8.64e15 + 1, undefined],
  [-8.64e15 - 1, undefined],
  [NaN, undefined],
  [-Infinity, undefined],
  [undefined, undefined],
];

for (const [milliseconds, text] of TOLD) {
  test(`formatIfDate writes ${milliseconds} as ${text}`, () => {
    assert.equal(formatIfDate(milliseconds), text);
  });
}
