import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import {
  hidesProcesses,
  isZombieState,
  parseBootTime,
  parseClockTicks,
  parseProcName,
  parseProcOwner,
  parseProcStat,
  pickMarkers,
} from "../../src/system/proc.ts";

const skip = process.platform === "linux" ? false : "there is no /proc";

/**
 * Recorded on Linux 6.18 x86-64: `/proc/<pid>/stat` of children that had given
 * themselves a name with prctl(2) PR_SET_NAME. All but the first fields and
 * the name are the same in each.
 */
const TAIL =
  "10895 10891 9242 0 -1 4194368 266 0 0 0 0 0 0 0 20 0 1 0 607260 18558976 " +
  "2800 18446744073709551615 94301528653824 94301528654165 140733825103920 0 " +
  "0 0 0 16781312 2 1 0 0 17 0 0 0 0 0 0 94301528665520 94301528666136 " +
  "94302490537984 140733825112267 140733825112315 140733825112315 " +
  "140733825114063 0\n";

const NAMES: [what: string, recorded: string][] = [
  ["brackets and spaces", `10936 (((sd-pam) x)) S ${TAIL}`],
  ["the look of other fields", `10937 () R 1 2 3) S ${TAIL}`],
  ["a line break", `10938 (a b\nc) S ${TAIL}`],
  ["an opening bracket", `10943 (() S ${TAIL}`],
  ["nothing", `10944 () S ${TAIL}`],
];

for (const [what, recorded] of NAMES) {
  test(`parseProcStat reads the fields behind a name of ${what}`, () => {
    assert.deepEqual(parseProcStat(recorded), {
      state: "S",
      ppid: 10895,
      startTicks: "607260",
      environmentStart: "140733825112315",
    });
  });
}

test("parseProcStat reads a zombie", () => {
  // Recorded as above: a child that had ended and was not waited for.
  const recorded =
    "10945 (python3) Z 10895 10891 9242 0 -1 4227148 233 0 0 0 0 0 0 0 20 0 1 " +
    "0 607311 0 0 18446744073709551615 0 0 0 0 0 0 0 16781312 2 1 0 0 17 0 0 0 " +
    "0 0 0 0 0 0 0 0 0 0 0\n";
  assert.deepEqual(parseProcStat(recorded), {
    state: "Z",
    ppid: 10895,
    startTicks: "607311",
    environmentStart: "0",
  });
});

test("parseProcStat reads a thread of the kernel", () => {
  // Recorded as above: /proc/2/stat.
  const recorded =
    "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 25 0 0 " +
    "18446744073709551615 0 0 0 0 0 0 0 2147483647 0 1 0 0 0 1 0 0 0 0 0 0 0 0 " +
    "0 0 0 0 0\n";
  const { environmentStart, startTicks } = parseProcStat(recorded) ?? {};
  assert.deepEqual([startTicks, environmentStart], ["25", "0"]);
});

test("parseProcStat reads the line of an old kernel, which ends earlier", () => {
  // Constructed after proc(5): fields 45 to 52 came with Linux 3.5.
  const recorded = `10936 (a) S ${TAIL.split(" ").slice(0, 41).join(" ")}\n`;
  assert.deepEqual(parseProcStat(recorded), {
    state: "S",
    ppid: 10895,
    startTicks: "607260",
    environmentStart: "0",
  });
});

test("parseProcStat keeps start ticks beyond 2^53 apart", () => {
  const read = (ticks: string) =>
    parseProcStat(`9 (a) R ${TAIL.replace("607260", ticks)}`)?.startTicks;
  assert.equal(read("9007199254740992"), "9007199254740992");
  assert.equal(read("9007199254740993"), "9007199254740993");
});

// All constructed.
const OTHER_TEXTS: [what: string, text: string][] = [
  ["nothing", ""],
  ["no closing bracket", "26724 (cat R 1 2 3"],
  ["no fields", "26724 (cat)"],
  ["too few fields", "26724 (cat) R 1"],
  ["no brackets", `26724 cat S ${TAIL}`],
  ["a state that is none", `26724 (cat) 5 ${TAIL}`],
  ["a parent that is no number", `26724 (cat) S x${TAIL}`],
  ["a start that is no number", `9 (a) S ${TAIL.replace("607260", "6e5")}`],
  ["a negative start", `9 (a) S ${TAIL.replace("607260", "-1")}`],
  ["two spaces", `9 (a)  S ${TAIL}`],
  ["a start that is missing", `9 (a) S ${TAIL.replace(" 607260", " ")}`],
];

for (const [what, text] of OTHER_TEXTS) {
  test(`parseProcStat does not read ${what}`, () => {
    assert.equal(parseProcStat(text), undefined);
  });
}

test("parseProcStat reads megabytes at once", () => {
  // Constructed: kernels cut names at 15 bytes and lines at a page.
  const huge = `9 (${") R ".repeat(500_000)}) S ${TAIL}${"0 ".repeat(500_000)}`;
  const started = performance.now();
  assert.equal(parseProcStat(huge)?.startTicks, "607260");
  assert.ok(performance.now() - started < 2_000);
});

test("parseProcStat reads this process", { skip }, () => {
  const stat = parseProcStat(readFileSync("/proc/self/stat", "utf8"));
  assert.equal(stat?.ppid, process.ppid);
  assert.match(stat?.state ?? "", /^[RS]$/);
  assert.notEqual(stat?.environmentStart, "0");
});

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

// Constructed after proc(5), save for the last one.
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
  ["no text inside a value", "B=A=1\0D= A=2\0\nA=3\0", {}],
  ["several names", "C=3\0A=1\0B=2\0", { A: "1", C: "3" }],
  // Recorded on Linux 6.18: `env -i B=1 A=x sleep 9`.
  ["a recorded environment", "B=1\0A=x\0", { A: "x" }],
];

for (const [name, environ, markers] of ENVIRONMENTS) {
  test(`pickMarkers takes ${name}`, () => {
    assert.deepEqual(pickMarkers(environ, ["A", "C"]), markers);
  });
}

test("parseProcOwner reads the real owner", () => {
  // Recorded on Linux 6 with `cat /proc/self/status`, shortened; the name and
  // the ids are constructed.
  const text =
    "Name:\tUid: 7\nState:\tR (running)\nTgid:\t26725\nPid:\t26725\n" +
    "Uid:\t1000\t0\t0\t0\nGid:\t5\t5\t5\t5\n";
  assert.equal(parseProcOwner(text), 1000);
  assert.equal(parseProcOwner(""), undefined);
  assert.equal(parseProcOwner("Uid:\tx\n"), undefined);
});

test("parseProcOwner reads this process", { skip }, () => {
  const status = readFileSync("/proc/self/status", "utf8");
  assert.equal(parseProcOwner(status), process.getuid?.());
});

const MOUNTS: [line: string, hides: boolean][] = [
  // Recorded on Linux 6.18, `mount -t proc -o ... proc /proc` in a namespace.
  ["proc /proc proc rw,relatime 0 0", false],
  ["proc /proc proc rw,relatime,hidepid=noaccess 0 0", true],
  ["proc /proc proc rw,relatime,hidepid=invisible 0 0", true],
  ["proc /proc proc rw,relatime,hidepid=ptraceable 0 0", true],
  // Constructed after proc(5): numbers were shown before Linux 5.8.
  ["proc /proc proc rw,relatime,gid=10,hidepid=2 0 0", true],
  ["proc /proc proc rw,hidepid=0 0 0", false],
  ["proc /proc proc rw,hidepid=off 0 0", false],
  ["proc /srv/proc proc rw,hidepid=2 0 0", false],
  ["tmpfs /proc tmpfs rw,hidepid=2 0 0", false],
  ["", false],
];

for (const [line, hides] of MOUNTS) {
  test(`hidesProcesses of "${line}" is ${hides}`, () => {
    const others = "sysfs /sys sysfs rw 0 0\n";
    assert.equal(hidesProcesses(`${others}${line}\n${others}`), hides);
  });
}

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

test("parseBootTime reads the boot time of /proc/stat", () => {
  // Recorded on Linux 6.18, shortened; the interrupts are constructed.
  const stat =
    "cpu  163886 0 41368 1000819 2817 0 443 193 0 0\nintr 5 btime 9\n" +
    "ctxt 1\nbtime 1795377960\nprocesses 9\n";
  assert.equal(parseBootTime(stat), 1_795_377_960_000);
  assert.equal(parseBootTime("cpu 1\n"), undefined);
  assert.equal(parseBootTime("btime x\n"), undefined);
});

const PROGRAM_NAMES: [recorded: string, name: string | undefined][] = [
  [`10936 (((sd-pam) x)) S ${TAIL}`, "((sd-pam) x)"],
  [`10937 (tmux: server) S ${TAIL}`, "tmux: server"],
  [`10944 () S ${TAIL}`, ""],
  ["nothing of the kind", undefined],
];

for (const [recorded, name] of PROGRAM_NAMES) {
  test(`parseProcName reads the name ${JSON.stringify(name)}`, () => {
    assert.equal(parseProcName(recorded), name);
  });
}
