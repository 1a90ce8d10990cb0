import assert from "node:assert/strict";
import { test } from "node:test";
import {
  parsePsOutput,
  PS_ARGUMENTS,
  PS_ENVIRONMENT,
} from "../../src/system/ps_output.ts";

test("PS_ARGUMENTS ask for what the parser reads, in its order", () => {
  assert.deepEqual(PS_ARGUMENTS, ["-A", "-o", "pid=,ppid=,uid=,stat=,lstart="]);
  assert.deepEqual(PS_ENVIRONMENT, { LC_ALL: "C", TZ: "UTC" });
});

test("parsePsOutput reads every process of a recorded output", () => {
  // Recorded with procps-ng 4.0.2, shortened; the zombie's line is constructed.
  const output = [
    "    1     0     0 S<Ll Sun Nov 22 20:06:00 2026",
    "    4     2     0 I<   Sun Nov 22 20:06:00 2026",
    "26725 26717  1000 Z+   Mon Dec  7 09:05:59 2026",
    "",
  ].join("\n");
  const booted = Date.UTC(2026, 10, 22, 20, 6);
  const started = Date.UTC(2026, 11, 7, 9, 5, 59);
  assert.deepEqual([...parsePsOutput(output)], [
    [1, {
      pid: 1,
      ppid: 0,
      uid: 0,
      zombie: false,
      startedAt: booted,
      startTicks: String(booted),
    }],
    [4, {
      pid: 4,
      ppid: 2,
      uid: 0,
      zombie: false,
      startedAt: booted,
      startTicks: String(booted),
    }],
    [26725, {
      pid: 26725,
      ppid: 26717,
      uid: 1000,
      zombie: true,
      startedAt: started,
      startTicks: String(started),
    }],
  ]);
});

test("parsePsOutput reads the rows of macOS", () => {
  // Constructed: macOS pads differently and prints nobody's id as -2.
  const output = "  501     1    -2 Ss   Thu Jan  1 00:00:07 2026    \n";
  const facts = parsePsOutput(output).get(501);
  assert.equal(facts?.uid, -2);
  assert.equal(facts?.startedAt, Date.UTC(2026, 0, 1, 0, 0, 7));
});

test("parsePsOutput reads every month", () => {
  const names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  names.forEach((month, i) => {
    const output = `9 1 0 S Wed ${month} 30 01:02:03 2025`;
    assert.equal(
      parsePsOutput(output).get(9)?.startedAt,
      Date.UTC(2025, i, 30, 1, 2, 3),
    );
  });
});

test("parsePsOutput leaves an unknown start time out", () => {
  const facts = parsePsOutput("9 1 0 S dim. nov. 22 20:06:00 2026").get(9);
  assert.deepEqual(facts, {
    pid: 9,
    ppid: 1,
    uid: 0,
    zombie: false,
    startedAt: undefined,
    startTicks: undefined,
  });
});

const OTHER_LINES = [
  "  PID  PPID   UID STAT  STARTED",
  "ps: unknown option",
  "9 1 0 S",
  "9 1 0 S Sun Nov 22 20:06 2026",
  "-9 1 0 S Sun Nov 22 20:06:00 2026",
  "9 1 0 S Sun Nov 22 20:06:00 2026 more",
];

for (const line of OTHER_LINES) {
  test(`parsePsOutput passes over "${line}"`, () => {
    const good = "7 1 0 S Sun Nov 22 20:06:00 2026";
    assert.deepEqual(
      [...parsePsOutput(`${line}\n${good}\n${line}`).keys()],
      [7],
    );
  });
}
