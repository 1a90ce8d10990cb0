import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import {
  hidesProcesses,
  isZombieState,
  parseArguments,
  parseBootTime,
  parseCgroup,
  parseProcMemory,
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
const FIELDS = {
  state: "S",
  ppid: 10895,
  pgid: 10891,
  sid: 9242,
  terminalNumber: 0,
  isKernelThread: false,
  cpuTicks: 0,
  startTicks: "607260",
  environmentStart: "140733825112315",
};
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
    assert.deepEqual(parseProcStat(recorded), FIELDS);
  });
}

test("parseProcStat reads a zombie", () => {
  // Recorded as above: a child that had ended and was not waited for.
  const recorded =
    "10945 (python3) Z 10895 10891 9242 0 -1 4227148 233 0 0 0 0 0 0 0 20 0 1 " +
    "0 607311 0 0 18446744073709551615 0 0 0 0 0 0 0 16781312 2 1 0 0 17 0 0 0 " +
    "0 0 0 0 0 0 0 0 0 0 0\n";
  assert.deepEqual(parseProcStat(recorded), {
    ...FIELDS,
    state: "Z",
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
  const { environmentStart, startTicks, isKernelThread, sid } =
    parseProcStat(recorded) ?? {};
  assert.deepEqual([startTicks, environmentStart], ["25", "0"]);
  assert.deepEqual([isKernelThread, sid], [true, 0]);
});

test("parseProcStat reads the line of an old kernel, which ends earlier", () => {
  // Constructed after proc(5): fields 45 to 52 came with Linux 3.5.
  const recorded = `10936 (a) S ${TAIL.split(" ").slice(0, 41).join(" ")}\n`;
  assert.deepEqual(parseProcStat(recorded), {
    ...FIELDS,
    environmentStart: "0",
  });
});

test("parseProcStat reads what a process of a terminal used", () => {
  // Recorded on Linux 6.18 x86-64: a python3 in a loop, which leads a session
  // on /dev/pts/0.
  const recorded =
    "5335 (python3) S 5230 5335 5335 34816 5335 4194304 2259 0 0 0 39 10 0 0 " +
    "20 0 1 0 2369563 16973824 3356 18446744073709551615 94551204433920 " +
    "94551204434261 140732787583696 0 0 0 0 16781312 2 1 0 0 17 1 0 0 0 0 0 " +
    "94551204445616 94551204446232 94551380254720 140732787591312 " +
    "140732787591415 140732787591415 140732787593167 0\n";
  assert.deepEqual(parseProcStat(recorded), {
    state: "S",
    ppid: 5230,
    pgid: 5335,
    sid: 5335,
    terminalNumber: 34816,
    isKernelThread: false,
    cpuTicks: 49,
    startTicks: "2369563",
    environmentStart: "140732787591415",
  });
});

test("parseProcStat reads a terminal number that reaches into the sign", () => {
  // Constructed: the number of /dev/pts/900000.
  const line = `9 (a) S ${TAIL.replace("9242 0 -1", "9242 -613906400 -1")}`;
  assert.equal(parseProcStat(line)?.terminalNumber, 2 ** 32 - 613_906_400);
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
  ["a group that is no number", `9 (a) S ${TAIL.replace("10891", "x")}`],
  ["a terminal that is no number", `9 (a) S ${TAIL.replace("0 -1", "x -1")}`],
  [
    "a time that is no number",
    `9 (a) S ${TAIL.replace("266 0 0 0 0", "266 0 0 0 x")}`,
  ],
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

// Constructed after proc(5), save for the last one: recorded on Linux 6.18,
// `node -e "process.title = 'claude'; ..."`, shortened by zeros.
const COMMAND_LINES: [what: string, line: string, args: string[]][] = [
  ["a program", "sleep\0", ["sleep"]],
  ["arguments with spaces", "sh\0-c\0a b\nc\0", ["sh", "-c", "a b\nc"]],
  ["an empty argument", "a\0\0b\0", ["a", "", "b"]],
  ["empty arguments before the last", "a\0\0\0\0b\0", ["a", "", "", "", "b"]],
  ["an empty argument at the end", "a\0b\0\0", ["a", "b", ""]],
  ["a line without an end", "a b", ["a b"]],
  ["an empty name", "\0", [""]],
  ["nothing", "", [""]],
  ["a title", "claude\0\0\0\0\0\0\0", ["claude"]],
];

for (const [what, line, args] of COMMAND_LINES) {
  test(`parseArguments reads ${what}`, () => {
    assert.deepEqual(parseArguments(line), args);
  });
}

test("parseArguments reads a megabyte of zeros at once", () => {
  const started = performance.now();
  parseArguments("\0".repeat(1_000_000));
  parseArguments(`${"\0".repeat(1_000_000)}x`);
  assert.ok(performance.now() - started < 2_000);
});

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
  ["no variable without a name", "=1\0A=2\0", { A: "2" }],
  // Recorded on Linux 6.18: `env -i B=1 A=x sleep 9`.
  ["a recorded environment", "B=1\0A=x\0", { A: "x" }],
];

for (const [name, environ, markers] of ENVIRONMENTS) {
  test(`pickMarkers takes ${name}`, () => {
    assert.deepEqual(pickMarkers(environ, new Set(["A", "C"])), markers);
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

test("parseProcMemory reads the resident memory", () => {
  // Recorded on Linux 6.18, shortened; the name is constructed.
  const text =
    "Name:\tVmRSS: 7 kB\nState:\tS (sleeping)\nVmHWM:\t    9012 kB\n" +
    "VmRSS:\t    8896 kB\nRssAnon:\t    3072 kB\n";
  assert.equal(parseProcMemory(text), 8896 * 1024);
  // Neither zombies nor threads of the kernel have the line.
  assert.equal(parseProcMemory("Name:\tkthreadd\n"), undefined);
  assert.equal(parseProcMemory(""), undefined);
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

// Constructed after cgroups(7) and the names that systemd gives, save for the
// second one, which is recorded on Linux 6.18.
const CGROUPS: [what: string, text: string, path: string | undefined][] = [
  [
    "version 2",
    "0::/user.slice/user-1000.slice/session-3.scope\n",
    "/user.slice/user-1000.slice/session-3.scope",
  ],
  ["the root of version 2", "0::/\n", "/"],
  [
    "version 1 with systemd's own",
    "11:cpu,cpuacct:/\n2:pids:/user.slice\n1:name=systemd:/system.slice/ssh.service\n",
    "/system.slice/ssh.service",
  ],
  [
    "both, where only systemd's own is used",
    "1:name=systemd:/docker/5d3f\n0::/\n",
    "/docker/5d3f",
  ],
  [
    "both, where systemd uses both",
    "1:name=systemd:/user.slice/a.service\n0::/user.slice/a.service\n",
    "/user.slice/a.service",
  ],
  ["a path with colons", "0::/a:b/1::/c\n", "/a:b/1::/c"],
  ["version 1 without systemd", "4:memory:/docker/5d3f\n", undefined],
  ["another named hierarchy", "1:name=elogind:/3\n", undefined],
  ["nothing", "", undefined],
];

for (const [what, text, path] of CGROUPS) {
  test(`parseCgroup reads ${what}`, () => {
    assert.equal(parseCgroup(text), path);
  });
}
