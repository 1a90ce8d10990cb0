import assert from "node:assert/strict";
import { test } from "node:test";
import { capture } from "../../support/capture.ts";
import { addAgent, makeCiMachine } from "../../support/ci_machine.ts";
import { HOSTILE_TEXTS, obeysCommand } from "../../support/clean_up.ts";
import {
  type EndingMachine,
  resists,
  stays,
} from "../../support/ending_machine.ts";

const SUMMARY = "/srv/one/_work/_temp/summary.md";

/** A machine with an agent of this job, a leftover, and others. */
function makeMachine(): EndingMachine {
  const machine = makeCiMachine();
  addAgent(machine, 301, "this-job");
  addAgent(machine, 302, "leftover");
  addAgent(machine, 303, "detached");
  addAgent(machine, 304, "other-runner");
  addAgent(machine, 305, "person");
  addAgent(machine, 306, "unknown");
  return machine;
}

/** The agents of {@linkcode makeMachine} that are still there. */
function listLeft({ processes }: EndingMachine): number[] {
  return [...processes.keys()].filter((pid) => pid > 300 && pid < 400);
}

const ENDED: [args: string[], left: number[]][] = [
  [["job-started"], [301, 303, 304, 305, 306]],
  [["job-completed"], [303, 304, 305, 306]],
  [["job-completed", "--include-detached"], [304, 305, 306]],
  [["job-completed", "--dry-run"], [301, 302, 303, 304, 305, 306]],
  [["job-completed", "-f", "provider=claude"], [301, 302, 303, 304, 305, 306]],
  [["job-completed", "--max", "1"], [301, 302, 303, 304, 305, 306]],
];

for (const [args, left] of ENDED) {
  test(`hook ${args.join(" ")} leaves ${left.join(", ")}`, async () => {
    const machine = makeMachine();
    const { status, stdout } = await capture(["hook", ...args], machine.system);
    assert.equal(status, 0);
    assert.deepEqual(listLeft(machine), left);
    assert.match(stdout, /^zag-ps: \d agents? found/m);
  });
}

test("hook prints what it did, and adds it to the summary of the job", async () => {
  const machine = makeMachine();
  machine.env["GITHUB_STEP_SUMMARY"] = SUMMARY;
  machine.put(SUMMARY, "# Before\n");
  const { stdout, stderr } = await capture(
    ["hook", "job-started"],
    machine.system,
  );
  assert.match(
    stdout,
    /^OUTCOME .*\nexited +codex +302 .* leftover .*\nzag-ps: 1 /,
  );
  assert.equal(stderr, "> SIGTERM to process 302 (pid:302)\n");
  const summary = machine.text(SUMMARY) ?? "";
  assert.match(summary, /^# Before\n<h3>zag-ps job-started<\/h3>\n.*<table>/s);
});

test("hook adds nothing to the summary where it found nothing", async () => {
  const machine = makeCiMachine();
  machine.env["GITHUB_STEP_SUMMARY"] = SUMMARY;
  machine.put(SUMMARY, "");
  await capture(["hook", "job-started"], machine.system);
  assert.equal(machine.text(SUMMARY), "");
});

test("hook makes no file for a summary", async () => {
  const machine = makeMachine();
  machine.env["GITHUB_STEP_SUMMARY"] = SUMMARY;
  const { status, stderr } = await capture(
    ["hook", "job-started"],
    machine.system,
  );
  assert.equal(status, 0);
  assert.doesNotMatch(stderr, /Warning/);
  assert.equal(machine.text(SUMMARY), undefined);
});

test("hook warns of a summary that cannot be written, and goes on", async () => {
  const machine = makeMachine();
  machine.env["GITHUB_STEP_SUMMARY"] = SUMMARY;
  machine.put(SUMMARY, "");
  machine.onCall = (name, [path]) => {
    if (name === "appendFile" && path === SUMMARY) throw new Error("full");
  };
  const { status, stderr } = await capture(
    ["hook", "job-started"],
    machine.system,
  );
  assert.equal(status, 0);
  assert.match(stderr, /^Warning: Failed to write the job summary .*full$/m);
  assert.ok(!machine.processes.has(302));
});

test("hook --json prints the agents", async () => {
  const machine = makeMachine();
  const { stdout, stderr } = await capture(
    ["hook", "job-started", "--json"],
    machine.system,
  );
  const [agent, ...others] = JSON.parse(stdout);
  assert.deepEqual([agent.pid, agent.outcome, others], [302, "exited", []]);
  assert.match(stderr, /1 agent found, 1 ended/);
});

const FAILURES: [name: string, args: string[], stderr: RegExp][] = [
  ["no event", [], /^Error: "hook" needs EVENT/],
  ["an unknown event", ["job-done"], /^Error: "hook" takes job-started or/],
  ["an unknown option", ["job-started", "--what"], /^Error: /],
  ["a wrong filter", ["job-started", "-f", "a=b"], /^Error: Cannot read the f/],
  ["a wrong deadline", ["job-started", "--deadline", "x"], /duration/],
  [
    "too many",
    ["job-completed", "--max", "1"],
    /^Warning: Nothing was signal/m,
  ],
];

for (const [name, args, expected] of FAILURES) {
  test(`hook fails no job because of ${name}`, async () => {
    for (const before of [[], ["--zag-home", "/home/ada/.zag"], ["--json"]]) {
      const machine = makeMachine();
      const argv = [...before, "hook", ...args];
      const { status, stderr } = await capture(argv, machine.system);
      assert.equal(status, 0);
      assert.match(stderr, expected);
      assert.deepEqual(machine.signals, []);
    }
  });
}

test("hook fails no job because of a store that cannot be read", async () => {
  const machine = makeMachine();
  machine.put("/home/ada/.zag/processes.json", "{");
  const { status, stderr } = await capture(
    ["hook", "job-started"],
    machine.system,
  );
  assert.equal(status, 0);
  assert.match(stderr, /^Error: /);
});

test("another verb fails where a folder is called hook", async () => {
  const { status } = await capture(
    ["--zag-home", "hook", "show", "nothing"],
    makeMachine().system,
  );
  assert.notEqual(status, 0);
});

const DEADLINES: [args: string[], milliseconds: number][] = [
  [[], 30_000],
  [["--deadline", "5s"], 5_000],
  [["--deadline", "2m"], 120_000],
];

for (const [args, milliseconds] of DEADLINES) {
  test(`hook ${args.join(" ")} is over in ${milliseconds} ms, whatever it meets`, async () => {
    const machine = makeCiMachine();
    for (let pid = 301; pid < 320; pid++) {
      addAgent(machine, pid, "leftover", pid % 2 === 0 ? stays : resists);
    }
    const start = machine.clock;
    const { status, stderr } = await capture(
      ["hook", "job-started", ...args],
      machine.system,
    );
    assert.equal(status, 0);
    assert.ok(machine.clock - start < milliseconds, `${machine.clock - start}`);
    assert.match(
      stderr,
      /^Warning: Agent codex \(pid 302, pid:302\) survived/m,
    );
    assert.ok(!machine.processes.has(301), "it did not get to the last step");
  });
}

test("hook is cut off some seconds after its deadline, and only while it works", async () => {
  const machine = makeMachine();
  await capture(["hook", "job-started", "--deadline", "2s"], machine.system);
  const calls = machine.calls.filter((call) => /CutOff/.test(call));
  assert.deepEqual(calls, ["armCutOff 5000", "disarmCutOff"]);
  assert.equal(machine.calls.indexOf("armCutOff 5000"), 0);
  assert.equal(machine.calls.at(-1), "disarmCutOff");
});

for (const [name, text] of HOSTILE_TEXTS) {
  test(`hook makes no command of ${name}`, async () => {
    for (const more of [[], ["--json"], ["-f", `name=${text}`], [text]]) {
      const machine = makeCiMachine();
      addAgent(machine, 302, "leftover", stays, {
        executable: `/usr/lib/${text}/codex`,
        args: [`/usr/lib/${text}/codex`, "exec"],
      });
      const { stdout, stderr } = await capture(
        ["hook", "job-started", "--deadline", "1s", ...more],
        machine.system,
      );
      const lines = (stdout + stderr).split(/\r\n|\r|\n/);
      assert.deepEqual(lines.filter(obeysCommand), []);
      assert.ok(lines.length > 1);
    }
  });
}
