import assert from "node:assert/strict";
import { test } from "node:test";
import { scanLog } from "../../src/model/log_scan.ts";

const START = Date.UTC(2026, 10, 22, 10);

/** A line of a log, so many minutes after the start. */
function line(seq: number | undefined, type: string, minutes = 1): string {
  const ts = new Date(START + minutes * 60_000).toISOString();
  return `${JSON.stringify({ seq, ts, type })}\n`;
}

function scan(
  text: string | Uint8Array,
  startedAt: number | undefined = START,
) {
  const bytes = typeof text === "string"
    ? new TextEncoder().encode(text)
    : text;
  return scanLog(
    bytes.length,
    (start, end) => bytes.slice(start, end),
    startedAt,
  );
}

const SEQS: [name: string, text: string, next: bigint][] = [
  ["nothing", "", 1n],
  ["one line", line(0, "session_started"), 1n],
  ["a larger number before the last", line(7, "a") + line(2, "b"), 8n],
  ["lines without a number", "x\n{}\n" + line(undefined, "a"), 1n],
  ["a number behind other members", '{"a":{"seq":9},"seq":3}\n', 4n],
  ["a number beyond 2^53", '{"seq":9007199254740993}\n', 9007199254740994n],
  ["the last number of all", '{"seq":18446744073709551615}\n{"seq":1}\n', 2n],
  ["numbers that are none", '{"seq":-5}\n{"seq":1.5}\n{"seq":"9"}\n', 1n],
];

for (const [name, text, next] of SEQS) {
  test(`scanLog goes on after ${name}`, () => {
    assert.equal(scan(text).tail.nextSeq, next);
  });
}

test("scanLog sees a torn last line", () => {
  assert.equal(scan('{"seq":1}\n{"se').tail.torn, true);
  assert.equal(scan('{"seq":1}\n').tail.torn, false);
  assert.equal(scan("").tail.torn, false);
});

const started = line(1, "session_started", 0);
const result = line(2, "session_result");
const ended = line(3, "session_ended", 2);

const RECORDS: [name: string, text: string, recorded: string | undefined][] = [
  ["nothing", started, undefined],
  ["a result", started + result, "session_result"],
  ["an end", started + ended, "session_ended"],
  ["an end after a result", started + result + ended, "session_ended"],
  [
    "a result, and words after it",
    started + result + line(4, "assistant_message", 3),
    "session_result",
  ],
  [
    "an end that was resumed",
    started + ended + line(4, "session_started", 3),
    undefined,
  ],
  ["an end before the start", line(1, "session_ended", -5), undefined],
  ["an end without a date", '{"seq":1,"type":"session_ended"}\n', undefined],
  [
    "words about an end",
    '{"seq":1,"ts":"2026-11-22T11:00:00Z","type":"assistant_message","content":"\\"session_ended\\""}\n',
    undefined,
  ],
  ["an end that is no JSON", started + '{"type":"session_ended"\n', undefined],
];

for (const [name, text, recorded] of RECORDS) {
  test(`scanLog finds recorded: ${name}`, () => {
    assert.equal(scan(text).recorded, recorded);
  });
}

test("scanLog takes every end where the start is no date", () => {
  const { recorded } = scanLog(
    ended.length,
    (start, end) => new TextEncoder().encode(ended).slice(start, end),
    undefined,
  );
  assert.equal(recorded, "session_ended");
});

test("scanLog reads lines across its chunks, and bytes that are no UTF-8", () => {
  const long = JSON.stringify({ seq: 5, type: "a", content: "x".repeat(3e6) });
  const bytes = new TextEncoder().encode(`?\n${long}\n${result}`);
  bytes[0] = 0xff;
  const { tail, recorded } = scan(bytes);
  assert.deepEqual([tail.nextSeq, recorded], [6n, "session_result"]);
});
