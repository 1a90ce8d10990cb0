import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { quoteForShell } from "../../src/cli/shell.ts";
import { runProgram, waitUntil, withDeadline } from "../support/children.ts";
import { access, openNursery } from "../support/nursery.ts";
import { makeEntry } from "../support/records.ts";
import { ownForm, withWorld, type World } from "../support/world.ts";
import { isZombie } from "../support/zombie.ts";

/** What carries the id of a tree is ended: no other test has these. */
const ID = randomUUID();
const OTHER_ID = randomUUID();

const skip = process.platform === "win32" ? "Windows has no signals" : false;

/** A shell that ends of some signals, and a bystander, both recorded. */
async function startTwo(world: World, script: string) {
  const bystander = world.startSleeper({ ZAG_PROCESS_ID: OTHER_ID });
  const agent = world.start("/bin/sh", [
    "-c",
    `${script}; echo READY; while :; do sleep 0.05; done`,
  ], { PATH: process.env["PATH"] ?? "", ZAG_PROCESS_ID: ID });
  await agent.waitFor("READY\n");
  world.writeProcesses([
    makeEntry({ id: ID, pid: agent.pid }),
    makeEntry({ id: OTHER_ID, pid: bystander.pid }),
  ]);
  return { agent, bystander };
}

const RUNGS: [
  name: string,
  script: string,
  argv: string[],
  outcome: string,
  end: string | number,
  signals: string,
][] = [
  ["one that obeys", ":", ["stop"], "exited", "SIGHUP", "SIGHUP"],
  [
    "one that ignores SIGHUP",
    "trap '' HUP",
    ["stop"],
    "exited",
    "SIGTERM",
    "SIGHUP SIGTERM",
  ],
  [
    "one that ignores SIGHUP and SIGTERM",
    "trap '' HUP TERM",
    ["stop"],
    "killed",
    "SIGKILL",
    "SIGHUP SIGTERM SIGKILL",
  ],
  [
    "one that ignores SIGTERM",
    "trap '' TERM",
    ["kill"],
    "killed",
    "SIGKILL",
    "SIGTERM SIGKILL",
  ],
  [
    "one that ends late",
    "trap 'sleep 0.15; exit 3' HUP",
    ["stop"],
    "exited",
    3,
    "SIGHUP",
  ],
  [
    "one that is sent SIGINT first",
    "trap 'exit 4' INT",
    ["kill", "-s", "INT"],
    "exited",
    4,
    "SIGINT",
  ],
  [
    "one that ignores all",
    "trap '' HUP TERM",
    [
      "stop",
      "--now",
    ],
    "killed",
    "SIGKILL",
    "SIGKILL",
  ],
];

for (const [name, script, [verb = "", ...more], outcome, end, sent] of RUNGS) {
  test(`${[verb, ...more].join(" ")} -t ends ${name}, and says ${outcome}`, {
    skip,
  }, () =>
    withWorld(async (world) => {
      const { agent, bystander } = await startTwo(world, script);
      const argv = [verb, ID, ...more, "-t", "400ms", "--json"];
      const ran = await world.run(argv);
      assert.equal(ran.status, 0, ran.stderr);
      assert.equal(agent.isAlive(), false, "it was not waited for");
      assert.equal(await agent.waitForEnd(), end);
      const [report] = JSON.parse(ran.stdout);
      assert.equal(report.outcome, outcome);
      assert.equal(report.signals.join(" "), sent);
      const announced = [
        ...ran.stderr.matchAll(/^> (\w+) to process (\d+) /gm),
      ];
      assert.deepEqual(
        announced.map(([, signal, pid]) => [signal, Number(pid)]),
        report.signals.map((signal: string) => [signal, agent.pid]),
      );
      const status = verb === "kill" ? "killed" : "running";
      assert.equal(world.readEntry(ID)["status"], status);
      assert.ok(bystander.isAlive());
    }));
}

test(
  "stop of several ids ends each, and of a filter what fits",
  { skip },
  () =>
    withWorld(async (world) => {
      const { agent, bystander } = await startTwo(world, ":");
      const third = world.startSleeper({ ZAG_PROCESS_ID: "third-0003" });
      const codex = world.startSleeper({ ZAG_PROCESS_ID: "codex-0004" });
      const pids = [agent.pid, bystander.pid, third.pid, codex.pid];
      const ids = [ID, OTHER_ID, "third-0003", "codex-0004"];
      world.writeProcesses(
        ids.map((id, i) =>
          makeEntry({ id, pid: pids[i] ?? 0, provider: id.slice(0, 5) })
        ),
      );
      const some = await world.run(["stop", ID, OTHER_ID, "-y", "-t", "5s"]);
      assert.equal(some.status, 0, some.stderr);
      assert.deepEqual(
        [agent, bystander, third, codex].map((one) => one.isAlive()),
        [false, false, true, true],
      );
      const fits = await world.run(["kill", "-f", "provider=codex", "--now"]);
      assert.equal(fits.status, 0, fits.stderr);
      assert.deepEqual([third.isAlive(), codex.isAlive()], [true, false]);
      const none = await world.run(["kill", "-f", "provider=codex", "--now"]);
      assert.equal(none.status, 3);
      const refused = await world.run(["stop", "--all", "third-0003"]);
      assert.equal(refused.status, 2);
      assert.ok(third.isAlive());
    }),
);

test(
  "stop takes no further step after SIGINT, and ends of it",
  { skip },
  () =>
    withWorld(async (world) => {
      const { agent } = await startTwo(world, "trap '' HUP");
      const { ended, child } = await startStop(world);
      child.kill("SIGINT");
      assert.equal(await ended, "SIGINT");
      assert.ok(agent.isAlive());
    }),
);

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  test(`stop finishes its work when it gets ${signal}, and reports it`, {
    skip,
  }, () =>
    withWorld(async (world) => {
      const { agent } = await startTwo(world, "trap '' HUP");
      const { ended, child, output } = await startStop(world);
      child.kill(signal);
      assert.equal(await ended, signal);
      assert.equal(agent.isAlive(), false);
      assert.equal(output(), `✓ Process ${agent.pid} (${ID}) exited\n`);
    }));
}

/** Starts a stop with a timeout and waits until it has sent the first signal. */
async function startStop(world: World) {
  const { command: [program = "", ...first], env } = ownForm();
  const { PATH = "" } = process.env;
  const child = spawn(program, [...first, "stop", ID, "-t", "1s"], {
    env: { PATH, HOME: world.home, DENO_NO_UPDATE_CHECK: "1", ...env },
  });
  let errors = "";
  let output = "";
  child.stderr.on("data", (chunk) => errors += chunk);
  child.stdout.on("data", (chunk) => output += chunk);
  const ended = new Promise<string | number | null>((resolve) =>
    child.on("close", (code, signal) => resolve(signal ?? code))
  );
  await waitUntil(() => errors.includes("> SIGHUP"), "nothing was announced");
  return {
    child,
    ended: withDeadline(ended, "stop did not end"),
    output: () => output,
  };
}

test("stop counts a zombie as ended", {
  skip: existsSync("/proc/self/stat") ? false : "there is no /proc",
}, () =>
  withWorld(async (world) => {
    // The parent becomes a program that collects nobody.
    const parent = world.start("/bin/sh", [
      "-c",
      `ZAG_PROCESS_ID=${ID} /bin/sleep 118 & echo $!; exec /bin/sleep 119`,
    ]);
    await parent.waitFor("\n");
    const pid = Number(parent.output());
    const readArgs = (pid: number) =>
      readFileSync(`/proc/${pid}/cmdline`, "utf8");
    await waitUntil(
      () =>
        readArgs(parent.pid).includes("119") && readArgs(pid).includes("118"),
      "the shell did not become another program",
    );
    world.writeProcesses([makeEntry({ id: ID, pid })]);
    const ran = await world.run(["stop", ID, "-t", "5s", "--json"]);
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(JSON.parse(ran.stdout)[0].outcome, "exited");
    assert.ok(isZombie(pid));
  }));

const noNamespace = "reason" in access
  ? `no PID namespace can be made here: ${access.reason}`
  : false;

for (const tree of [[], ["--tree"]]) {
  const words = ["stop", ...tree, "-t", "20s"];
  test(
    `${words.join(" ")} spares what got the pid between two steps`,
    { skip: noNamespace },
    () =>
      withWorld(async (world) => {
        const nursery = openNursery(world);
        const pid = await nursery.startFrozen(ID);
        world.writeProcesses([makeEntry({ id: ID, pid })]);
        const { command } = ownForm();
        const stop = await nursery.spawn([...command, ...words, ID, "--json"]);
        await nursery.waitForHangup();
        // A look between the two would only see that the agent has ended.
        await stop.halt();
        await nursery.swap(OTHER_ID);
        await stop.resume();
        // What has the pid now would get SIGTERM.
        const { status, stdout, stderr } = await stop.wait();
        assert.equal(status, 0, stderr);
        const [report] = JSON.parse(stdout);
        assert.deepEqual(
          [report.outcome, report.signals, report.members],
          ["recycled", ["SIGHUP"], []],
        );
        assert.ok(await nursery.isRunning(), "the stranger was ended");
      }),
  );
}

const SCRIPT = "/usr/bin/script";

test("stop asks on a terminal before it ends two agents", {
  skip: process.platform === "linux" && existsSync(SCRIPT)
    ? false
    : `needs ${SCRIPT} of util-linux to make a terminal`,
}, () =>
  withWorld(async (world) => {
    const { agent, bystander } = await startTwo(world, "trap '' HUP");
    const { command, env } = ownForm();
    const words = [...command, "stop", "--all", "-t", "2s"];
    const line = words.map(quoteForShell).join(" ");
    const answer = async (input: string) =>
      await runProgram(SCRIPT, ["-qec", line, "/dev/null"], {
        env: {
          PATH: process.env["PATH"] ?? "",
          HOME: world.home,
          TERM: "xterm",
          ...env,
        },
        input,
      });
    const no = await answer("n\n");
    assert.match(no.stdout, /Stop these 2 agents\? \[y\/N\] /);
    assert.match(no.stdout, /Nothing was signalled/);
    assert.deepEqual([agent.isAlive(), bystander.isAlive()], [true, true]);
    const yes = await answer("y\n");
    assert.equal(yes.status, 0, yes.stdout);
    assert.match(yes.stdout, /waiting, 2s left/);
    assert.deepEqual([agent.isAlive(), bystander.isAlive()], [false, false]);
  }));
