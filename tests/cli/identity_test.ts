import assert from "node:assert/strict";
import { test } from "node:test";
import { capture } from "../support/capture.ts";
import type { Memory } from "../support/memory_system.ts";
import { makeMachine, OLDER, YOUNGER } from "../support/one_process.ts";
import { ID } from "../support/zag_files.ts";

const IDENTITY_LINES: [
  name: string,
  machine: Memory,
  lines: string[],
][] = [
  ["a verified process", makeMachine(), ["Status:      running"]],
  ["a consistent process", makeMachine({ markers: {} }), [
    "Status:      running",
  ]],
  ["no process", makeMachine(null), ["Status:      dead"]],
  ["an unverified process", makeMachine(OLDER), [
    "Status:      running",
    "Identity:    unverified: the process started 1 h before the entry was written",
  ]],
  ["a recycled pid", makeMachine(YOUNGER), [
    "Status:      dead",
    "Identity:    recycled: the process started 1 h after the entry was written and carries no ZAG_PROCESS_ID",
  ]],
  ["an invalid pid", makeMachine({}, { pid: 0 }), [
    "Status:      unknown",
    "Identity:    invalid: pid 0 is not an integer from 2 to 2147483647",
  ]],
  ["a process that outlived its end", makeMachine({}, { status: "killed" }), [
    "Status:      killed",
    "Alive:       yes, it outlived its end",
    "Identity:    verified: ZAG_PROCESS_ID of the process is this id",
  ]],
];

for (const [name, memory, lines] of IDENTITY_LINES) {
  test(`show tells the identity of ${name} where it matters`, async () => {
    const { status, stdout, stderr } = await capture(
      ["show", ID],
      memory.system,
    );
    assert.deepEqual([status, stderr], [0, ""]);
    assert.deepEqual(
      stdout.split("\n").filter((line) =>
        /^(?:Status|Alive|Identity|Invalid):/.test(line)
      ),
      lines,
    );
  });
}

const JSON_ROWS: [memory: Memory, expected: Record<string, unknown>][] = [
  [makeMachine(OLDER), {
    identity: "unverified",
    identity_reason: "the process started 1 h before the entry was written",
    live_status: "running",
    alive: true,
  }],
  [makeMachine(YOUNGER), {
    identity: "recycled",
    identity_reason:
      "the process started 1 h after the entry was written and carries no ZAG_PROCESS_ID",
    live_status: "dead",
    alive: false,
  }],
];

for (const [memory, expected] of JSON_ROWS) {
  test(`list and show name the identity ${expected["identity"]} in JSON`, async () => {
    const listed = await capture(["list", "--json"], memory.system);
    const shown = await capture(["show", ID, "--json"], memory.system);
    for (
      const row of [JSON.parse(listed.stdout)[0], JSON.parse(shown.stdout)]
    ) {
      const { identity, identity_reason, live_status, alive } = row;
      assert.deepEqual(
        { identity, identity_reason, live_status, alive },
        expected,
      );
    }
  });
}

test("list --running shows an unverified process and no recycled one", async () => {
  for (const [facts, count] of [[OLDER, 1], [YOUNGER, 0]] as const) {
    const { stdout } = await capture(
      ["list", "--running", "--json"],
      makeMachine(facts).system,
    );
    assert.equal(JSON.parse(stdout).length, count);
  }
});
