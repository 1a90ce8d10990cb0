/**
 * Has a stranger to this project run the committed bundle as the runner does:
 * main, and post with what main kept. It runs under the Node that GitHub takes.
 *
 * @module
 */

import { RunOptions, RunTarget } from "github-action-ts-run-api";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import process from "node:process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const skip = process.platform === "linux"
  ? false
  : "only Linux tells whose a process is";
const TRACKING_ID = "github_0b5a7c1e-3f0d-4a53-9d6c-2f1f7f0f8a11";
const EARLIER_ID = "github_6f0b5a7c-1e3f-4d4a-939d-6c2f1f7f0f8a";

/** A runner's folder with a program in it that looks like an agent. */
interface Place {
  readonly folder: string;
  readonly temp: string;
  /** Starts an agent of a job, and waits until it is up. */
  start(trackingId: string): Promise<ChildProcess>;
}

async function withPlace(use: (place: Place) => Promise<void>): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "zag-ps-client-")));
  const temp = join(folder, "_temp");
  const codex = join(folder, "codex");
  const agents: ChildProcess[] = [];
  mkdirSync(temp);
  copyFileSync(realpathSync("/bin/sh"), codex);
  chmodSync(codex, 0o755);
  writeFileSync(join(folder, "exec"), "echo READY\nread -r line\n");
  try {
    await use({
      folder,
      temp,
      async start(trackingId) {
        const agent = spawn(codex, ["exec"], {
          cwd: folder,
          env: { ...JOB, RUNNER_TEMP: temp, RUNNER_TRACKING_ID: trackingId },
          stdio: ["pipe", "pipe", "inherit"],
        });
        agents.push(agent);
        await once(agent.stdout, "data");
        return agent;
      },
    });
  } finally {
    for (const agent of agents) agent.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

const JOB = { CI: "true", GITHUB_ACTIONS: "true", GITHUB_RUN_ID: "17" };

/** What a step gets. */
function makeOptions({ folder, temp }: Place, inputs: Record<string, string>) {
  return RunOptions.create()
    .setInputs(inputs)
    .setTempDir(temp)
    .setEnv({
      RUNNER_TRACKING_ID: TRACKING_ID,
      ZAG_HOME: join(folder, "zag"),
      PATH: process.env["PATH"] ?? "",
    })
    .setOutputOptions({ printStdout: false, printStderr: false });
}

test(
  "a client runs main and post of the Action",
  { skip },
  () =>
    withPlace(async (place) => {
      const left = await place.start(EARLIER_ID);
      const own = await place.start(TRACKING_ID);
      const ends = [once(left, "exit"), once(own, "exit")];
      const inputs = { command: "reap", post: "kill" };

      const main = await RunTarget.mainJs("action.yml")
        .run(makeOptions(place, inputs));
      assert.equal(main.exitCode, 0, main.stdout);
      assert.equal(main.error, undefined);
      const { outputs, errors, savedState } = main.commands;
      assert.deepEqual([outputs["found"], outputs["ended"]], ["1", "1"]);
      assert.deepEqual(errors, []);
      assert.equal(JSON.parse(outputs["processes"] ?? "")[0].pid, left.pid);
      await ends[0];
      assert.equal(own.exitCode ?? own.signalCode, null);

      const post = await RunTarget.postJs("action.yml")
        .run(makeOptions(place, inputs).setState(savedState));
      assert.equal(post.exitCode, 0, post.stdout);
      assert.match(post.stdout ?? "", /1 agent found, 1 ended/);
      await ends[1];
    }),
);

test(
  "a client gets one error for a wrong input",
  { skip },
  () =>
    withPlace(async (place) => {
      const left = await place.start(EARLIER_ID);
      const main = await RunTarget.mainJs("action.yml")
        .run(makeOptions(place, { command: "kill", scope: "everything" }));
      assert.equal(main.exitCode, 1);
      assert.deepEqual(main.commands.errors, [
        'Cannot use the input "scope": it takes job, runner or host, not "everything"',
      ]);
      assert.equal(left.exitCode ?? left.signalCode, null);
    }),
);
