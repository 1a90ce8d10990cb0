import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isSameStart,
  isSignallablePid,
} from "../../src/model/process_facts.ts";

const PIDS: [pid: number, signallable: boolean][] = [
  [2, true],
  [3, true],
  [4_194_304, true],
  [2 ** 31 - 1, true],
  [2 ** 31, false],
  [2 ** 32 - 1, false],
  [2 ** 32, false],
  [2 ** 32 + 2, false],
  [2 ** 53, false],
  [1, false],
  [0, false],
  [-0, false],
  [-1, false],
  [-2, false],
  [1.5, false],
  [2.5, false],
  [NaN, false],
  [Infinity, false],
];

for (const [pid, signallable] of PIDS) {
  const name = Object.is(pid, -0) ? "-0" : pid;
  test(`isSignallablePid of ${name} is ${signallable}`, () => {
    assert.equal(isSignallablePid(pid), signallable);
  });
}

const STARTS: [
  a: string | undefined,
  b: string | undefined,
  same: boolean | undefined,
][] = [
  ["proc:607260", "proc:607260", true],
  ["proc:607260", "proc:607261", false],
  // Ticks are compared as they are written: no number holds them all.
  ["proc:9007199254740992", "proc:9007199254740993", false],
  [
    "cim:2026-11-22T11:59:00.7728125Z",
    "cim:2026-11-22T11:59:00.7728125Z",
    true,
  ],
  [
    "cim:2026-11-22T11:59:00.7728125Z",
    "cim:2026-11-22T11:59:00.7728126Z",
    false,
  ],
  // ps is off by a second now and then, not by two.
  ["ps:1795348740", "ps:1795348740", true],
  ["ps:1795348740", "ps:1795348741", true],
  ["ps:1795348741", "ps:1795348740", true],
  ["ps:1795348740", "ps:1795348742", false],
  ["ps:1795348742", "ps:1795348740", false],
  // Not told, or told by different sources: nobody knows.
  [undefined, "proc:607260", undefined],
  ["proc:607260", undefined, undefined],
  [undefined, undefined, undefined],
  ["", "", undefined],
  ["", "proc:1", undefined],
  ["proc:607260", "ps:607260", undefined],
  ["ps:1795348740", "cim:1795348740", undefined],
  ["607260", "607260", undefined],
  [":607260", ":607260", undefined],
  ["ps:", "ps:x", undefined],
  ["ps:x", "ps:1795348740", undefined],
];

for (const [a, b, same] of STARTS) {
  test(`isSameStart of "${a}" and "${b}" is ${same}`, () => {
    assert.equal(isSameStart(a, b), same);
  });
}
