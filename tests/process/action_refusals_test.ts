import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlive } from "../support/children.ts";
import { obeysCommand } from "../support/clean_up.ts";
import {
  type FakeHost,
  type FakeJob,
  skipAction as skip,
  withHost,
} from "../support/fake_runner.ts";

/** A job, and agents that the one before it has left. */
async function prepare(
  host: FakeHost,
  count: number,
): Promise<{ job: FakeJob; left: number[] }> {
  const runner = host.startRunner("one");
  const first = await runner.startJob();
  const left: number[] = [];
  for (let i = 0; i < count; i++) left.push(await first.leaveAgent("codex"));
  await first.crash();
  return { job: await runner.startJob(), left };
}

test(
  "the Action ends nothing where more than max are found",
  { skip },
  () =>
    withHost(async (host) => {
      const { job, left } = await prepare(host, 3);
      const run = await job.uses("main", {
        with: { command: "reap", max: 2, "fail-on-survivor": false },
      });
      assert.equal(run.status, 1);
      assert.deepEqual(left.filter(isAlive), left);
      assert.deepEqual(run.annotations, [
        "error: Nothing was signalled: 3 agents are meant, and no more than 2 may be ended at once\nMean fewer, or raise max to 3",
      ]);
      const { found, ended, survived, refused } = run.outputs;
      assert.deepEqual([found, ended, survived, refused], [
        ...["3", "0", "0", "3"],
      ]);
    }),
);

const WRONG: [name: string, inputs: Record<string, string>, input: string][] = [
  ["an input that it does not know", { scoep: "runner" }, "scoep"],
  ["a wrong value", { scope: "all" }, "scope"],
  ["the host without an age", { scope: "host" }, "older-than"],
  ["a result without an id", { result: "done" }, "id"],
];

for (const [name, inputs, input] of WRONG) {
  test(
    `the Action refuses ${name} before anything is signalled`,
    { skip },
    () =>
      withHost(async (host) => {
        const { job, left } = await prepare(host, 1);
        const wrong = { command: "kill", post: "kill", ...inputs };
        const run = await job.uses("main", { with: wrong });
        assert.equal(run.status, 1);
        assert.equal(run.annotations.length, 1, run.log);
        assert.match(
          run.annotations[0] ?? "",
          new RegExp(`^error: Cannot use the input "${input}": `),
        );
        const own = await job.leaveAgent("codex");
        const post = await job.uses("post", { with: wrong, state: run.state });
        assert.deepEqual([post.status, post.annotations], [0, []]);
        assert.deepEqual([...left, own].filter(isAlive), [...left, own]);
      }),
  );
}

test(
  "the Action fails where agents are found and must not be",
  { skip },
  () =>
    withHost(async (host) => {
      const { job } = await prepare(host, 1);
      const gate = { "fail-on-found": true };
      const run = await job.uses("main", { with: gate });
      assert.equal(run.status, 1);
      assert.deepEqual(run.annotations, [
        "error: 1 agent found, and fail-on-found is set",
      ]);
    }),
);

test(
  "the Action says that a runner of GitHub's is new, and works there",
  { skip },
  () =>
    withHost(async (host) => {
      const { job, left } = await prepare(host, 1);
      const run = await job.uses("main", {
        with: { command: "reap" },
        env: { RUNNER_ENVIRONMENT: "github-hosted" },
      });
      assert.equal(run.status, 0, run.log);
      assert.match(run.annotations.join(), /^notice: This runner is GitHub's/);
      assert.deepEqual(left.filter(isAlive), []);
    }),
);

/** Names that a runner would obey in a log, and a browser in a summary. */
const HOSTILE = 'x ##[error]y\n::error::z <img src=x onerror="a()">';

test(
  "the Action obeys nothing that a process says of itself",
  { skip },
  () =>
    withHost(async (host) => {
      const runner = host.startRunner("one");
      const first = await runner.startJob();
      await first.crash();
      const job = await runner.startJob();
      const pid = await host.startAgent(
        "gemini",
        {
          ...first.env,
          RUNNER_NAME: HOSTILE,
          GITHUB_JOB: HOSTILE,
          GITHUB_REPOSITORY: HOSTILE,
        },
        undefined,
        HOSTILE.replaceAll("/", "_"),
      );
      const run = await job.uses("main", { with: { command: "kill" } });
      assert.equal(run.status, 0, run.log);
      assert.deepEqual(run.processes.map(({ pid }) => pid), [pid]);
      assert.match(run.log, /x #\\x23\[error\]y\\n::error::z </);
      const commands = run.log.split("\n").filter(obeysCommand);
      assert.deepEqual(
        commands.filter((line) => !/^::(end)?group::/.test(line)),
        [],
      );
      assert.doesNotMatch(run.summary, /<img/);
      assert.match(run.summary, /&lt;img/);
    }),
);

test(
  "the Action works without a summary, and without a place for one",
  { skip },
  () =>
    withHost(async (host) => {
      const { job, left } = await prepare(host, 1);
      const quiet = await job.uses("main", { with: { summary: false } });
      assert.deepEqual([quiet.status, quiet.summary], [0, ""]);
      const run = await job.uses("main", {
        with: { command: "reap" },
        env: { GITHUB_STEP_SUMMARY: "/no/such/file" },
      });
      assert.equal(run.status, 0, run.log);
      assert.match(run.annotations.join(), /^warning: Failed to write the job/);
      assert.deepEqual(left.filter(isAlive), []);
    }),
);
