import assert from "node:assert/strict";
import { test } from "node:test";
import type { Verdict } from "../../src/model/liveness.ts";
import { formatInstant } from "../../src/model/instant.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import {
  planPrune,
  PRUNE_AGE_MS,
  type PruneRules,
} from "../../src/model/prune_rules.ts";
import { judge } from "../support/judged.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY = 24 * 60 * 60 * 1000;

const GONE = { identity: "dead", alive: false, liveStatus: "exited" } as const;

function ago(days: number): string {
  return formatInstant(NOW - days * DAY);
}

/** An entry that ended so many days ago and whose process is gone. */
function ended(
  days: number,
  fields: Partial<ProcessEntry> = {},
  verdict: Partial<Verdict> = {},
) {
  return judge({
    id: `ended-${days}`,
    status: "exited",
    exit_code: 0,
    started_at: ago(days + 1),
    exited_at: ago(days),
    ...fields,
  }, { ...GONE, ...verdict });
}

/** An entry stored as running, whose process is gone. */
function dead(days: number, verdict: Partial<Verdict> = {}) {
  return judge({ id: `dead-${days}`, started_at: ago(days) }, {
    ...GONE,
    liveStatus: "dead",
    reason: "no process has this pid",
    ...verdict,
  });
}

function plan(
  chosen: ReturnType<typeof judge>[],
  rules: Partial<PruneRules> = {},
  all = chosen,
): string[] {
  return planPrune(chosen, all, {
    now: NOW,
    olderThanMs: PRUNE_AGE_MS,
    dead: false,
    keepLast: 0,
    lastSign: () => undefined,
    ...rules,
  }).map(({ judged, action }) => `${action} ${judged.entry.id}`);
}

test("planPrune removes what ended more than 7 days ago", () => {
  assert.equal(PRUNE_AGE_MS, 7 * DAY);
  const entries = [1, 6.99, 7, 7.01, 30].map((days) => ended(days));
  assert.deepEqual(plan(entries), ["remove ended-7.01", "remove ended-30"]);
});

test("planPrune counts from the end, not from the start", () => {
  const late = ended(1, { started_at: ago(400) });
  assert.deepEqual(plan([late]), []);
});

test("planPrune takes an age of nothing for everything that ended", () => {
  const entries = [ended(0.001), ended(-1)];
  assert.deepEqual(plan(entries, { olderThanMs: 0 }), ["remove ended-0.001"]);
});

const KEPT: [string, ReturnType<typeof judge>][] = [
  ["an entry that runs", judge({ exited_at: ago(90), started_at: ago(99) })],
  ["an end without a date", ended(90, { exited_at: null })],
  ["an end with a date that is none", ended(90, { exited_at: "long ago" })],
  ["a status of another version", ended(90, { status: "paused" })],
  [
    "an agent that outlived its end",
    ended(90, { status: "killed" }, { alive: true, identity: "verified" }),
  ],
  ["a process that cannot be looked at", ended(90, {}, { identity: "unseen" })],
  [
    "a process that may have outlived a kill",
    ended(90, { status: "killed", exit_code: null }, {
      identity: "unverified",
    }),
  ],
];

for (const [name, judged] of KEPT) {
  test(`planPrune keeps ${name}`, () => {
    assert.deepEqual(plan([judged], { dead: true }), []);
  });
}

test("planPrune removes the ended entries of a host program that goes on", () => {
  const hosted = ended(90, {}, { identity: "unverified" });
  assert.deepEqual(plan([hosted]), ["remove ended-90"]);
});

test("planPrune removes what another program's pid was given to", () => {
  const recycled = ended(90, {}, { identity: "recycled" });
  assert.deepEqual(plan([recycled]), ["remove ended-90"]);
});

test("planPrune keeps what shares a session with a living entry", () => {
  const shared = ended(90, { session_id: "s" });
  const living = judge({ id: "living", session_id: "s" });
  assert.deepEqual(plan([shared], {}, [shared, living]), []);
  const other = judge({ id: "living", session_id: "t" });
  assert.deepEqual(plan([shared], {}, [shared, other]), ["remove ended-90"]);
  const nobody = judge({ id: "living", session_id: null });
  const alone = ended(90, { session_id: null });
  assert.deepEqual(plan([alone], {}, [alone, nobody]), ["remove ended-90"]);
});

test("planPrune keeps the newest N of what ended, old or young", () => {
  const entries = [
    judge({ id: "living" }),
    ...[1, 8, 9, 10].map((days) => ended(days)),
  ];
  assert.deepEqual(plan(entries, { keepLast: 2 }), [
    "remove ended-9",
    "remove ended-10",
  ]);
  assert.deepEqual(plan(entries, { keepLast: 9 }), []);
});

test("planPrune marks what is dead only if asked, by the same age", () => {
  const entries = [dead(6), dead(8), dead(9, { identity: "recycled" })];
  assert.deepEqual(plan(entries), []);
  assert.deepEqual(plan(entries, { dead: true }), [
    "mark-killed dead-8",
    "mark-killed dead-9",
  ]);
});

test("planPrune does not mark what was heard of since", () => {
  const asked: string[] = [];
  const lastSign = ({ id }: ProcessEntry) => {
    asked.push(id);
    return NOW - (id === "dead-9" ? 8 : 1) * DAY;
  };
  const entries = [dead(6), dead(8), dead(9)];
  assert.deepEqual(plan(entries, { dead: true, lastSign }), [
    "mark-killed dead-9",
  ]);
  assert.deepEqual(asked, ["dead-8", "dead-9"]);
});

for (const identity of ["unverified", "unseen", "invalid"] as const) {
  test(`planPrune does not mark what is ${identity}`, () => {
    const entry = dead(90, { identity });
    assert.deepEqual(plan([entry], { dead: true }), []);
  });
}

test("planPrune tells the age and the reason", () => {
  const [removed, marked] = planPrune([ended(8), dead(9)], [], {
    now: NOW,
    olderThanMs: PRUNE_AGE_MS,
    dead: true,
    keepLast: 0,
    lastSign: () => NOW - 8.5 * DAY,
  });
  assert.equal(removed?.ageMs, 8 * DAY);
  assert.equal(removed?.reason, "exited at 2026-11-14T12:00:00.000+00:00");
  assert.equal(marked?.ageMs, 8.5 * DAY);
  assert.equal(marked?.reason, "no process has this pid");
});
