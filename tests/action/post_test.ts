import assert from "node:assert/strict";
import { test } from "node:test";
import { CHECKED_STATE } from "../../action/main.ts";
import { CUT_OFF_MS, runPost } from "../../action/post.ts";
import { fakeSteps } from "../support/action_runner.ts";
import { addAgent, makeCiMachine } from "../support/ci_machine.ts";
import {
  type EndingMachine,
  resists,
  stays,
} from "../support/ending_machine.ts";

/** GitHub gives no such limit; the issue does. */
const TWO_MINUTES_MS = 120_000;

/** Runs the post step on a machine. */
async function run(machine: EndingMachine, inputs: Record<string, string>) {
  const steps = fakeSteps(inputs);
  steps.state[CHECKED_STATE] = "true";
  const from = machine.calls.length;
  const start = machine.clock;
  const status = await runPost({
    runner: steps.runner,
    system: machine.system,
  });
  return {
    status,
    cutOff: machine.calls.slice(from).filter((call) => /CutOff/.test(call)),
    elapsedMs: machine.clock - start,
    ...steps,
  };
}

const LONG = "10m";

const LADDERS: [name: string, post: string, signals: string[]][] = [
  ["stop", "stop", ["SIGHUP", "SIGTERM", "SIGKILL"]],
  ["kill", "kill", ["SIGTERM", "SIGKILL"]],
];

for (const [name, post, signals] of LADDERS) {
  test(`runPost goes to the end of the ladder of ${name} in two minutes, whatever the timeout is`, async () => {
    const machine = makeCiMachine();
    addAgent(machine, 301, "this-job", resists);
    const ran = await run(machine, { INPUT_POST: post, INPUT_TIMEOUT: LONG });
    assert.deepEqual(machine.signals.map(([, signal]) => signal), signals);
    assert.ok(!machine.processes.has(301));
    assert.ok(ran.elapsedMs < TWO_MINUTES_MS - 10_000, `${ran.elapsedMs}`);
    assert.equal(ran.status, 0);
  });
}

test("runPost gives up in two minutes what cannot be ended", async () => {
  const machine = makeCiMachine();
  for (let pid = 301; pid < 340; pid++) {
    addAgent(machine, pid, "this-job", stays);
  }
  const ran = await run(machine, { INPUT_POST: "stop", INPUT_TIMEOUT: LONG });
  assert.ok(ran.elapsedMs < TWO_MINUTES_MS - 10_000, `${ran.elapsedMs}`);
  assert.equal(ran.status, 1);
  assert.equal(
    ran.told.filter((text) => text.startsWith("error: ")).length,
    39,
  );
});

test("runPost gives up in two minutes a tree that grows without end", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "this-job", stays);
  let pid = 10_000;
  machine.onSleep = () =>
    addAgent(machine, ++pid, "this-job", stays, {
      ppid: 301,
      name: "sh",
      executable: "/bin/sh",
      args: ["sh"],
    });
  const ran = await run(machine, { INPUT_POST: "stop", INPUT_TIMEOUT: LONG });
  assert.ok(ran.elapsedMs < TWO_MINUTES_MS - 10_000, `${ran.elapsedMs}`);
  assert.equal(ran.status, 1);
});

test("runPost leaves the agents of other jobs alone", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "this-job");
  addAgent(machine, 302, "leftover");
  addAgent(machine, 303, "detached");
  addAgent(machine, 304, "other-runner");
  await run(machine, {
    INPUT_POST: "kill",
    "INPUT_INCLUDE-DETACHED": "true",
  });
  assert.deepEqual(
    [301, 302, 303, 304].filter((pid) => machine.processes.has(pid)),
    [302, 303, 304],
  );
});

test("runPost is cut off by force within two minutes, and only while it works", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "this-job");
  const ran = await run(machine, { INPUT_POST: "kill" });
  assert.deepEqual(ran.cutOff, [`armCutOff ${CUT_OFF_MS}`, "disarmCutOff"]);
  assert.ok(CUT_OFF_MS < TWO_MINUTES_MS);
  const idle = await run(machine, {});
  assert.deepEqual(idle.cutOff, []);
});

test("runPost ends agents that are younger than the main step asks for", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "this-job");
  addAgent(machine, 302, "person");
  await run(machine, {
    ...{ INPUT_COMMAND: "reap", INPUT_SCOPE: "host" },
    ...{ "INPUT_OLDER-THAN": "12h", INPUT_POST: "kill" },
  });
  assert.deepEqual(
    [301, 302].filter((pid) => machine.processes.has(pid)),
    [302],
  );
});

test("runPost leaves it to the main step to say that a runner is new", async () => {
  const ran = await run(makeCiMachine(), {
    ...{ INPUT_POST: "kill", RUNNER_ENVIRONMENT: "github-hosted" },
  });
  assert.deepEqual(ran.told, ["log: 0 agents found"]);
});

test("runPost ends more agents than one that the main step names", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "this-job");
  addAgent(machine, 302, "this-job");
  const ran = await run(machine, {
    ...{ INPUT_COMMAND: "kill", INPUT_ID: "pid:301", INPUT_RESULT: "done" },
    INPUT_POST: "kill",
  });
  assert.equal(ran.status, 0);
  assert.ok(!machine.processes.has(301) && !machine.processes.has(302));
});
