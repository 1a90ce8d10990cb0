import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CLOCK_MARGIN_MS,
  identifyProcess,
  type Identity,
  LATE_AGENT_MARGIN_MS,
  OLDER_MARGIN_MS,
} from "../../src/model/identity.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import {
  CLAUDE,
  HOUR,
  mark,
  MINUTE,
  observe,
  PARENT_ID,
  RECORDED,
  RECORDED_MS,
  ROWS,
  SHELL,
  STRANGER_ID,
  UNMARKED,
  UNREADABLE,
} from "../support/identity_rows.ts";
import { ID, makeEntry, PID } from "../support/zag_files.ts";

for (const row of ROWS) {
  test(`identifyProcess takes ${row.name} for ${row.identity}`, () => {
    const entry = makeEntry({ started_at: RECORDED, ...row.entry });
    const { identity, rule, reason } = identifyProcess(entry, observe(row));
    assert.deepEqual({ identity, rule }, {
      identity: row.identity,
      rule: row.rule,
    });
    assert.notEqual(reason, "");
  });
}

/** The start times beside each margin, without a marker. */
const EDGES: [
  lateMs: number,
  shell: Identity,
  agent: Identity,
  unreadable: Identity,
][] = [
  [-OLDER_MARGIN_MS - 1, "unverified", "unverified", "unverified"],
  [-OLDER_MARGIN_MS, "consistent", "consistent", "consistent"],
  [-OLDER_MARGIN_MS + 1, "consistent", "consistent", "consistent"],
  [-1, "consistent", "consistent", "consistent"],
  [0, "consistent", "consistent", "consistent"],
  [CLOCK_MARGIN_MS - 1, "consistent", "consistent", "consistent"],
  [CLOCK_MARGIN_MS, "consistent", "consistent", "consistent"],
  [CLOCK_MARGIN_MS + 1, "recycled", "consistent", "consistent"],
  [LATE_AGENT_MARGIN_MS - 1, "recycled", "consistent", "consistent"],
  [LATE_AGENT_MARGIN_MS, "recycled", "consistent", "consistent"],
  [LATE_AGENT_MARGIN_MS + 1, "recycled", "recycled", "unverified"],
];

for (const [lateMs, ...identities] of EDGES) {
  test(`identifyProcess at ${lateMs} ms: ${identities.join(", ")}`, () => {
    const environments = [
      { ...UNMARKED, ...SHELL },
      { ...UNMARKED, ...CLAUDE },
      { ...UNREADABLE, ...SHELL },
    ];
    const found = environments.map((facts) =>
      identifyProcess(
        makeEntry({ started_at: RECORDED }),
        observe({ name: "", lateMs, facts, identity: "dead", rule: "" }),
      ).identity
    );
    assert.deepEqual(found, identities);
  });
}

test("identifyProcess has the margins of its rules", () => {
  assert.deepEqual([OLDER_MARGIN_MS, CLOCK_MARGIN_MS, LATE_AGENT_MARGIN_MS], [
    10 * MINUTE,
    5_000,
    120_000,
  ]);
});

test("identifyProcess compares instants, not texts", () => {
  // The same instant in other zones and with other digits.
  const texts = [
    "2026-11-22T13:59:00+02:00",
    "2026-11-22T06:29:00.000000000-05:30",
    "2026-11-22T11:59:00Z",
  ];
  for (const started_at of texts) {
    for (const [lateMs, , , expected] of EDGES) {
      const row = { name: "", identity: expected, rule: "" };
      const { identity } = identifyProcess(
        makeEntry({ started_at }),
        observe({ ...row, lateMs, facts: UNREADABLE }),
      );
      assert.equal(identity, expected, `${started_at} ${lateMs}`);
    }
  }
});

const INVALID = [
  ...[0, -0, 1, -1, -PID, 1.5, PID + 0.5, 2 ** 31, 2 ** 32, 2 ** 32 + PID],
  ...[2 ** 53, NaN, Infinity, -Infinity],
];

for (const pid of INVALID) {
  const name = Object.is(pid, -0) ? "-0" : pid;
  test(`identifyProcess takes pid ${name} for invalid`, () => {
    // Even if the table held such a pid, with the marker.
    const facts = { pid, zombie: false, ...mark(ID), startedAt: RECORDED_MS };
    const { identity, rule, reason } = identifyProcess(makeEntry({ pid }), {
      processes: new Map([[pid, facts]]),
      complete: true,
    });
    assert.deepEqual([identity, rule], ["invalid", "pid"]);
    assert.match(reason, /is not an integer from 2 to 2147483647$/);
  });
}

test("identifyProcess does not take what it may not see for dead", () => {
  const observation = { processes: new Map(), complete: false };
  const { identity } = identifyProcess(makeEntry(), observation);
  assert.equal(identity, "unseen");
});

test("identifyProcess judges the pid of the entry alone", () => {
  const other = {
    pid: PID + 1,
    zombie: false,
    startedAt: RECORDED_MS,
    ...mark(ID),
  };
  const { identity } = identifyProcess(makeEntry(), {
    processes: new Map([[PID + 1, other]]),
    complete: true,
  });
  assert.equal(identity, "dead");
});

const REASONS: [
  lateMs: number,
  facts: Partial<ProcessFacts>,
  entry: Partial<ProcessEntry>,
  reason: string,
][] = [
  [
    0,
    mark(STRANGER_ID),
    {},
    `ZAG_PROCESS_ID of the process is another id (${STRANGER_ID})`,
  ],
  [0, UNMARKED, {}, "the process started when the entry was written"],
  [-90_000, UNMARKED, {}, "the process started 1 min 30 s before the entry"],
  [
    3 * HOUR,
    UNMARKED,
    {},
    "the process started 3 h after the entry was written and carries no ZAG_PROCESS_ID",
  ],
  [
    50 * HOUR,
    mark(PARENT_ID),
    { parent_process_id: PARENT_ID },
    "the process started 2 d 2 h after the entry was written and carries the ZAG_PROCESS_ID of the entry's parent",
  ],
  [
    MINUTE,
    { ...UNMARKED, ...SHELL },
    {},
    "carries no ZAG_PROCESS_ID and runs another program",
  ],
];

for (const [lateMs, facts, entry, expected] of REASONS) {
  test(`identifyProcess says "${expected}"`, () => {
    const { reason } = identifyProcess(
      makeEntry({ started_at: RECORDED, ...entry }),
      observe({ name: "", lateMs, facts, identity: "dead", rule: "" }),
    );
    assert.ok(reason.includes(expected), reason);
  });
}
