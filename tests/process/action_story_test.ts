import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "@std/yaml/parse";
import { isAlive } from "../support/children.ts";
import { skipAction as skip, withHost } from "../support/fake_runner.ts";
import { readBlocks, README } from "../support/readme.ts";
import type { Inputs } from "../support/runner_step.ts";

/** The lines of the README that a person pastes. */
const [lines = ""] = readBlocks("yaml", README);

/** The inputs of the only step in them. */
function readInputs(): Inputs {
  const { jobs } = parse(lines) as {
    jobs: Record<string, { "runs-on": string; steps: { with: Inputs }[] }>;
  };
  const [job, ...others] = Object.values(jobs);
  assert.equal(others.length, 0);
  assert.equal(job?.["runs-on"], "self-hosted");
  assert.equal(job.steps.length, 1);
  return job.steps[0]?.with ?? {};
}

test("README.md has eight lines to paste into a workflow", () => {
  assert.equal(lines.trimEnd().split("\n").length, 8);
  assert.match(lines, /- uses: zag-ps\/zag-ps@v1$/m);
});

test(
  "the Action ends exactly the three agents of a job whose worker was killed, and the neighbour's live on",
  { skip },
  () =>
    withHost(async (host) => {
      const runner = host.startRunner("one");
      const neighbour = host.startRunner("two");
      const live = await neighbour.startJob();
      const theirs = [
        await live.leaveAgent("claude"),
        await live.leaveAgent("codex", "setsid"),
      ];

      const broken = await runner.startJob();
      const ours = [
        await broken.leaveAgent("claude"),
        await broken.leaveAgent("codex", "setsid"),
        await broken.leaveAgent("gemini", "double-fork"),
      ];
      await broken.crash();
      assert.deepEqual(ours.filter(isAlive), ours);

      const next = await runner.startJob();
      const inputs = readInputs();
      const run = await next.uses("main", { with: inputs });

      assert.equal(run.status, 0, run.log);
      assert.deepEqual(ours.filter(isAlive), []);
      assert.deepEqual(theirs.filter(isAlive), theirs);
      const { found, ended, survived, refused } = run.outputs;
      assert.deepEqual([found, ended, survived, refused], ["3", "3", "0", "0"]);
      assert.deepEqual(
        run.processes.map(({ pid }) => pid).sort(),
        ours.toSorted(),
      );

      // It shows why, in the log and in the summary, with the run to blame.
      const why = "it has the tracking id of another job of this runner";
      const page =
        `https://github.example/acme/shop/actions/runs/${broken.run}/attempts/1`;
      for (const { pid, provider, run_url, evidence } of run.processes) {
        assert.equal(run_url, page);
        assert.equal((evidence as string[])[0], why);
        const line = new RegExp(`^exited +${provider} +${pid} .*${why}`, "m");
        assert.match(run.log, line);
        assert.ok(run.summary.includes(`pid ${pid}<br>`));
      }
      assert.equal(run.summary.split(`<a href="${page}">`).length, 4);
      assert.match(run.log, /left alone: .*of other runners/);
      assert.deepEqual(run.annotations, []);

      // After the job its own agents end, and nobody else's.
      const own = await next.leaveAgent("claude");
      const post = await next.uses("post", { with: inputs, state: run.state });
      assert.equal(post.status, 0, post.log);
      assert.ok(!isAlive(own));
      assert.deepEqual(theirs.filter(isAlive), theirs);
    }),
);
