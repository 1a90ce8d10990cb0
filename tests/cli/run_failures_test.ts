import assert from "node:assert/strict";
import { test } from "node:test";
import { capture } from "../support/capture.ts";
import { ID, makeEntry, OTHER_ID } from "../support/records.ts";
import { PID, prepare, refuse } from "../support/refusals.ts";

const STORE = "/home/ada/.zag/processes.json";
const SELF =
  'Cannot resolve "self": ZAG_PROCESS_ID is not set. Are you running inside a zag session?';

const FAILURES: [
  what: string,
  argv: string[],
  status: number,
  message: string,
][] = [
  [
    "an id that is not there",
    ["show", "nobody"],
    3,
    "Process not found: nobody",
  ],
  ["stop of nobody", ["stop", "nobody"], 3, "Process not found: nobody"],
  ["kill of nobody", ["kill", "nobody"], 3, "Process not found: nobody"],
  [
    "an id with control characters",
    ["show", "a\x1b[2J\nb"],
    3,
    "Process not found: a\\x1b[2J\\nb",
  ],
  ["a prefix of 3 characters", ["show", "111"], 3, "Process not found: 111"],
  ["show self outside an agent", ["show", "self"], 3, SELF],
  ["kill self outside an agent", ["kill", "self", "x"], 3, SELF],
  ["--children self outside an agent", ["--children", "self"], 3, SELF],
  [
    "a dead process",
    ["kill", OTHER_ID],
    3,
    `Process ${OTHER_ID} is not running (status: dead)`,
  ],
  [
    "stop of a dead process",
    ["stop", OTHER_ID],
    3,
    `Process ${OTHER_ID} is not running (status: dead)`,
  ],
  [
    "a missing result file",
    ["kill", ID, "--file", "/no/\tfile"],
    1,
    "Failed to read result file: /no/\\tfile: no such file or folder (ENOENT)",
  ],
];

for (const [what, argv, status, message] of FAILURES) {
  test(`run fails with status ${status} for ${what}`, async () => {
    const memory = prepare();
    memory.processes.delete(PID + 1);
    const before = memory.text(STORE);
    assert.deepEqual(await capture(argv, memory.system), {
      status,
      stdout: "",
      stderr: `Error: ${message}\n`,
    });
    assert.equal(memory.text(STORE), before);
    assert.deepEqual(memory.signals, []);
  });
}

test("run refuses a store that cannot be parsed, with path, line and column", async () => {
  const memory = prepare();
  memory.put(STORE, '{"processes": [\n  {"id": }\n]}');
  for (const argv of [[], ["show", ID], ["stop", ID], ["kill", ID]]) {
    const stderr = await refuse(memory, argv, 1);
    assert.match(
      stderr,
      /^Error: Cannot parse "\/home\/ada\/\.zag\/processes\.json" at line 2, column 10: /,
    );
  }
});

test("run warns once of an entry that cannot be read, and goes on", async () => {
  const memory = prepare();
  const processes = [{ pid: "\x1b" }, makeEntry({ pid: PID })];
  memory.put(STORE, JSON.stringify({ processes }));
  for (const argv of [["list"], ["stop", ID], ["kill", ID]]) {
    const ran = await capture(argv, memory.system);
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stderr, /^Warning: Entry 0 of [^\n]*\n$/);
    assert.match(ran.stdout, new RegExp(ID));
  }
});

test("run says once on stderr what it could not see", async () => {
  const memory = prepare();
  memory.sight = { complete: true, limit: "Only half was seen\x1b" };
  const ran = await capture(["list"], memory.system);
  assert.equal(ran.stderr, "Warning: Only half was seen\\x1b\n");
  assert.match(ran.stdout, / running /);
});

test("run takes nothing that it may not look at for dead", async () => {
  const memory = prepare();
  memory.processes.clear();
  memory.sight = { complete: false, limit: "Nothing was seen" };
  const listed = await capture(["list", "--json"], memory.system);
  const rows: { live_status: string }[] = JSON.parse(listed.stdout);
  assert.deepEqual(
    rows.map(({ live_status }) => live_status),
    ["unknown", "unknown"],
  );
  for (const verb of ["stop", "kill"]) {
    const stderr = await refuse(memory, [verb, ID], 1);
    assert.match(stderr, /^Error: Cannot tell whether process 4321 /m);
  }
});

test("run reports a failure that nobody foresaw with status 1", async () => {
  const memory = prepare();
  memory.onCall = (name) => {
    if (name === "observe") throw new Error("the sky\x1b fell");
  };
  assert.deepEqual(await capture(["list"], memory.system), {
    status: 1,
    stdout: "",
    stderr: "Error: Unexpected failure: the sky\\x1b fell\n",
  });
});
