import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlive } from "../support/children.ts";
import {
  type FakeHost,
  skipAction as skip,
  withHost,
} from "../support/fake_runner.ts";

/** Runs main and post of one job with an agent, beside a live neighbour. */
async function runJob(host: FakeHost, inputs: Record<string, string>) {
  const live = await host.startRunner("two").startJob();
  const theirs = await live.leaveAgent("codex");
  const runner = host.startRunner("one");
  const first = await runner.startJob();
  const left = await first.leaveAgent("codex");
  await first.crash();
  const job = await runner.startJob();
  const main = await job.uses("main", { with: inputs });
  assert.equal(main.status, 0, main.log);
  const own = [
    await job.leaveAgent("claude"),
    await job.leaveAgent("codex", "setsid"),
    await job.leaveAgent("codex", "untracked"),
  ];
  const post = await job.uses("post", { with: inputs, state: main.state });
  assert.deepEqual([left, theirs].filter(isAlive), [left, theirs]);
  return { own, post };
}

for (const command of ["stop", "kill"]) {
  test(
    `the post step ends the agents of this job alone with post: ${command}`,
    { skip },
    () =>
      withHost(async (host) => {
        const { own, post } = await runJob(host, { post: command });
        assert.equal(post.status, 0, post.log);
        assert.deepEqual(own.filter(isAlive), []);
        assert.match(post.log, /3 agents found, 3 ended/);
        assert.match(post.summary, new RegExp(`zag-ps ${command}, after the`));
        assert.deepEqual(post.outputs, {});
      }),
  );
}

test(
  "the post step lists the agents of this job with post: list",
  { skip },
  () =>
    withHost(async (host) => {
      const { own, post } = await runJob(host, { post: "list" });
      assert.equal(post.status, 0, post.log);
      assert.deepEqual(own.filter(isAlive), own);
      assert.match(post.log, /3 agents found; left alone: .*1 left by earlier/);
    }),
);

test(
  "the post step does nothing unless it is asked to",
  { skip },
  () =>
    withHost(async (host) => {
      const { own, post } = await runJob(host, {});
      assert.deepEqual([post.status, post.log], [0, ""]);
      assert.deepEqual(own.filter(isAlive), own);
    }),
);

test(
  "the post step does nothing where the main step did not get to its work",
  { skip },
  () =>
    withHost(async (host) => {
      const job = await host.startRunner("one").startJob();
      const own = await job.leaveAgent("codex");
      const post = await job.uses("post", { with: { post: "kill" } });
      assert.equal(post.status, 0);
      assert.match(post.log, /^The main step did not get to its work/);
      assert.ok(isAlive(own));
    }),
);
