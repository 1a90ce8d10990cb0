import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "@std/yaml/parse";
import { setOutputs } from "../../action/outputs.ts";
import { fakeSteps } from "../support/action_runner.ts";
import { makeRow } from "../support/clean_up.ts";

const SERVER = "https://github.example";
const RUN = `${SERVER}/acme/shop/actions/runs/123`;

test("setOutputs sets the outputs that action.yml describes", () => {
  const { runner, outputs } = fakeSteps({ GITHUB_SERVER_URL: SERVER });
  const rows = [
    makeRow({ runUrl: RUN }),
    makeRow({ pid: 9, outcome: "survived", reason: "it hangs" }),
    makeRow({ pid: 8, outcome: "refused" }),
  ];
  setOutputs(runner, { rows, others: new Map(), refusal: undefined }, "done");
  const { processes = "", ...others } = outputs;
  assert.deepEqual(others, {
    ...{ found: "3", ended: "1", survived: "1", refused: "1" },
    result: "done",
  });
  const { outputs: described } = parse(readFileSync("action.yml", "utf8"));
  assert.deepEqual(Object.keys(outputs), Object.keys(described));
  const [first, second] = JSON.parse(processes);
  assert.deepEqual(first, {
    ...{ id: "pid:4321", pid: 4321, provider: "claude" },
    ...{ age: "1h", age_ms: 3_600_000, memory_bytes: 2 ** 29 },
    ownership: "leftover",
    evidence: ["another job left it", "its program is claude"],
    ...{ outcome: "killed", reason: null, run_url: RUN },
  });
  assert.equal(second.reason, "it hangs");
  for (const key of Object.keys(first)) {
    assert.match(described.processes.description, new RegExp(`\\b${key}\\b`));
  }
});

test("setOutputs leaves the result empty where there is none", () => {
  const { runner, outputs } = fakeSteps();
  const report = { rows: [], others: new Map(), refusal: undefined };
  setOutputs(runner, report, undefined);
  assert.equal(outputs["result"], "");
  assert.equal(outputs["processes"], "[]");
});

test("setOutputs leaves a result out that is too large, and says so", () => {
  const report = { rows: [], others: new Map(), refusal: undefined };
  const fits = fakeSteps();
  setOutputs(fits.runner, report, "x".repeat(400_000));
  assert.equal(fits.outputs["result"]?.length, 400_000);
  assert.deepEqual(fits.told, []);
  const large = fakeSteps();
  setOutputs(large.runner, report, "x".repeat(400_001));
  assert.equal(large.outputs["result"], "");
  assert.deepEqual(large.told, [
    'warning: The output "result" was left out: it has 400001 characters, and no more than 400000 may be given',
  ]);
});
