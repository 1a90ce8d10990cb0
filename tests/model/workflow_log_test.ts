import assert from "node:assert/strict";
import { test } from "node:test";
import {
  concludeCleanUp,
  describeLeft,
  describeStep,
  listReasons,
  renderCleanUpTable,
} from "../../src/model/workflow_log.ts";
import { HOSTILE_TEXTS, makeRow, obeysCommand } from "../support/clean_up.ts";

test("renderCleanUpTable has a line for each agent", () => {
  const table = renderCleanUpTable([
    makeRow({ pid: 4321, ageMs: 7_384_000, memoryBytes: 3 * 2 ** 20 }),
    makeRow({ id: "pid:99", pid: 99, outcome: "survived", reason: "it hangs" }),
  ]);
  assert.equal(
    table,
    [
      "OUTCOME   AGENT   PID   ID        AGE   MEMORY   OWNERSHIP  WHY",
      "killed    claude  4321  pid:4321  2h3m  3 MiB    leftover   another job left it; its program is claude",
      "survived  claude  99    pid:99    1h    512 MiB  leftover   another job left it; its program is claude; it hangs",
      "",
    ].join("\n"),
  );
  assert.equal(renderCleanUpTable([]), "");
});

for (const [name, text] of HOSTILE_TEXTS) {
  test(`renderCleanUpTable obeys no agent that is called ${name}`, () => {
    const row = makeRow({
      ...{ id: text, provider: text, why: text, reason: text },
      evidence: [text],
      outcome: "survived",
    });
    for (const printed of [renderCleanUpTable([row]), describeLeft(row)]) {
      assert.deepEqual(printed.split("\n").filter(obeysCommand), []);
    }
  });
}

test("listReasons takes the first line of a reason, and no empty text", () => {
  const row = makeRow({ why: "", evidence: ["a\nb"], reason: "c\nd" });
  assert.deepEqual(listReasons(row), ["a\nb", "c"]);
});

test("describeStep says who gets which signal", () => {
  assert.equal(
    describeStep("SIGTERM", [7], "pid:7"),
    "> SIGTERM to process 7 (pid:7)",
  );
  assert.equal(
    describeStep("SIGKILL", [7, 8], "##[x]\n"),
    "> SIGKILL to 2 processes (#\\x23[x]\\n)",
  );
});

test("describeLeft says who is still there, and why", () => {
  assert.equal(
    describeLeft(makeRow({ outcome: "survived", reason: "it hangs" })),
    "Agent claude (pid 4321, pid:4321) survived: it hangs",
  );
  assert.equal(
    describeLeft(makeRow({ outcome: "refused" })),
    "Agent claude (pid 4321, pid:4321) was not ended",
  );
});

const SENTENCES: [
  name: string,
  outcomes: Parameters<typeof makeRow>[0]["outcome"][],
  others: [string, number][],
  sentence: string,
][] = [
  ["nothing", [], [], "0 agents found"],
  ["one that was listed", ["found"], [], "1 agent found"],
  [
    "ends of every kind",
    ["exited", "killed", "gone", "survived", "refused"],
    [],
    "5 agents found, 3 ended, 1 survived, 1 refused",
  ],
  [
    "a dry run",
    ["planned"],
    [],
    "1 agent found, nothing was changed: this is a dry run",
  ],
  [
    "others",
    [],
    [["of other runners", 2], ["of persons", 1]],
    "0 agents found; left alone: 2 of other runners, 1 of persons",
  ],
];

for (const [name, outcomes, others, sentence] of SENTENCES) {
  test(`concludeCleanUp tells of ${name}`, () => {
    const rows = outcomes.map((outcome) =>
      makeRow(outcome === undefined ? {} : { outcome })
    );
    const report = { rows, others: new Map(others), refusal: undefined };
    assert.equal(concludeCleanUp(report), sentence);
  });
}
