import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { waitUntil } from "../support/children.ts";
import { ID, makeEntry, makeSession, OTHER_ID } from "../support/records.ts";
import { ownForm, withWorld, type World } from "../support/world.ts";

const RFC3339_MS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/;

/** An agent in a mode and a bystander, both in the store. */
async function startTwo(world: World, mode: string[]) {
  const bystander = world.startSleeper({ ZAG_PROCESS_ID: OTHER_ID });
  const env = { ...ownForm().env, ZAG_PROCESS_ID: ID };
  const agent = await world.startAgent(mode, env);
  world.writeProcesses([
    makeEntry({ pid: agent.pid }),
    makeEntry({ id: OTHER_ID, pid: bystander.pid }),
  ]);
  return { agent, bystander };
}

test("stop delivers SIGHUP and leaves the store as it is", () =>
  withWorld(async (world) => {
    const { agent, bystander } = await startTwo(world, ["report"]);
    const before = world.read("processes.json");
    const ran = await world.run(["stop", ID]);
    assert.deepEqual(ran, {
      status: 0,
      stdout: `> Sending stop signal to process ${agent.pid} (${ID})\n` +
        "✓ Stop signal sent\n",
      stderr: "",
    });
    assert.equal(await agent.waitForEnd(), 0);
    assert.equal(agent.output(), "READY\nGOT SIGHUP\n");
    assert.equal(world.read("processes.json"), before);
    assert.ok(bystander.isAlive());
  }));

test("kill delivers SIGTERM and marks the entry", () =>
  withWorld(async (world) => {
    const { agent, bystander } = await startTwo(world, ["report"]);
    const other = world.readEntry(OTHER_ID);
    const started = Date.now();
    const ran = await world.run(["kill", ID]);
    assert.deepEqual(ran, {
      status: 0,
      stdout: `> Sending kill signal to process ${agent.pid} (${ID})\n` +
        "✓ Process killed\n",
      stderr: "",
    });
    assert.equal(await agent.waitForEnd(), 0);
    assert.equal(agent.output(), "READY\nGOT SIGTERM\n");
    const { status, exit_code, exited_at } = world.readEntry(ID);
    assert.deepEqual({ status, exit_code }, {
      status: "killed",
      exit_code: null,
    });
    assert.match(String(exited_at), RFC3339_MS);
    const exited = Date.parse(String(exited_at));
    assert.ok(exited >= started && exited <= Date.now());
    assert.deepEqual(world.readEntry(OTHER_ID), other);
    assert.ok(bystander.isAlive());
  }));

test("kill ends an agent with the default disposition", () =>
  withWorld(async (world) => {
    const { agent, bystander } = await startTwo(world, ["wait"]);
    assert.equal((await world.run(["kill", ID.slice(0, 6)])).status, 0);
    assert.equal(await agent.waitForEnd(), "SIGTERM");
    assert.ok(bystander.isAlive());
    const again = await world.run(["kill", ID]);
    assert.deepEqual(again, {
      status: 3,
      stdout: "",
      stderr: `Error: Process ${ID} is not running (status: killed)\n`,
    });
  }));

test("kill says of an agent that ignores it that the signal was sent, show that it outlived it, and kill is accepted again", () =>
  withWorld(async (world) => {
    const { agent, bystander } = await startTwo(world, ["stubborn"]);
    for (const command of ["stop", "kill"]) {
      const ran = await world.run([command, ID]);
      assert.equal(ran.status, 0, ran.stderr);
    }
    await agent.waitFor("GOT SIGHUP\nGOT SIGTERM\n");
    assert.ok(agent.isAlive());

    const shown = await world.run(["show", ID]);
    assert.equal(shown.status, 0);
    assert.match(shown.stdout, /^Status: {6}killed$/m);
    assert.match(shown.stdout, /^Alive: {7}yes, it outlived its end/m);
    const json = await world.run(["show", ID, "--json"]);
    const { alive, live_status, status } = JSON.parse(json.stdout);
    assert.deepEqual({ alive, live_status, status }, {
      alive: true,
      live_status: "killed",
      status: "killed",
    });
    const listed = await world.run(["list", "--running", "--json"]);
    const ids = JSON.parse(listed.stdout).map(({ id }: { id: string }) => id);
    assert.deepEqual(ids, [OTHER_ID]);

    const again = await world.run(["kill", ID]);
    assert.equal(again.status, 0, again.stderr);
    assert.match(again.stdout, /✓ Process killed\n$/);
    const stopped = await world.run(["stop", ID]);
    assert.equal(stopped.status, 0, stopped.stderr);
    await agent.waitFor("GOT SIGTERM\nGOT SIGTERM\nGOT SIGHUP\n");
    assert.ok(agent.isAlive());
    assert.ok(bystander.isAlive());
  }));

test("kill without the agent's mark is refused once the entry has ended", () =>
  withWorld(async (world) => {
    const sleeper = world.startSleeper({ ZAG_PROCESS_ID: OTHER_ID });
    world.writeProcesses([makeEntry({ pid: sleeper.pid, status: "exited" })]);
    const ran = await world.run(["kill", ID]);
    assert.deepEqual(ran, {
      status: 3,
      stdout: "",
      stderr: `Error: Process ${ID} is not running (status: exited)\n` +
        `Another program has its pid ${sleeper.pid} now: ZAG_PROCESS_ID of the process is another id (${OTHER_ID})\n`,
    });
    assert.ok(sleeper.isAlive());
  }));

test("kill self works from inside the agent", () =>
  withWorld(async (world) => {
    const { command } = ownForm();
    const out = join(world.home, "cli");
    const { agent, bystander } = await startTwo(world, [
      ...["run", out],
      ...["/bin/sh", "-c", '"$@"; echo "status $?"', "sh", ...command],
      ...["kill", "self", '{"done":true}'],
    ]);
    world.writeProcesses([
      makeEntry({ pid: agent.pid, session_id: "session-1" }),
      makeEntry({ id: OTHER_ID, pid: bystander.pid }),
    ]);
    world.writeSessions([
      makeSession({ exit: { schema: { required: ["done"] } } }),
    ]);
    agent.child.stdin?.write("GO\n");
    assert.equal(await agent.waitForEnd(), "SIGTERM");
    const read = (kind: string) => readFileSync(`${out}.${kind}`, "utf8");
    // The command line outlives the agent that started it.
    await waitUntil(() => read("out").includes("status"), "no exit status");
    assert.equal(
      read("out"),
      `> Sending kill signal to process ${agent.pid} (${ID})\n` +
        "✓ Process killed\nstatus 0\n",
    );
    assert.equal(read("err"), "");
    const line = JSON.parse(world.read("logs/sessions/session-1.jsonl") ?? "");
    assert.equal(line.result, '{"done":true}');
    assert.equal(world.readEntry(ID)["status"], "killed");
    assert.ok(bystander.isAlive());
  }));

test("show and list --children take self from the environment", () =>
  withWorld(async (world) => {
    const sleeper = world.startSleeper();
    world.writeProcesses([
      makeEntry({ pid: sleeper.pid }),
      makeEntry({
        id: OTHER_ID,
        pid: sleeper.pid,
        parent_process_id: ID,
      }),
    ]);
    const env = { ZAG_PROCESS_ID: ID };
    const shown = await world.run(["show", "self", "--json"], { env });
    assert.equal(JSON.parse(shown.stdout).id, ID);
    const children = ["list", "--children", "self", "--json"];
    const listed = await world.run(children, { env });
    const ids = JSON.parse(listed.stdout).map(({ id }: { id: string }) => id);
    assert.deepEqual(ids, [OTHER_ID]);
    for (const args of [["show", "self"], children]) {
      assert.deepEqual(await world.run(args), {
        status: 3,
        stdout: "",
        stderr:
          'Error: Cannot resolve "self": ZAG_PROCESS_ID is not set. Are you running inside a zag session?\n',
      });
    }
  }));
