/** Log lines that are too long to be looked into, with a small limit. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  endsWithResult,
  type RangeReader,
  readLinesBackward,
  readLogTail,
} from "../../src/model/log_event.ts";

/** The step in which a log is read from its end. */
const CHUNK = 64 * 1024;

const WINDOW = 1024 * 1024;
const LONG = `{"seq":9,"x":"${"x".repeat(2 * CHUNK)}"}`;

function makeLog(content: string): { size: number; read: RangeReader } {
  const bytes = new TextEncoder().encode(content);
  return {
    size: bytes.length,
    read: (start, end) => bytes.subarray(start, end),
  };
}

function splitLines(content: string, max: number): (string | undefined)[] {
  const { size, read } = makeLog(content);
  return [...readLinesBackward(size, read, max)]
    .map((line) => line && new TextDecoder().decode(line));
}

const SPLITS: [
  name: string,
  content: string,
  max: number,
  lines: (string | undefined)[],
][] = [
  ["as long as the limit", "a\nxxx\nb\n", 3, ["", "b", "xxx", "a"]],
  ["one byte longer", "a\nxxxx\nb\n", 3, ["", "b", undefined, "a"]],
  ["first in the log", "xxxx\nb\n", 3, ["", "b", undefined]],
  ["last in the log, torn", "b\nxxxx", 3, [undefined, "b"]],
  ["alone in the log", "xxxx", 3, [undefined]],
  ["twice in a row", "a\nxxxx\nyyyy\n", 3, ["", undefined, undefined, "a"]],
  ["of several chunks", `a\n${LONG}\nb`, CHUNK, ["b", undefined, "a"]],
];

for (const [name, content, max, lines] of SPLITS) {
  test(`readLinesBackward knows its limit for a line ${name}`, () => {
    assert.deepEqual(splitLines(content, max), lines);
  });
}

const TAILS: [name: string, content: string, seq: bigint, torn: boolean][] = [
  ["a line that is too long", `{"seq":4}\n${LONG}\n`, 5n, false],
  ["a torn line that is too long", `{"seq":4}\n${LONG}`, 5n, true],
  ["nothing but a line that is too long", `${LONG}\n`, 1n, false],
  ["a line after the long one", `${LONG}\n{"seq":4}\n`, 5n, false],
];

for (const [name, content, nextSeq, torn] of TAILS) {
  test(`readLogTail goes on after ${name}`, () => {
    const { size, read } = makeLog(content);
    assert.deepEqual(readLogTail(size, read, CHUNK), { nextSeq, torn });
  });
}

const RESULT = '{"seq":3,"type":"session_result","result":"r"}\n';

const REPEATS: [name: string, content: string, repeated: boolean][] = [
  ["this result before a long line", `${RESULT}${LONG}\n`, false],
  ["this result after a long line", `${LONG}\n${RESULT}`, true],
  ["a long line alone", `${LONG}\n`, false],
];

for (const [name, content, repeated] of REPEATS) {
  test(`endsWithResult tells whether a log ends with ${name}`, () => {
    const { size, read } = makeLog(content);
    assert.equal(endsWithResult(size, read, "r", WINDOW, CHUNK), repeated);
  });
}

test("readLogTail passes a line of more than half a gigabyte", () => {
  // One chunk stands for all of them: the log takes no memory.
  const filler = new Uint8Array(CHUNK).fill(0x78);
  const start = new TextEncoder().encode('{"seq":4}\n');
  const size = start.length + 600 * 1024 * 1024;
  const read: RangeReader = (from, to) => {
    if (from >= start.length) return filler.subarray(0, to - from);
    const bytes = new Uint8Array(to - from).fill(0x78);
    bytes.set(start.subarray(from));
    return bytes;
  };
  assert.deepEqual(readLogTail(size, read), { nextSeq: 5n, torn: true });
});
