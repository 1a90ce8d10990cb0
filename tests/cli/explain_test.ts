import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import { capture } from "../support/capture.ts";
import { makeMachine, YOUNGER } from "../support/one_process.ts";
import { ID, PID } from "../support/zag_files.ts";

test("explain prints facts, rule and verdict, and no argument", async () => {
  const { status, stdout, stderr } = await capture(
    ["explain", ID],
    makeMachine(YOUNGER).system,
  );
  assert.deepEqual([status, stderr], [0, ""]);
  assert.equal(
    stdout,
    [
      "PID:            4711",
      "Process:        alive",
      "Parent:         12",
      "Owner:          ada",
      "Started:        2026-11-22T12:59:00.000+00:00",
      "Start stamp:    proc:42",
      "Program:        /usr/bin/node, node, /opt/\\x1b[2Jclaude.js",
      "Name:           unknown",
      "Folder:         unknown",
      "Session:        unknown, terminal unknown",
      "Control group:  unknown",
      "ZAG_PROCESS_ID: not set",
      "",
      `Entry:          ${ID}`,
      "Provider:       claude",
      "Recorded:       2026-11-22T11:59:00.123456789+00:00",
      "Parent entry:   none",
      "Stored status:  running",
      "Rule:           younger",
      "Reason:         the process started 1 h after the entry was written and carries no ZAG_PROCESS_ID",
      "Verdict:        recycled",
      "Live status:    dead",
      "",
      "no   zombie: it has not ended",
      "no   mark of zag: it carries no ZAG_PROCESS_ID",
      "no   folder of the program: its program is in no folder of an agent",
      "no   name of the program: it is not called like an agent",
      "no   script: it runs no script of an agent",
      "no   module: it runs no Python module of an agent",
      "no   helper: it looks like no helper",
      "",
      "Recognised:     as no agent",
      "",
    ].join("\n"),
  );
});

const PROCESS_LINES: [facts: Partial<ProcessFacts> | null, lines: RegExp[]][] =
  [
    [{ markers: undefined }, [
      /^ZAG_PROCESS_ID: unknown, the environment cannot be read$/m,
    ]],
    [{ uid: 5, owner: undefined }, [/^Owner: {10}uid 5$/m]],
    [{ zombie: true }, [/^Process: {8}a zombie: ended, not reaped$/m]],
    [
      {
        ppid: undefined,
        uid: undefined,
        startedAt: undefined,
        startTicks: undefined,
        executable: undefined,
        args: undefined,
      },
      [
        /^Parent: {9}unknown$/m,
        /^Owner: {10}unknown$/m,
        /^Started: {8}unknown$/m,
        /^Start stamp: {4}unknown$/m,
        /^Program: {8}unknown$/m,
      ],
    ],
    [null, [/^Process: {8}none that can be seen$/m, /^Verdict: {8}dead$/m]],
  ];

for (const [facts, lines] of PROCESS_LINES) {
  test(`explain prints ${lines.join(" ")}`, async () => {
    const { stdout } = await capture(
      ["explain", ID],
      makeMachine(facts).system,
    );
    for (const line of lines) assert.match(stdout, line);
  });
}

test("explain of a pid without an entry says so", async () => {
  const { status, stdout } = await capture(
    ["explain", String(PID)],
    makeMachine({}, { pid: 99 }).system,
  );
  assert.equal(status, 0);
  assert.match(stdout, /^PID: {12}4711\n/);
  assert.match(stdout, /\n\nNo entry names this pid\n\n/);
});

test("explain of an invalid pid looks at nothing", async () => {
  const { stdout } = await capture(
    ["explain", "1"],
    makeMachine({}, { pid: 1 }).system,
  );
  assert.match(stdout, /^PID: {12}1\nProcess: {8}not looked at\n\nEntry: /);
});

test("explain prints one object as JSON", async () => {
  const { status, stdout } = await capture(
    ["explain", ID, "--json"],
    makeMachine(YOUNGER).system,
  );
  assert.equal(status, 0);
  assert.match(stdout, /^\{[^\n]*\}\n$/);
  const { examination, ...rest } = JSON.parse(stdout);
  assert.deepEqual([examination.provider, examination.role], [null, null]);
  assert.deepEqual(examination.trials[0], {
    fits: false,
    rule: "zombie",
    why: "it has not ended",
  });
  assert.deepEqual(rest, {
    agent: null,
    entries: [{
      id: ID,
      identity: "recycled",
      identity_reason:
        "the process started 1 h after the entry was written and carries no ZAG_PROCESS_ID",
      live_status: "dead",
      parent_process_id: null,
      provider: "claude",
      rule: "younger",
      started_at: "2026-11-22T11:59:00.123456789+00:00",
      status: "running",
    }],
    pid: PID,
    process: {
      cgroup: null,
      folder: null,
      markers: {},
      name: null,
      owner: "ada",
      ppid: 12,
      programs: ["/usr/bin/node", "node", "/opt/\x1b[2Jclaude.js"],
      sid: null,
      start_stamp: "proc:42",
      started_at: "2026-11-22T12:59:00.000+00:00",
      terminal: null,
      uid: 1000,
      zombie: false,
    },
  });
  const gone = await capture(
    ["explain", ID, "--json"],
    makeMachine(null).system,
  );
  assert.equal(JSON.parse(gone.stdout).process, null);
});

test("explain fails like the other verbs", async () => {
  const { system } = makeMachine();
  const missing = await capture(["explain"], system);
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^Error: "explain" needs ID\|PID\n/);
  const unknown = await capture(["explain", "99"], system);
  assert.equal(unknown.status, 3);
  assert.match(
    unknown.stderr,
    /^Error: Process not found: no entry names pid 99/,
  );
  const two = await capture(["explain", ID, "x"], system);
  assert.equal(two.status, 2);
});
