import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import {
  type CrashCase,
  type CrashCounts,
  runCrashes,
  UNDISTURBED,
} from "../../soak/crash.ts";
import {
  findSourceRuntime,
  needsSourceRuntime,
} from "../support/source_programs.ts";

// The soak ends a kill at every step, hundreds of times.
const skip = needsSourceRuntime ||
  (existsSync("/proc/self/ns/pid") ? false : "without /proc no lock is broken");

const CASE: CrashCase = { ...UNDISTURBED, stale: false };

/** The steps of an undisturbed kill, looked for once. */
let undisturbed: Promise<CrashCounts> | undefined;

async function getSteps(one: CrashCase): Promise<string[]> {
  const { calls, faults } = await run([one]);
  assert.deepEqual(faults, []);
  return calls;
}

function run(cases: CrashCase[]): Promise<CrashCounts> {
  const runtime = findSourceRuntime();
  assert.ok(runtime);
  return runCrashes(runtime, cases);
}

test("kill takes the steps at which it is ended below", { skip }, async () => {
  undisturbed ??= run([CASE]);
  const { calls, faults, states } = await undisturbed;
  assert.deepEqual(faults, []);
  assert.deepEqual(states, { "killed, recorded": 1 });
  const acts = calls.filter((name) =>
    /^(link|appendFile|createFile|rename|remove|signal)$/.test(name)
  );
  assert.deepEqual(acts, [
    // The lock, complete at once.
    "createFile",
    "link",
    "remove",
    // The result, then the mark.
    "appendFile",
    "createFile",
    "rename",
    // The lock again, and only then the process.
    "remove",
    "signal",
  ]);
});

const ENDS: [name: string, nth: number, when: CrashCase["when"]][] = [
  ["createFile", 0, "within"],
  ["link", 0, "before"],
  ["link", 0, "after"],
  ["appendFile", 0, "before"],
  ["appendFile", 0, "within"],
  ["appendFile", 0, "after"],
  ["createFile", 1, "within"],
  ["rename", 0, "before"],
  ["rename", 0, "after"],
  ["signal", 0, "before"],
  ["signal", 0, "after"],
];

for (const [name, nth, when] of ENDS) {
  const which = nth > 0 ? ` ${nth + 1}` : "";
  test(`kill that is ended ${when} ${name}${which} loses nothing`, {
    skip,
  }, async () => {
    undisturbed ??= run([CASE]);
    const { calls } = await undisturbed;
    let step = 0;
    for (let i = 0; i <= nth; i++) step = calls.indexOf(name, step) + 1;
    assert.notEqual(step, 0, name);
    const cases = [
      { ...CASE, step, when },
      { ...CASE, step, when, marked: false, log: "torn" as const },
    ];
    const { crashed, faults } = await run(cases);
    assert.deepEqual(faults, []);
    assert.equal(crashed, cases.length);
  });
}

test("kill that is ended while it breaks a lock loses nothing", {
  skip,
}, async () => {
  const one = { ...CASE, stale: true };
  const calls = await getSteps(one);
  const step = calls.indexOf("remove", calls.indexOf("remove") + 1) + 1;
  const cases = (["before", "after"] as const)
    .map((when) => ({ ...one, step, when }));
  const { crashed, faults, leftLock } = await run(cases);
  assert.deepEqual(faults, []);
  assert.equal(crashed, 2);
  assert.equal(leftLock, 1);
});
