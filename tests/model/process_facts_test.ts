import assert from "node:assert/strict";
import { test } from "node:test";
import { isSignallablePid } from "../../src/model/process_facts.ts";

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
