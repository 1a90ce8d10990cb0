import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isAlive } from "../support/children.ts";
import { skipAction as skip, withHost } from "../support/fake_runner.ts";
import { makeEntry } from "../support/records.ts";
import { readEntry, readLog, recordAgents } from "../support/runner_store.ts";

/**
 * The Action ends whatever carries the id: no other test has these.
 */
const ID = randomUUID();
const OTHER_ID = randomUUID();

const EXIT = {
  hint: "the verdict as JSON",
  schema: {
    type: "object",
    required: ["ok"],
    properties: { ok: { type: "boolean" } },
  },
};

test(
  "the Action reaps recorded leftovers, their entries and logs included",
  { skip },
  () =>
    withHost(async (host) => {
      const runner = host.startRunner("one");
      const first = await runner.startJob();
      const mark = (id: string) => ({ env: { ZAG_PROCESS_ID: id } });
      const left = await first.leaveAgent("codex", "setsid", mark(ID));
      await first.crash();
      const job = await runner.startJob();
      const own = await job.leaveAgent("codex", "setsid", mark(OTHER_ID));
      recordAgents(host, [
        { id: ID, pid: left, exit: EXIT, prompt: "use the key s3cr3t" },
        { id: OTHER_ID, pid: own },
      ]);
      const run = await job.uses("main", {
        with: { command: "reap", "include-untracked": false },
      });
      assert.equal(run.status, 0, run.log);
      assert.deepEqual(run.processes.map(({ id }) => id), [ID]);
      assert.ok(!isAlive(left));
      assert.equal(readEntry(host, ID)["status"], "killed");
      assert.deepEqual(
        readLog(host, ID).map(({ type }) => type),
        ["session_started", "session_ended"],
      );
      assert.ok(isAlive(own));
      assert.equal(readEntry(host, OTHER_ID)["status"], "running");
      assert.doesNotMatch(run.log + run.summary, /s3cr3t/);
      const shown = await job.uses("main", {
        with: { scope: "job", "show-prompts": true },
      });
      assert.match(shown.summary, /fix the tests/);
    }),
);

test(
  "the Action kills the agent of an id with a result that was asked for",
  { skip },
  () =>
    withHost(async (host) => {
      const job = await host.startRunner("one").startJob();
      const pid = await job.leaveAgent("codex", "setsid", {
        env: { ZAG_PROCESS_ID: ID },
      });
      recordAgents(host, [{ id: ID, pid, exit: EXIT }]);
      const kill = { command: "kill", id: ID.slice(0, 8) };

      const none = await job.uses("main", { with: kill });
      assert.equal(none.status, 1);
      const wrong = await job.uses("main", {
        with: { ...kill, result: '{"ok":"yes"}' },
      });
      assert.equal(wrong.status, 1);
      assert.match(wrong.annotations.join(), /is not of type "boolean"/);
      assert.ok(isAlive(pid));
      assert.equal(readEntry(host, ID)["status"], "running");
      assert.equal(readLog(host, ID).length, 1);

      writeFileSync(join(host.folder, "result.json"), '{"ok": true}\n');
      const run = await job.uses("main", {
        with: { ...kill, "result-file": join(host.folder, "result.json") },
      });
      assert.equal(run.status, 0, run.log);
      assert.equal(run.outputs["result"], '{"ok": true}\n');
      assert.ok(!isAlive(pid));
      assert.equal(readEntry(host, ID)["status"], "killed");
      const { type, result } = readLog(host, ID).at(-1) ?? {};
      assert.deepEqual([type, result], ["session_result", '{"ok": true}\n']);
    }),
);

test(
  "the Action prunes what ended long ago, and nothing on a dry run",
  { skip },
  () =>
    withHost(async (host) => {
      const job = await host.startRunner("one").startJob();
      const ended = (id: string, at: string) =>
        makeEntry({ id, pid: 99_999, status: "exited", exited_at: at });
      writeFileSync(
        join(host.zag, "processes.json"),
        JSON.stringify({
          processes: [
            ended(ID, "2020-01-01T00:00:00+00:00"),
            ended(OTHER_ID, new Date().toISOString().replace("Z", "+00:00")),
          ],
        }),
      );
      const dry = { command: "prune", "dry-run": true };
      const planned = await job.uses("main", { with: dry });
      assert.deepEqual(
        planned.processes.map(({ id, outcome }) => [id, outcome]),
        [[ID, "planned"]],
      );
      assert.equal(readEntry(host, ID)["status"], "exited");
      const run = await job.uses("main", { with: { command: "prune" } });
      assert.equal(run.status, 0, run.log);
      assert.deepEqual([run.outputs["found"], run.outputs["ended"]], [
        ...["1", "1"],
      ]);
      assert.equal(readEntry(host, ID), undefined);
      assert.equal(readEntry(host, OTHER_ID)["status"], "exited");
    }),
);
