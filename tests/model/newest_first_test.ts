import assert from "node:assert/strict";
import { test } from "node:test";
import { sortNewestFirst } from "../../src/model/newest_first.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import { makeEntry } from "../support/zag_files.ts";

const ORDERS: [name: string, entries: Partial<ProcessEntry>[], ids: string][] =
  [
    ["the instant, not the text", [
      { id: "a", started_at: "2026-11-22T11:00:00+00:00" },
      { id: "b", started_at: "2026-11-22T11:30:00+02:00" },
      { id: "c", started_at: "2026-11-22T10:00:00-02:00" },
    ], "c a b"],
    ["the nanosecond", [
      { id: "a", started_at: "2026-11-22T11:00:00.123456788+00:00" },
      { id: "b", started_at: "2026-11-22T11:00:00.123456789+00:00" },
      { id: "c", started_at: "2026-11-22T11:00:00.123456+00:00" },
      { id: "d", started_at: "2026-11-22T11:00:00.123+00:00" },
      { id: "e", started_at: "2026-11-22T11:00:00+00:00" },
    ], "b a c d e"],
    ["nanoseconds across a second", [
      { id: "a", started_at: "2026-11-22T11:00:00.999999999Z" },
      { id: "b", started_at: "2026-11-22T11:00:01Z" },
    ], "b a"],
    ["the id, where an instant is written in several ways", [
      { id: "a", started_at: "2026-11-22T11:00:00Z" },
      { id: "c", started_at: "2026-11-22T11:00:00.000+00:00" },
      { id: "b", started_at: "2026-11-22T12:00:00+01:00" },
    ], "c b a"],
    ["the text, where all are written alike", [
      { id: "b", started_at: "2026-11-22T11:00:00.123456789+00:00" },
      { id: "a", started_at: "2026-11-22T11:00:00.123456788+00:00" },
      { id: "c", started_at: "2026-11-22T11:00:00.123456789+00:00" },
      { id: "d", started_at: "2026-09-30T23:59:59.999999999+00:00" },
      { id: "e", started_at: "0001-12-31T00:00:00.000000000+00:00" },
    ], "c b a d e"],
    ["the day, where there is none", [
      { id: "a", started_at: "2026-02-28T11:00:00+00:00" },
      { id: "b", started_at: "2026-02-29T11:00:00+00:00" },
      { id: "c", started_at: "2028-02-29T11:00:00+00:00" },
      { id: "d", started_at: "2026-04-31T11:00:00+00:00" },
      { id: "e", started_at: "2026-12-31T23:59:60+00:00" },
      { id: "f", started_at: "2026-12-31T24:00:00+00:00" },
      { id: "g", started_at: "2026-13-01T11:00:00+00:00" },
    ], "c e a g f d b"],
    ["readable dates first", [
      { id: "z", started_at: "soon" },
      { id: "a", started_at: "1970-01-01T00:00:00Z" },
      { id: "y", started_at: "" },
      { id: "b", started_at: "0001-01-01T00:00:00Z" },
      { id: "x", started_at: "2026-02-30T00:00:00Z" },
    ], "a b z y x"],
    [
      "the bytes of the id",
      ["a", "B", "ab", "aB", "\ufffd", "\u{10000}", "é", "", "\ue000"]
        .map((id) => ({ id })),
      "\u{10000} \ufffd \ue000 é ab aB a B ",
    ],
    [
      "the bytes behind a common surrogate",
      ["😀", "😁", "😀a", "\ud83c\udf00"].map((id) => ({ id })),
      "😁 😀a 😀 🌀",
    ],
  ];

for (const [name, entries, ids] of ORDERS) {
  test(`sortNewestFirst goes by ${name}`, () => {
    const sorted = sortNewestFirst(entries.map(makeEntry));
    assert.equal(sorted.map(({ id }) => id).join(" "), ids);
    const reversed = sortNewestFirst(entries.map(makeEntry).reverse());
    assert.equal(reversed.map(({ id }) => id).join(" "), ids);
  });
}

test("sortNewestFirst sorts ids as their UTF-8 bytes", () => {
  const ids = ["a", "\x7f", "\x80", "\u07ff", "\u0800", "\ud7ff", "\ue000"];
  ids.push("\uffff", "\u{10000}", "\u{10ffff}", "a\u{10000}", "a\uffff");
  const bytes = (id: string) =>
    Array.from(new TextEncoder().encode(id), (b) => String.fromCharCode(b))
      .join("");
  const expected = [...ids].sort((a, b) => bytes(a) < bytes(b) ? 1 : -1);
  const sorted = sortNewestFirst(ids.map((id) => makeEntry({ id })));
  assert.deepEqual(sorted.map(({ id }) => id), expected);
});

test("sortNewestFirst keeps the file's order of equal entries", () => {
  const entries = [1, 2, 3].map((pid) => makeEntry({ pid }));
  assert.deepEqual(sortNewestFirst(entries), entries);
});

test("sortNewestFirst gives dates that are written alike the order of instants", () => {
  const fractions = ["", ".0", ".1", ".10", ".09", ".100000", ".000000"];
  fractions.push(".900000000", ".999999999");
  const dates = ["0", "1", "9"].flatMap((digit) =>
    fractions.flatMap((fraction) =>
      ["Z", "+00:00"].map((zone) =>
        `202${digit}-11-1${digit}T1${digit}:0${digit}:0${digit}${fraction}${zone}`
      )
    )
  );
  for (const first of dates) {
    for (const second of dates) {
      const entries = [first, second].map((started_at, i) => ({
        id: String(i),
        started_at,
      }));
      // A date in another zone has all of them parsed.
      const other = { id: "x", started_at: "2001-01-01T00:00:00+01:00" };
      assert.deepEqual(
        [...sortNewestFirst(entries), other],
        sortNewestFirst([...entries, other]),
        `${first} ${second}`,
      );
    }
  }
});

test("sortNewestFirst takes no text for a date that has one in it", () => {
  for (const [before, after] of [["x", ""], ["", "x"], ["", "\n"]]) {
    const entries = ["2026", "2025"].map((year, i) => ({
      id: String(i),
      started_at: `${before}${year}-11-22T11:59:00Z${after}`,
    }));
    assert.deepEqual(sortNewestFirst(entries), entries.toReversed());
  }
});
