import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { type FuzzCounts, runFuzz } from "../soak/fuzz.ts";
import { type FuzzCase, makeCase } from "../soak/fuzz_cases.ts";
import { ID, LIVE_PIDS } from "../soak/fuzz_values.ts";
import { makeHostileCases } from "../soak/hostile_cases.ts";

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
];

for (const [name, changes, fault] of FAULTS) {
  test(`runFuzz notices ${name}`, { skip }, async () => {
    const { faults } = await runFuzz([{ ...GOOD, ...changes }]);
    assert.match(faults.join("\n"), fault);
  });
}
