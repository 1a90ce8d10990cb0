import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { runProgram } from "../support/children.ts";
import { ID, makeEntry, makeSession, OTHER_ID } from "../support/records.ts";
import { ownForm, withWorld, type World } from "../support/world.ts";
import { isZombie, makeZombie } from "../support/zombie.ts";

const onLinux = process.platform === "linux";

/** What the command line tells of one entry. */
async function judge(world: World) {
  const ran = await world.run(["show", ID, "--json"]);
  assert.equal(ran.status, 0, ran.stderr);
  const { alive, live_status, status } = JSON.parse(ran.stdout);
  return { alive, live_status, status };
}

/** Stop and kill are refused with a message, and change nothing. */
async function assertRefused(
  world: World,
  status: number,
  message: RegExp,
): Promise<void> {
  const before = world.read("processes.json");
  for (const args of [["stop", ID], ["kill", ID], ["kill", ID, "result"]]) {
    const ran = await world.run(args);
    assert.equal(ran.status, status, ran.stderr);
    assert.equal(ran.stdout, "");
    assert.match(ran.stderr, message);
  }
  assert.equal(world.read("processes.json"), before);
  assert.equal(world.read("logs/sessions/session-1.jsonl"), undefined);
}

const NOT_RUNNING = new RegExp(
  `^Error: Process ${ID} is not running \\(status: dead\\)\n$`,
);

test("show takes a process that has ended for dead", () =>
  withWorld(async (world) => {
    const sleeper = world.startSleeper();
    sleeper.child.kill("SIGKILL");
    await sleeper.waitForEnd();
    world.writeProcesses([makeEntry({ pid: sleeper.pid })]);
    assert.deepEqual(await judge(world), {
      alive: false,
      live_status: "dead",
      status: "running",
    });
    await assertRefused(world, 3, NOT_RUNNING);
  }));

test("show takes a zombie for dead", {
  skip: onLinux ? false : "needs /proc to know that it is one",
}, () =>
  withWorld(async (world) => {
    const pid = await makeZombie(world);
    world.writeProcesses([makeEntry({ pid })]);
    assert.deepEqual(await judge(world), {
      alive: false,
      live_status: "dead",
      status: "running",
    });
    await assertRefused(world, 3, NOT_RUNNING);
    assert.ok(isZombie(pid), "it was gone before it was judged");
  }));

test("show does not take a thread for a process", {
  skip: onLinux ? false : "threads have no ids of this kind elsewhere",
}, () =>
  withWorld(async (world) => {
    const agent = await world.startAgent(["wait"]);
    const tasks = readdirSync(`/proc/${agent.pid}/task`).map(Number);
    const thread = tasks.find((id) => id !== agent.pid);
    assert.ok(thread, "the agent has one thread only");
    process.kill(thread, 0);
    world.writeProcesses([makeEntry({ pid: thread })]);
    assert.deepEqual(await judge(world), {
      alive: false,
      live_status: "dead",
      status: "running",
    });
    await assertRefused(world, 3, NOT_RUNNING);
    assert.ok(agent.isAlive());
  }));

test("stop and kill never signal a pid outside 2 to 2^31-1", () =>
  withWorld(async (world) => {
    const pids = [0, 1, -1, 1.5, 2 ** 31, 2 ** 32 - 1];
    world.writeProcesses(
      pids.map((pid) => makeEntry({ id: `pid${pid}`, pid })),
    );
    const before = world.read("processes.json");
    const listed = await world.run(["--json"]);
    const rows = JSON.parse(listed.stdout);
    assert.equal(rows.length, pids.length);
    for (const row of rows) {
      const { alive, identity, live_status } = row;
      assert.deepEqual({ alive, identity, live_status }, {
        alive: false,
        identity: "invalid",
        live_status: "unknown",
      });
    }
    await Promise.all(pids.map(async (pid, i) => {
      const ran = await world.run([i % 2 === 0 ? "kill" : "stop", `pid${pid}`]);
      assert.equal(ran.status, 1);
      assert.equal(ran.stdout, "");
      assert.match(ran.stderr, new RegExp(`^Error: .*pid${pid} .* ${pid} `));
    }));
    assert.equal(world.read("processes.json"), before);
  }));

test("kill goes on when nobody reads its output", () =>
  withWorld(async (world) => {
    const sleeper = world.startSleeper({ ZAG_PROCESS_ID: ID });
    world.writeProcesses([
      makeEntry({ pid: sleeper.pid, session_id: "session-1" }),
    ]);
    world.writeSessions([makeSession({})]);
    const { command, env } = ownForm();
    const closed = join(world.home, "closed");
    const status = join(world.home, "status");
    // The reader has closed the pipe before the command line starts.
    const script = `
      (until [ -e "${closed}" ]; do sleep 0.01; done
       "$@"; echo $? >"${status}") | (exec <&-; : >"${closed}")`;
    const args = ["kill", ID, "the result"];
    const { PATH = "" } = process.env;
    const ran = await runProgram("/bin/sh", [
      ...["-c", script, "sh", ...command, ...args],
    ], { env: { PATH, HOME: world.home, ...env } });
    assert.equal(ran.stderr, "");
    assert.equal(readFileSync(status, "utf8"), "0\n");
    assert.equal(await sleeper.waitForEnd(), "SIGTERM");
    assert.equal(world.readEntry(ID)["status"], "killed");
    const line = world.read("logs/sessions/session-1.jsonl") ?? "";
    assert.equal(JSON.parse(line).result, "the result");
  }));

test("list shows the good entries beside a bad one", () =>
  withWorld(async (world) => {
    const sleeper = world.startSleeper();
    world.writeProcesses([
      { id: OTHER_ID, pid: "many" },
      makeEntry({ pid: sleeper.pid }),
    ]);
    const ran = await world.run(["list", "--json"]);
    assert.equal(ran.status, 0);
    assert.deepEqual(
      JSON.parse(ran.stdout).map(({ id }: { id: string }) => id),
      [ID],
    );
    assert.match(ran.stderr, /^Warning: Entry 0 of ".*processes\.json".*pid/);
    assert.equal((await world.run(["kill", ID])).status, 0);
    assert.equal(await sleeper.waitForEnd(), "SIGTERM");
    assert.deepEqual(world.readEntry(OTHER_ID), { id: OTHER_ID, pid: "many" });
  }));
