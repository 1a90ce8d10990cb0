import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { isAlive, type Ran } from "../support/children.ts";
import { type FakeJob, skip, withHost } from "../support/fake_runner.ts";
import { ownForm } from "../support/world.ts";

/** Runs the hook as the runner does: with the variables of the job. */
async function runHook(
  job: FakeJob,
  event: string,
  folder: string,
): Promise<Ran & { summary: string }> {
  const { command, env } = ownForm();
  const path = join(folder, `summary-${event}.md`);
  writeFileSync(path, "");
  const ran = await job.runProgram([...command, "hook", event], {
    ...env,
    GITHUB_STEP_SUMMARY: path,
  });
  return { ...ran, summary: readFileSync(path, "utf8") };
}

test(
  "hook job-started ends what earlier jobs have left, and job-completed what this one has",
  { skip },
  () =>
    withHost(async (host) => {
      const runner = host.startRunner("one");
      const live = await host.startRunner("two").startJob();
      const person = await host.startAgent("codex");
      const first = await runner.startJob();
      const left = [
        await first.leaveAgent("codex"),
        await first.leaveAgent("claude", "untracked"),
      ];
      const detached = await first.leaveAgent("codex", "detached");
      await first.crash();
      const spared = [person, await live.leaveAgent("codex"), detached];

      const job = await runner.startJob();
      const started = await runHook(job, "job-started", host.folder);
      assert.equal(started.status, 0, started.stderr);
      assert.deepEqual(left.filter(isAlive), []);
      assert.match(
        started.stdout,
        /^zag-ps: 2 agents found, 2 ended; left al/m,
      );
      assert.match(started.summary, /^<h3>zag-ps job-started<\/h3>/);
      assert.match(started.summary, new RegExp(`/actions/runs/${first.run}/`));

      const own = [
        await job.leaveAgent("codex"),
        await job.leaveAgent("gemini", "untracked"),
      ];
      const completed = await runHook(job, "job-completed", host.folder);
      assert.equal(completed.status, 0, completed.stderr);
      assert.deepEqual(own.filter(isAlive), []);
      assert.deepEqual(spared.filter(isAlive), spared);
      for (const pid of [runner.listener, job.worker, live.worker]) {
        assert.ok(isAlive(pid));
      }
    }),
);

test(
  "hook fails no job because of a log that cannot be written",
  { skip: process.platform === "linux" ? false : "it has no /dev/full" },
  () => {
    const { command: [program = "", ...args], env } = ownForm();
    const folder = mkdtempSync(join(tmpdir(), "zag-ps-hook-"));
    const full = openSync("/dev/full", "w");
    try {
      const run = (verb: string[]) =>
        spawnSync(program, [...args, ...verb], {
          env: { ...env, ZAG_HOME: folder },
          stdio: ["ignore", full, "pipe"],
          encoding: "utf8",
        });
      const hook = run(["hook", "job-started"]);
      assert.match(hook.stderr, /^Error: Failed to write the output/m);
      assert.equal(hook.status, 0);
      assert.equal(run(["list"]).status, 1);
    } finally {
      closeSync(full);
      rmSync(folder, { recursive: true });
    }
  },
);

test(
  "hook is ended after its deadline where it cannot go on",
  { skip: process.platform === "linux" ? false : "it has no open both ways" },
  () => {
    const { command: [program = "", ...args], env } = ownForm();
    const folder = mkdtempSync(join(tmpdir(), "zag-ps-hook-"));
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const { O_RDWR, O_NONBLOCK } = constants;
    const filler = openSync(pipe, O_RDWR | O_NONBLOCK);
    const full = openSync(pipe, "w");
    try {
      assert.throws(() => {
        for (let i = 0; i < 10_000; i++) writeSync(filler, " ".repeat(4096));
      }, { code: "EAGAIN" });
      const hook = spawnSync(
        program,
        [...args, "hook", "job-started", "--deadline", "1ms"],
        {
          env: { ...env, ZAG_HOME: folder },
          stdio: ["ignore", full, "pipe"],
          encoding: "utf8",
          timeout: 60_000,
          killSignal: "SIGTERM",
        },
      );
      assert.equal(hook.signal, "SIGKILL", hook.stderr);
    } finally {
      closeSync(full);
      closeSync(filler);
      rmSync(folder, { recursive: true });
    }
  },
);
