import assert from "node:assert/strict";
import { test } from "node:test";
import { readInputs } from "../../action/inputs.ts";
import { summarize } from "../../action/summary.ts";
import { fakeSteps } from "../support/action_runner.ts";
import { makeRow } from "../support/clean_up.ts";

const REPORT = {
  rows: [makeRow({ prompt: "a secret" })],
  others: new Map(),
  refusal: undefined,
};

test("summarize writes a summary without prompts", async () => {
  const { runner, summaries } = fakeSteps();
  await summarize(runner, REPORT, readInputs({}), "zag-ps reap");
  assert.match(summaries[0] ?? "", /^<h3>zag-ps reap<\/h3>\n.*<table>/s);
  assert.doesNotMatch(summaries[0] ?? "", /secret/);
});

test("summarize shows prompts if that is asked for", async () => {
  const { runner, summaries } = fakeSteps();
  const inputs = readInputs({ "INPUT_SHOW-PROMPTS": "true" });
  await summarize(runner, REPORT, inputs, "zag-ps reap");
  assert.match(summaries[0] ?? "", /a secret/);
});

test("summarize writes nothing if that is asked for", async () => {
  const { runner, summaries } = fakeSteps();
  const inputs = readInputs({ INPUT_SUMMARY: "false" });
  await summarize(runner, REPORT, inputs, "zag-ps reap");
  assert.deepEqual(summaries, []);
});

test("summarize warns where the summary cannot be written", async () => {
  const { runner, told } = fakeSteps();
  const failing = {
    ...runner,
    writeSummary: () => Promise.reject(new Error("no such file")),
  };
  await summarize(failing, REPORT, readInputs({}), "zag-ps reap");
  assert.deepEqual(told, [
    "warning: Failed to write the job summary: no such file",
  ]);
});
