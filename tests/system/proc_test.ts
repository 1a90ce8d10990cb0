import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isZombieState,
  parseBootTime,
  parseClockTicks,
  parseProcStat,
  parseProcStatus,
  pickMarkers,
} from "../../src/system/proc.ts";

/** Recorded on Linux 6 with `cat /proc/self/stat`, name and state taken out. */
function makeStat(name: string, state: string): string {
  return `26724 (${name}) ${state} 26717 26717 23410 0 -1 4194304 102 0 0 0 0 0 0 0 20 0 1 0 562517 ` +
    "3133440 379 18446744073709551615 94138632482816 94138632502697 140723373792544 0 0 0 0 0 0 0 0 0 " +
    "17 1 0 0 0 0 0 94138632518704 94138632520320 94139526483968 140723373800120 140723373800140 " +
    "140723373800140 140723373801451 0\n";
}

// Names that a program can give itself (prctl(2), 15 bytes).
for (
  const name of ["cat", "a b", "(sd-pam)", ") Z 1 2", "a) R (b", "", "é\n"]
) {
  test(`parseProcStat reads the fields behind the name "${name.trim()}"`, () => {
    assert.deepEqual(parseProcStat(makeStat(name, "S")), {
      state: "S",
      ppid: 26717,
      startTicks: "562517",
    });
  });
}

test("parseProcStat keeps start ticks beyond 2^53 apart", () => {
  const stat = (ticks: string) =>
    parseProcStat(makeStat("a", "R").replace("562517", ticks))?.startTicks;
  assert.equal(stat("9007199254740992"), "9007199254740992");
  assert.notEqual(stat("9007199254740993"), stat("9007199254740992"));
});

for (const text of ["", "26724 (cat", "26724 (cat) R 1", "cat R 1 2 3"]) {
  test(`parseProcStat does not read "${text}"`, () => {
    assert.equal(parseProcStat(text), undefined);
  });
}

const STATES: [state: string, zombie: boolean][] = [
  ["Z", true],
  ["Z+", true],
  ["Zs", true],
  ["X", true],
  ["R", false],
  ["S", false],
  ["Ss+", false],
  ["D", false],
  ["T", false],
  ["t", false],
  ["I<", false],
  ["SZ", false],
  ["", false],
];

for (const [state, zombie] of STATES) {
  test(`isZombieState of "${state}" is ${zombie}`, () => {
    assert.equal(isZombieState(state), zombie);
  });
}

const ENVIRONMENTS: [
  name: string,
  environ: string,
  markers: Record<string, string>,
][] = [
  ["nothing", "", {}],
  ["a variable at the start", "A=1\0B=2\0", { A: "1" }],
  ["a variable at the end", "B=2\0A=1\0", { A: "1" }],
  ["a variable without an end", "B=2\0A=1", { A: "1" }],
  ["an empty value", "A=\0B=2\0", { A: "" }],
  ["a value with = and line breaks", "B=\0A=x=y\nA=z\0", { A: "x=y\nA=z" }],
  ["the first of several", "A=1\0A=2\0", { A: "1" }],
  ["the first of several, not at the start", "B=0\0A=1\0A=2\0", { A: "1" }],
  ["no part of another name", "XA=1\0AX=2\0A", {}],
  ["no text inside a value", "B=A=1\0D= A=2\0", {}],
  ["several names", "C=3\0A=1\0B=2\0", { A: "1", C: "3" }],
];

for (const [name, environ, markers] of ENVIRONMENTS) {
  test(`pickMarkers takes ${name}`, () => {
    assert.deepEqual(pickMarkers(environ, ["A", "C"]), markers);
  });
}

test("parseProcStatus reads the owner and the thread group", () => {
  // Recorded on Linux 6 with `cat /proc/self/status`, shortened.
  const text =
    "Name:\tUid: 7\nState:\tR (running)\nTgid:\t26725\nPid:\t26725\n" +
    "Uid:\t1000\t0\t0\t0\nGid:\t5\t5\t5\t5\n";
  assert.deepEqual(parseProcStatus(text), { uid: 1000, threadGroup: 26725 });
});

test("parseProcStatus leaves out what is not there", () => {
  assert.deepEqual(parseProcStatus(""), {
    uid: undefined,
    threadGroup: undefined,
  });
});

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

// Recorded on x86-64 Linux 6 with `od -tx8 /proc/self/auxv`, shortened.
const VECTOR = [51, 0x2eb0, 16, 0x1f8bfbff, 6, 4096, 17, 100, 0, 0];

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
});

test("parseBootTime reads the boot time of /proc/stat", () => {
  const stat =
    "cpu  1 2 3\nintr 5 btime 9\nctxt 1\nbtime 1795377960\nprocesses 9\n";
  assert.equal(parseBootTime(stat), 1_795_377_960_000);
  assert.equal(parseBootTime("cpu 1\n"), undefined);
});
