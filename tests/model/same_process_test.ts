import assert from "node:assert/strict";
import { test } from "node:test";
import {
  compareProcess,
  type ExpectedProcess,
  type Sameness,
} from "../../src/model/same_process.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";

const CLAUDE = "/home/ada/.local/share/claude/versions/2.1.0";
const START = "proc:42";

// All constructed; that Linux adds " (deleted)" is in proc_pid_exe(5).
const ROWS: [
  what: string,
  now: Partial<ProcessFacts>,
  expected: ExpectedProcess,
  sameness: Sameness,
][] = [
  ["the same start", { startTicks: START }, { startTicks: START }, "same"],
  [
    "another start",
    { startTicks: "proc:43", executable: CLAUDE },
    { startTicks: START, executable: CLAUDE },
    "another",
  ],
  ["no start that is expected", {}, { startTicks: undefined }, "same"],
  ["a start that is not told", {}, { startTicks: START }, "start unseen"],
  [
    "a start from another source",
    { startTicks: "ps:42" },
    { startTicks: START },
    "start unseen",
  ],
  [
    "a program that nobody expects",
    { startTicks: START, executable: "/usr/bin/vim" },
    { startTicks: START },
    "same",
  ],
  [
    "the same program",
    { startTicks: START, executable: CLAUDE },
    { startTicks: START, executable: CLAUDE },
    "same",
  ],
  [
    "another program",
    { startTicks: START, executable: "/usr/bin/vim" },
    { startTicks: START, executable: CLAUDE },
    "another",
  ],
  [
    "a program whose file was replaced meanwhile",
    { startTicks: START, executable: `${CLAUDE} (deleted)` },
    { startTicks: START, executable: CLAUDE },
    "same",
  ],
  [
    "a program whose file had been replaced",
    { startTicks: START, executable: `${CLAUDE} (deleted)` },
    { startTicks: START, executable: `${CLAUDE} (deleted)` },
    "same",
  ],
  [
    "a program that started its own update",
    { startTicks: START, executable: CLAUDE },
    { startTicks: START, executable: `${CLAUDE} (deleted)` },
    "same",
  ],
  [
    "another program whose file was replaced",
    { startTicks: START, executable: "/usr/bin/vim (deleted)" },
    { startTicks: START, executable: CLAUDE },
    "another",
  ],
  [
    "a program that is not told",
    { startTicks: START },
    { startTicks: START, executable: CLAUDE },
    "program unseen",
  ],
  [
    "a program without a start",
    { executable: "/usr/bin/vim" },
    { startTicks: undefined, executable: CLAUDE },
    "another",
  ],
];

for (const [what, now, expected, sameness] of ROWS) {
  test(`compareProcess takes ${what} for "${sameness}"`, () => {
    const facts = { pid: 7, zombie: false, ...now };
    assert.equal(compareProcess(facts, expected), sameness);
  });
}
