import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { parseClockTicks } from "../../src/system/auxv.ts";

const skip = process.platform === "linux" ? false : "there is no /proc";

/** The pairs of an auxiliary vector as 64-bit numbers. */
function makeVector(littleEndian: boolean, ...numbers: number[]): Uint8Array {
  // Begins in the middle of its buffer, as a file's content may.
  const bytes = new Uint8Array(numbers.length * 8 + 8).subarray(8);
  const view = new DataView(bytes.buffer, 8);
  numbers.forEach((number, i) => {
    view.setBigUint64(i * 8, BigInt(number), littleEndian);
  });
  return bytes;
}

// Recorded on Linux 6.18 x86-64 with `od -tu8 /proc/self/auxv`, shortened; the
// big-endian one is the same, turned round.
const VECTOR = [51, 11952, 16, 529267711, 6, 4096, 17, 100, 4, 56, 0, 0];

for (const littleEndian of [true, false]) {
  test(`parseClockTicks reads a vector, little-endian ${littleEndian}`, () => {
    assert.equal(parseClockTicks(makeVector(littleEndian, ...VECTOR)), 100);
    const other = VECTOR.map((number) => number === 100 ? 1024 : number);
    assert.equal(parseClockTicks(makeVector(littleEndian, ...other)), 1024);
  });
}

test("parseClockTicks finds nothing where there is nothing", () => {
  assert.equal(parseClockTicks(new Uint8Array()), undefined);
  assert.equal(parseClockTicks(new Uint8Array(15)), undefined);
  // A value is not a key.
  assert.equal(parseClockTicks(makeVector(true, 6, 17, 100, 0)), undefined);
  assert.equal(parseClockTicks(makeVector(true, 17, 0)), undefined);
  assert.equal(parseClockTicks(makeVector(true, 17, 2 ** 40)), undefined);
});

test("parseClockTicks agrees with getconf CLK_TCK", { skip }, () => {
  const told = execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" });
  const read = parseClockTicks(readFileSync("/proc/self/auxv"));
  assert.equal(read, Number(told));
});
