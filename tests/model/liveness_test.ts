import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Identity,
  judgeEntry,
  type LiveStatus,
} from "../../src/model/liveness.ts";
import type {
  Observation,
  ProcessFacts,
} from "../../src/model/process_facts.ts";
import { ID, makeEntry, PID } from "../support/zag_files.ts";

function observe(
  facts: Partial<ProcessFacts> | undefined,
  complete = true,
): Observation {
  const processes = new Map<number, ProcessFacts>();
  if (facts) processes.set(PID, { pid: PID, zombie: false, ...facts });
  return { processes, complete };
}

/** It started when the entry was written. */
const startedAt = Date.UTC(2026, 10, 22, 11, 59);
const PRESENT = observe({ startedAt });
const MARKED = observe({ startedAt, markers: { ZAG_PROCESS_ID: ID } });
const ZOMBIE = observe({ zombie: true, markers: { ZAG_PROCESS_ID: ID } });
const GONE = observe(undefined);
const UNSEEN = observe(undefined, false);

const ROWS: [
  name: string,
  status: string,
  observation: Observation,
  liveStatus: LiveStatus,
  alive: boolean,
][] = [
  ["a process", "running", PRESENT, "running", true],
  ["a process with the marker", "running", MARKED, "running", true],
  ["a zombie", "running", ZOMBIE, "dead", false],
  ["no process", "running", GONE, "dead", false],
  ["no sight", "running", UNSEEN, "unknown", false],
  ["a process", "killed", PRESENT, "killed", false],
  ["a process with the marker", "killed", MARKED, "killed", true],
  ["a zombie", "killed", ZOMBIE, "killed", false],
  ["no process", "killed", GONE, "killed", false],
  ["no sight", "killed", UNSEEN, "killed", false],
  ["a process", "exited", PRESENT, "exited", false],
  ["a process with the marker", "exited", MARKED, "exited", true],
  ["a zombie", "exited", ZOMBIE, "exited", false],
  ["no process", "exited", GONE, "exited", false],
  ["a process", "paused", PRESENT, "unknown", false],
  ["no process", "paused", GONE, "unknown", false],
  ["a process", "", PRESENT, "unknown", false],
  ["a process", "Running", PRESENT, "unknown", false],
  ["a process", "dead", PRESENT, "unknown", false],
];

for (const [name, status, observation, liveStatus, alive] of ROWS) {
  test(`judgeEntry of "${status}" with ${name} is ${liveStatus}`, () => {
    const verdict = judgeEntry(makeEntry({ status }), observation);
    assert.deepEqual(
      { liveStatus: verdict.liveStatus, alive: verdict.alive },
      { liveStatus, alive },
    );
    assert.notEqual(verdict.reason, "");
  });
}

const IDENTITIES: [
  name: string,
  observation: Observation,
  identity: Identity,
][] = [
  ["a process with the marker", MARKED, "verified"],
  ["a zombie with the marker", ZOMBIE, "dead"],
  ["no process", GONE, "dead"],
  ["no sight", UNSEEN, "unseen"],
];

for (const [name, observation, identity] of IDENTITIES) {
  test(`judgeEntry of ${name} gives the identity ${identity}`, () => {
    for (const status of ["running", "killed", "exited", "odd"]) {
      const verdict = judgeEntry(makeEntry({ status }), observation);
      assert.equal(verdict.identity, identity);
    }
  });
}

test("judgeEntry takes a process that it sees for seen", () => {
  // A limited sight may still show this one.
  const verdict = judgeEntry(makeEntry(), { ...PRESENT, complete: false });
  assert.equal(verdict.alive, true);
});

for (
  const [name, markers] of [
    ["another id", { ZAG_PROCESS_ID: `${ID}0` }],
    ["an empty id", { ZAG_PROCESS_ID: "" }],
    ["no id", {}],
    ["an environment that cannot be read", undefined],
  ] as const
) {
  test(`judgeEntry of "killed" and ${name} is not alive`, () => {
    const observation = observe({ startedAt, markers });
    const verdict = judgeEntry(makeEntry({ status: "killed" }), observation);
    assert.equal(verdict.alive, false);
    assert.notEqual(verdict.identity, "verified");
  });
}

const INVALID = [0, 1, -1, -PID, 1.5, 2 ** 31, 2 ** 32, 2 ** 32 + PID, 2 ** 53];

for (const pid of INVALID) {
  test(`judgeEntry of pid ${pid} is invalid`, () => {
    // Even if the table held such a pid, with the marker.
    const facts = { pid, zombie: false, markers: { ZAG_PROCESS_ID: ID } };
    const observation = { processes: new Map([[pid, facts]]), complete: true };
    for (const status of ["running", "killed", "exited", "odd"]) {
      assert.deepEqual(judgeEntry(makeEntry({ pid, status }), observation), {
        liveStatus: "unknown",
        alive: false,
        identity: "invalid",
        reason: `pid ${pid} is not an integer from 2 to 2147483647`,
      });
    }
  });
}
