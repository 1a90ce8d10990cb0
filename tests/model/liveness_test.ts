import assert from "node:assert/strict";
import { test } from "node:test";
import type { Identity } from "../../src/model/identity.ts";
import { judgeEntry, type LiveStatus } from "../../src/model/liveness.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import type {
  Observation,
  ProcessFacts,
} from "../../src/model/process_facts.ts";
import { ID, makeEntry, PID } from "../support/zag_files.ts";

/** When the entry of `makeEntry` was written. */
const RECORDED_MS = Date.UTC(2026, 10, 22, 11, 59);
const HOUR = 3_600_000;

function observe(
  facts: Partial<ProcessFacts> | undefined,
  complete = true,
): Observation {
  const processes = new Map<number, ProcessFacts>();
  if (facts) {
    processes.set(PID, {
      pid: PID,
      zombie: false,
      startTicks: "proc:42",
      startedAt: RECORDED_MS,
      ...facts,
    });
  }
  return { processes, complete };
}

/** One observation for each identity. */
const SIGHTS: Record<Exclude<Identity, "invalid">, Observation> = {
  verified: observe({ markers: { ZAG_PROCESS_ID: ID } }),
  consistent: observe({}),
  unverified: observe({ startedAt: RECORDED_MS - HOUR }),
  recycled: observe({ startedAt: RECORDED_MS + HOUR, markers: {} }),
  dead: observe(undefined),
  unseen: observe(undefined, false),
};

/** The live status of an entry stored as running, and whether it is alive. */
const RUNNING: Record<Identity, [liveStatus: LiveStatus, alive: boolean]> = {
  verified: ["running", true],
  consistent: ["running", true],
  unverified: ["running", true],
  recycled: ["dead", false],
  dead: ["dead", false],
  unseen: ["unknown", false],
  invalid: ["unknown", false],
};

/** What a stored status is shown as; what zag does not write is unknown. */
const ENDED: [status: string, liveStatus: LiveStatus][] = [
  ["killed", "killed"],
  ["exited", "exited"],
  ["paused", "unknown"],
  ["", "unknown"],
  ["Running", "unknown"],
  ["dead", "unknown"],
  ["unknown", "unknown"],
];

for (const [name, observation] of Object.entries(SIGHTS)) {
  const identity = name as keyof typeof SIGHTS;
  const [liveStatus, alive] = RUNNING[identity];

  test(`judgeEntry of "running" and ${identity} is ${liveStatus}`, () => {
    const verdict = judgeEntry(makeEntry({ status: "running" }), observation);
    assert.equal(verdict.identity, identity);
    assert.equal(verdict.liveStatus, liveStatus);
    assert.equal(verdict.alive, alive);
    assert.equal(verdict.facts, observation.processes.get(PID));
    assert.notEqual(verdict.reason, "");
    assert.notEqual(verdict.rule, "");
  });

  for (const [status, shown] of ENDED) {
    // Only a process that carries the entry's own id outlived its end.
    const outlived = identity === "verified";
    test(
      `judgeEntry of "${status}" and ${identity} is ${shown}, ${
        outlived ? "" : "not "
      }alive`,
      () => {
        const verdict = judgeEntry(makeEntry({ status }), observation);
        assert.equal(verdict.identity, identity);
        assert.equal(verdict.liveStatus, shown);
        assert.equal(verdict.alive, outlived);
      },
    );
  }
}

test("judgeEntry takes a zombie for dead", () => {
  const zombie = observe({ zombie: true, markers: { ZAG_PROCESS_ID: ID } });
  for (const status of ["running", "killed", "exited"]) {
    const verdict = judgeEntry(makeEntry({ status }), zombie);
    assert.equal(verdict.alive, false);
    assert.equal(verdict.identity, "dead");
  }
});

test("judgeEntry takes a process that it sees for seen", () => {
  // A limited sight may still show this one.
  const verdict = judgeEntry(makeEntry(), {
    ...SIGHTS.consistent,
    complete: false,
  });
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
    const verdict = judgeEntry(
      makeEntry({ status: "killed" }),
      observe({ markers }),
    );
    assert.equal(verdict.alive, false);
    assert.notEqual(verdict.identity, "verified");
  });
}

const END = { exited_at: "2026-11-22T12:00:00+00:00" };

/** A kill marks the entry first, and may have died before it signalled. */
const ANNOUNCED: [
  name: string,
  entry: Partial<ProcessEntry>,
  identity: keyof typeof SIGHTS,
  alive: boolean,
][] = [
  ["an open exit code", { ...END, exit_code: null }, "consistent", true],
  ["an exit code", { ...END, exit_code: 143 }, "consistent", false],
  ["no date of the end", { exited_at: null }, "consistent", false],
  ["an open exit code", { ...END, exit_code: null }, "unverified", false],
  ["an open exit code", { ...END, exit_code: null }, "recycled", false],
  ["an open exit code", { ...END, exit_code: null }, "dead", false],
];

for (const [name, changes, identity, alive] of ANNOUNCED) {
  test(`judgeEntry of "killed" with ${name}, ${identity}, is ${alive ? "" : "not "}alive`, () => {
    const entry = makeEntry({ status: "killed", ...changes });
    const verdict = judgeEntry(entry, SIGHTS[identity]);
    assert.equal(verdict.identity, identity);
    assert.equal(verdict.alive, alive);
    assert.equal(verdict.liveStatus, "killed");
  });
}

for (const pid of [0, 1, -1, -PID, 1.5, 2 ** 31, 2 ** 32 + PID, NaN]) {
  test(`judgeEntry of pid ${pid} is invalid and unknown`, () => {
    // Even if the table held such a pid, with the marker.
    const facts = { pid, zombie: false, markers: { ZAG_PROCESS_ID: ID } };
    const observation = { processes: new Map([[pid, facts]]), complete: true };
    for (const status of ["running", "killed", "exited", "odd"]) {
      const verdict = judgeEntry(makeEntry({ pid, status }), observation);
      assert.equal(verdict.identity, "invalid");
      assert.equal(
        verdict.reason,
        `pid ${pid} is not an integer from 2 to 2147483647`,
      );
      assert.equal(verdict.alive, false);
      assert.equal(verdict.liveStatus, "unknown");
    }
  });
}
