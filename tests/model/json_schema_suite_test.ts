import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { checkResult } from "../../src/model/exit_result.ts";
import {
  DRAFTS,
  findSuite,
  type Outcome,
  readGroups,
  runGroup,
} from "../support/json_schema_suite.ts";

/** The figures and failures that docs/schema.md reports. */
interface Report {
  totals: Record<string, { passed: number; cases: number }>;
  reasons: Record<string, string>;
  failures: {
    draft: string;
    file: string;
    group: string;
    reason: string;
    cases: Record<string, Outcome>;
  }[];
}

const REQUIRED_CASES = 4942;
const FLOOR = 4840;

const report: Report = JSON.parse(
  readFileSync(
    join(process.cwd(), "tests", "model", "json_schema_known_failures.json"),
    "utf8",
  ),
);

const suite = findSuite();
const skip = "missing" in suite ? suite.missing : false;
if (skip !== false) console.log(skip);
const folder = "folder" in suite ? suite.folder : "";

for (const draft of Object.keys(DRAFTS)) {
  test(`compileSchema keeps to the official suite of ${draft}`, {
    skip,
  }, () => {
    const { fetch } = globalThis;
    globalThis.fetch = () => {
      throw new TypeError("The network was reached for");
    };
    try {
      const failures: Record<string, Outcome> = {};
      let cases = 0;
      for (const group of readGroups(folder, draft)) {
        runGroup(group).forEach((outcome, index) => {
          cases++;
          const { description = "", valid } = group.tests[index] ?? {};
          if (outcome === (valid ? "accepted" : "rejected")) return;
          failures[`${group.file} | ${group.description} | ${description}`] =
            outcome;
        });
      }
      assert.deepEqual(failures, getKnownFailures(draft));
      const passed = cases - Object.keys(failures).length;
      assert.deepEqual({ passed, cases }, report.totals[draft]);
    } finally {
      globalThis.fetch = fetch;
    }
  });
}

function getKnownFailures(draft: string): Record<string, Outcome> {
  const known: Record<string, Outcome> = {};
  for (const failure of report.failures) {
    if (failure.draft !== draft) continue;
    for (const [name, outcome] of Object.entries(failure.cases)) {
      known[`${failure.file} | ${failure.group} | ${name}`] = outcome;
    }
  }
  return known;
}

test("compileSchema passes what it should of the official suite", () => {
  const totals = Object.values(report.totals);
  const sum = (of: "passed" | "cases") =>
    totals.reduce((total, figures) => total + figures[of], 0);
  assert.equal(sum("cases"), REQUIRED_CASES);
  assert.ok(sum("passed") >= FLOOR, `Only ${sum("passed")} pass`);
  for (const { reason, group } of report.failures) {
    assert.ok(report.reasons[reason], `No reason is given for "${group}"`);
  }
});

test("checkResult agrees with compileSchema on the official suite", {
  skip,
}, async () => {
  let checked = 0;
  for (const draft of Object.keys(DRAFTS)) {
    let file = "";
    for (const group of readGroups(folder, draft)) {
      // The first case of each file: every call compiles the schema anew.
      if (group.file === file) continue;
      file = group.file;
      const { schema, documents } = group;
      const text = JSON.stringify(group.tests[0]?.data);
      const verdict = await checkResult({ schema }, text, { documents });
      assert.equal(verdict.kind, runGroup(group)[0], `${draft}/${file}`);
      checked++;
    }
  }
  assert.ok(checked > 150, String(checked));
});

test("compileSchema never fetches what the suite serves", { skip }, () => {
  let refused = 0;
  for (const draft of Object.keys(DRAFTS)) {
    for (const group of readGroups(folder, draft)) {
      if (group.documents === undefined) continue;
      const outcomes = runGroup({ ...group, documents: undefined });
      outcomes.forEach((outcome, index) => {
        const { valid } = group.tests[index] ?? {};
        if (outcome === "unevaluable") refused++;
        else assert.equal(outcome, valid ? "accepted" : "rejected");
      });
    }
  }
  assert.equal(refused, 148);
});

test("docs/schema.md reports these figures and failures", () => {
  const squeeze = (text: string) => text.replace(/[\s\\|-]+/g, " ");
  const text = squeeze(
    readFileSync(join(process.cwd(), "docs", "schema.md"), "utf8"),
  );
  const includes = (part: string) =>
    assert.ok(text.includes(squeeze(part)), `docs/schema.md lacks "${part}"`);
  let passed = 0;
  for (const [draft, figures] of Object.entries(report.totals)) {
    passed += figures.passed;
    includes(`| ${draft} | ${figures.passed} | ${figures.cases} |`);
  }
  includes(`| all | ${passed} | ${REQUIRED_CASES} |`);
  for (const [name, reason] of Object.entries(report.reasons)) {
    const count = report.failures
      .filter((failure) => failure.reason === name)
      .reduce((sum, { cases }) => sum + Object.keys(cases).length, 0);
    includes(`| ${name} | ${count} | ${reason} |`);
  }
  for (const { draft, file, group, reason, cases } of report.failures) {
    const list = Object.entries(cases)
      .map(([name, outcome]) => `${name} (${outcome})`).join("; ");
    includes(`| ${draft}/${file} | ${reason} | ${group}: ${list} |`);
  }
});
