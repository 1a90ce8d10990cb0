import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { isAlive, waitUntil } from "../support/children.ts";
import {
  type FakeHost,
  type FakeJob,
  skipAction as skip,
  withHost,
} from "../support/fake_runner.ts";
import { readEntry, readLog, recordAgents } from "../support/runner_store.ts";

/**
 * The Action ends whatever carries the id: no other test has these.
 */
const ID = randomUUID();

/** A job, and a recorded agent that ignores what it can. */
async function prepare(
  host: FakeHost,
): Promise<{ job: FakeJob; left: number }> {
  const runner = host.startRunner("one");
  const first = await runner.startJob();
  const left = await first.leaveAgent("codex", "setsid", {
    env: { ZAG_PROCESS_ID: ID },
    stubborn: true,
  });
  await first.crash();
  recordAgents(host, [{ id: ID, pid: left }]);
  return { job: await runner.startJob(), left };
}

test(
  "the Action puts back what it marked where SIGINT cancels it",
  { skip },
  () =>
    withHost(async (host) => {
      const { job, left } = await prepare(host);
      const store = join(host.zag, "processes.json");
      const before = readFileSync(store, "utf8");
      const step = await job.begin("main", {
        with: { command: "kill", timeout: "1m" },
      });
      await waitUntil(() => step.log().includes("SIGTERM"), "no signal");
      assert.equal(readEntry(host, ID)["status"], "killed");
      process.kill(step.pid, "SIGINT");
      const run = await step.end();
      assert.equal(run.status, 130, run.log);
      assert.ok(isAlive(left));
      assert.equal(readFileSync(store, "utf8"), before);
      assert.equal(readLog(host, ID).length, 1);
      assert.equal(run.outputs["survived"], "1");
      assert.match(run.annotations.join(), /^error: Agent codex .* survived/);
      assert.match(run.summary, /<table>/);
    }),
);

test(
  "the Action finishes what it began where SIGTERM cancels it",
  { skip },
  () =>
    withHost(async (host) => {
      const { job, left } = await prepare(host);
      const step = await job.begin("main", {
        with: { command: "reap", timeout: "1s" },
      });
      await waitUntil(() => step.log().includes("SIGTERM"), "no signal");
      process.kill(step.pid, "SIGTERM");
      const run = await step.end();
      assert.equal(run.status, 143, run.log);
      assert.ok(!isAlive(left));
      assert.equal(readEntry(host, ID)["status"], "killed");
      assert.deepEqual(
        readLog(host, ID).map(({ type }) => type),
        ["session_started", "session_ended"],
      );
      assert.deepEqual(run.processes.map(({ outcome }) => outcome), ["killed"]);
    }),
);
