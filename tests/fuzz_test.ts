import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import type { run } from "../src/cli/run.ts";
import { type FuzzCounts, runFuzz } from "../soak/fuzz.ts";
import { type FuzzCase, makeCase } from "../soak/fuzz_cases.ts";
import { ID, LIVE_PIDS } from "../soak/fuzz_values.ts";
import { makeHostileCases } from "../soak/hostile_cases.ts";
import { makeHostileFacts, makeRandomFacts } from "../soak/hostile_facts.ts";

/** The soak runs many more (see docs/reliability.md). */
const SEEDS = 1500;

const skip = process.platform === "win32"
  ? "the paths of the cases are those of POSIX"
  : false;

function assertNoFaults({ faults }: FuzzCounts): void {
  assert.deepEqual(faults.slice(0, 10), [], `${faults.length} faults`);
}

test("run survives every hostile input that has a name", { skip }, async () => {
  const counts = await runFuzz(makeHostileCases());
  assertNoFaults(counts);
  // It was not all refused at the door.
  assert.ok(counts.signals > 1000, `${counts.signals} signals`);
  assert.ok((counts.statuses[4] ?? 0) > 100);
});

test("run survives fuzzed files and command lines", { skip }, async () => {
  const seeds = Array.from({ length: SEEDS }, (_, i) => makeCase(i));
  const counts = await runFuzz(seeds);
  assertNoFaults(counts);
  assert.ok(counts.signals > 50, `${counts.signals} signals`);
  for (const status of [0, 1, 2, 3, 4]) {
    assert.ok((counts.statuses[status] ?? 0) > 0, `no status ${status}`);
  }
});

test("run survives hostile processes that have a name", { skip }, async () => {
  const counts = await runFuzz(makeHostileFacts());
  assertNoFaults(counts);
  // Most are agents all the same, and some are none.
  assert.ok(counts.signals > 300, `${counts.signals} signals`);
  assert.ok((counts.statuses[3] ?? 0) > 300);
});

test("run survives fuzzed machines", { skip }, async () => {
  const seeds = Array.from({ length: SEEDS }, (_, i) => makeRandomFacts(i));
  const counts = await runFuzz(seeds);
  assertNoFaults(counts);
  assert.ok(counts.signals > 10, `${counts.signals} signals`);
  assert.ok((counts.statuses[0] ?? 0) > SEEDS / 2);
});

test("makeCase makes the same case of a seed each time", () => {
  assert.deepEqual(makeCase(7), makeCase(7));
  assert.notDeepEqual(makeCase(7).files, makeCase(8).files);
});

/** A case that is all right. */
const GOOD: FuzzCase = {
  name: "good",
  files: {
    "processes.json": `{"processes": [{"id": "${ID}", "pid": ${LIVE_PIDS[0]},
      "provider": "claude", "model": "", "command": "run", "status": "running",
      "started_at": "2026-11-22T11:59:00+00:00"}]}`,
  },
  argv: ["kill", ID],
  stdin: "",
  self: ID,
  markers: new Map([[4711, ID]]),
};

test("runFuzz finds nothing wrong with a plain kill", { skip }, async () => {
  const counts = await runFuzz([GOOD]);
  assertNoFaults(counts);
  assert.equal(counts.signals, 1);
});

const FAULTS: [name: string, changes: Partial<FuzzCase>, fault: RegExp][] = [
  ["a log outside the home", {
    files: {
      ...GOOD.files,
      "sessions.json": `{"sessions": [{"session_id": "s", "provider": "x"}]}`,
      "processes.json": String(GOOD.files["processes.json"])
        .replace('"model"', '"session_id": "s", "model"'),
    },
    argv: ["kill", ID, "--", "result"],
    logs: "/tmp/zag-ps-fuzz-outside",
  }, /makeFolder outside the home/],
  ["a slow case", { limitMs: 0 }, /took \d+ ms/],
  ["a process that nobody meant", {
    argv: ["stop", "pid:5000"],
    meant: [5001],
    processes: [{
      pid: 5000,
      zombie: false,
      startTicks: "proc:1",
      startedAt: Date.UTC(2026, 10, 22, 11),
      uid: 1000,
      args: ["claude"],
    }],
  }, /signalled pid 5000/],
];

for (const [name, changes, fault] of FAULTS) {
  test(`runFuzz notices ${name}`, { skip }, async () => {
    const { faults } = await runFuzz([{ ...GOOD, ...changes }]);
    assert.match(faults.join("\n"), fault);
  });
}

/** A command line that does what none may do, and says that all is well. */
type Misdeed = (
  machine: Parameters<typeof run>[1],
  output: Parameters<typeof run>[2],
  home: string,
) => unknown;

const bytes = new TextEncoder().encode("x");
const polluted: { polluted?: number } = Object.prototype;

const MISDEEDS: [name: string, act: Misdeed, fault: RegExp][] = [
  ["an escape character", (_, { out }) => out("\x1b[31m"), /printed U\+1b raw/],
  [
    "a text turned around",
    (_, { err }) => err("\u202e"),
    /printed U\+202e raw/,
  ],
  [
    "an unhandled error",
    (_, { err }) => err("Error: Unexpected failure: x\n"),
    /Unexpected failure: x/,
  ],
  [
    "a thrown error",
    () => {
      throw new Error("oops");
    },
    /threw Error: oops/,
  ],
  ["a polluted prototype", () => polluted.polluted = 1, /a prototype was/],
  [
    "the network",
    () => fetch("http://127.0.0.1:9/").catch(() => {}),
    /fetched/,
  ],
  [
    "a signal to no process of an entry",
    ({ signal }) => signal(4713, "SIGTERM", { startTicks: undefined }),
    /signalled pid 4713/,
  ],
  [
    "two signals",
    async ({ signal }) => {
      await signal(4711, "SIGTERM", { startTicks: undefined });
      await signal(4711, "SIGTERM", { startTicks: undefined });
    },
    /2 signals/,
  ],
  [
    "a look at a pid that is none",
    ({ observe }) => observe(new Set([0])),
    /looked at pid 0/,
  ],
  [
    "a store that was changed for nothing",
    ({ remove }, _, home) => remove(`${home}/processes.json`),
    /the store was changed without a signal/,
  ],
  [
    "a store that is broken",
    async ({ appendFile, signal }, _, home) => {
      await signal(4711, "SIGTERM", { startTicks: undefined });
      appendFile(`${home}/processes.json`, bytes);
    },
    /the store is no JSON any more/,
  ],
  [
    "a file that was left",
    ({ createFile }, _, home) => createFile(`${home}/x`, bytes, 0o600, false),
    /"x" was left/,
  ],
  [
    "a file outside",
    ({ remove }, _, home) => remove(`${home}/../x`),
    /remove outside the home/,
  ],
];

test("runFuzz tries again what took too long", { skip }, async () => {
  let lines = 0;
  const counts = await runFuzz(
    [{ ...GOOD, limitMs: 50 }],
    async (_argv, { now }) => {
      const clock = performance.now() + 60;
      if (lines++ === 0) { while (performance.now() < clock) now(); }
      return await Promise.resolve(0);
    },
  );
  assertNoFaults(counts);
  assert.deepEqual([lines, counts.slowOnce], [2, 1]);
});

for (const [name, act, fault] of MISDEEDS) {
  test(`runFuzz notices ${name}`, { skip }, async () => {
    try {
      const { faults } = await runFuzz(
        [GOOD],
        async ([, home = ""], machine, output) => {
          try {
            await act(machine, output, home);
          } catch (error) {
            if ((error as { code?: string }).code !== "EACCES") throw error;
          }
          return 0;
        },
      );
      assert.match(faults.join("\n"), fault);
    } finally {
      delete polluted.polluted;
    }
  });
}
