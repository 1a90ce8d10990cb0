import assert from "node:assert/strict";
import { test } from "node:test";
import { readInputs } from "../../action/inputs.ts";
import { isFailure, logReport } from "../../action/log.ts";
import type { CleanUpReport } from "../../src/model/clean_up_report.ts";
import { fakeSteps } from "../support/action_runner.ts";
import { makeRow } from "../support/clean_up.ts";

const FOUND = "INPUT_FAIL-ON-FOUND";
const SURVIVOR = "INPUT_FAIL-ON-SURVIVOR";

function report(
  outcomes: ReturnType<typeof makeRow>["outcome"][],
  refusal?: string,
): CleanUpReport {
  const rows = outcomes.map((outcome, i) => makeRow({ outcome, pid: 10 + i }));
  return { rows, others: new Map(), refusal };
}

const ROWS: [
  name: string,
  report: CleanUpReport,
  variables: Record<string, string>,
  fails: boolean,
  annotations: string[],
][] = [
  ["nothing", report([]), {}, false, []],
  ["what was listed", report(["found"]), {}, false, []],
  ["what ended", report(["exited", "killed", "gone"]), {}, false, []],
  [
    "what was listed and must not be there",
    report(["found", "found"]),
    {
      [FOUND]: "true",
    },
    true,
    ["error: 2 agents found, and fail-on-found is set"],
  ],
  [
    "nothing that must not be there",
    report([]),
    {
      [FOUND]: "true",
    },
    false,
    [],
  ],
  [
    "survivors and refusals",
    report(["survived", "killed", "refused"]),
    {},
    true,
    [
      "error: Agent claude (pid 10, pid:10) survived",
      "error: Agent claude (pid 12, pid:12) was not ended",
    ],
  ],
  [
    "survivors that may be",
    report(["survived", "refused"]),
    {
      [SURVIVOR]: "false",
    },
    false,
    [
      "warning: Agent claude (pid 10, pid:10) survived",
      "warning: Agent claude (pid 11, pid:11) was not ended",
    ],
  ],
  [
    "too many",
    report(["refused", "refused"], "2 agents are meant"),
    {
      [SURVIVOR]: "false",
    },
    true,
    ["error: 2 agents are meant"],
  ],
];

for (const [name, report, variables, fails, annotations] of ROWS) {
  test(`logReport tells of ${name}, and isFailure says ${fails}`, () => {
    const inputs = readInputs(variables);
    const { runner, told } = fakeSteps();
    logReport(runner, report, inputs);
    assert.deepEqual(
      told.filter((text) => /^(error|warning|notice): /.test(text)),
      annotations,
    );
    const groups = told.filter((text) => text.startsWith("group: zag-ps: "));
    assert.equal(groups.length, report.rows.length > 0 ? 1 : 0);
    assert.match(told[groups.length] ?? "", /^log: \d+ agents? found/);
    assert.equal(isFailure(report, inputs), fails);
  });
}
