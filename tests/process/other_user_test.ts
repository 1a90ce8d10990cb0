import assert from "node:assert/strict";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  readdirSync,
  statSync,
} from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type Agent, runProgram } from "../support/children.ts";
import { ID, makeEntry, makeSession } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";

const FIXTURE = resolve("tests", "support", "fixtures", "as_user.mjs");
const BUNDLE = resolve("dist", "zag-ps.js");
const LOG = "logs/sessions/session-1.jsonl";

/** Who owns the agent, and who runs the command line. */
const AGENT_USER = 65534;
const CALLER = 65533;

const skip = process.getuid?.() !== 0
  ? "only root can start processes of other users"
  : existsSync(BUNDLE)
  ? false
  : "needs dist/zag-ps.js: run deno task bundle";
if (skip) console.error(`Tests with other users are left out: ${skip}`);

/** The caller's home, and an agent in it that belongs to another user. */
function prepare(world: World): Agent {
  const identity = { uid: AGENT_USER, gid: AGENT_USER };
  const agent = world.startSleeper({ ZAG_PROCESS_ID: ID }, identity);
  world.writeProcesses([
    makeEntry({ pid: agent.pid, session_id: "session-1" }),
  ]);
  world.writeSessions([makeSession({})]);
  copyFileSync(BUNDLE, join(world.home, "zag-ps.mjs"));
  for (const path of ["", "zag-ps.mjs", ".zag", ...listZagHome(world)]) {
    chownSync(join(world.home, path), CALLER, CALLER);
  }
  return agent;
}

function listZagHome(world: World): string[] {
  return readdirSync(world.zag).map((name) => join(".zag", name)).sort();
}

/** Runs the command line as the caller. */
function runAsCaller(world: World, args: string[]) {
  const { PATH = "", DENO_DIR = "" } = process.env;
  return runProgram(process.execPath, [
    ...(process.versions["deno"] ? ["run", "-A", "--no-config"] : []),
    ...[FIXTURE, String(CALLER), join(world.home, "zag-ps.mjs"), ...args],
  ], {
    env: { PATH, HOME: world.home, DENO_DIR, DENO_NO_UPDATE_CHECK: "1" },
    cwd: world.home,
  });
}

test(
  "list and show take another user's process for running",
  { skip },
  () =>
    withWorld(async (world) => {
      const agent = prepare(world);
      const listed = await runAsCaller(world, ["list", "--json", "--running"]);
      assert.equal(listed.status, 0, listed.stderr);
      const [row, ...others] = JSON.parse(listed.stdout);
      assert.deepEqual(others, []);
      const { alive, live_status, pid } = row;
      assert.deepEqual({ alive, live_status, pid }, {
        alive: true,
        live_status: "running",
        pid: agent.pid,
      });
      const shown = await runAsCaller(world, ["show", ID]);
      assert.match(shown.stdout, /^Status: {6}running$/m);
    }),
);

test("kill of another user's process says so and puts the entry back", {
  skip,
}, () =>
  withWorld(async (world) => {
    const agent = prepare(world);
    const before = world.read("processes.json");
    const ran = await runAsCaller(world, ["kill", ID, "the result"]);
    assert.equal(ran.status, 1);
    assert.equal(
      ran.stdout,
      `> Sending kill signal to process ${agent.pid} (${ID})\n`,
    );
    assert.match(ran.stderr, /^Error: Failed to signal process: .*EPERM/);
    assert.match(ran.stderr, /entry was put back as it was\n$/);
    assert.equal(world.read("processes.json"), before);
    assert.equal(statSync(join(world.zag, "processes.json")).uid, CALLER);
    assert.ok(agent.isAlive());

    const stopped = await runAsCaller(world, ["stop", ID, "--json"]);
    assert.equal(stopped.status, 1);
    assert.equal(stopped.stdout, "");
    assert.match(stopped.stderr, /^Error: Failed to signal process: .*EPERM/m);

    // The result was recorded before; the next kill does not repeat it.
    const again = await world.run(["kill", ID, "the result"]);
    assert.equal(again.status, 0, again.stderr);
    assert.equal(await agent.waitForEnd(), "SIGTERM");
    const lines = (world.read(LOG) ?? "").trimEnd().split("\n");
    assert.deepEqual(lines.map((line) => JSON.parse(line).result), [
      "the result",
    ]);
  }));

test(
  "kill by root leaves a user's store to the user",
  { skip },
  () =>
    withWorld(async (world) => {
      const agent = prepare(world);
      const store = join(world.zag, "processes.json");
      chmodSync(store, 0o640);
      const ran = await world.run(["kill", ID]);
      assert.equal(ran.status, 0, ran.stderr);
      assert.equal(await agent.waitForEnd(), "SIGTERM");
      assert.equal(world.readEntry(ID)["status"], "killed");
      const { uid, gid, mode } = statSync(store);
      assert.deepEqual([uid, gid, mode & 0o7777], [CALLER, CALLER, 0o640]);
    }),
);

test(
  "kill refuses to change a store whose owner it cannot keep",
  { skip },
  () =>
    withWorld(async (world) => {
      const agent = prepare(world);
      const store = join(world.zag, "processes.json");
      chownSync(store, AGENT_USER, AGENT_USER);
      chmodSync(store, 0o666);
      const before = [world.read("processes.json"), listZagHome(world)];
      const ran = await runAsCaller(world, ["kill", ID]);
      assert.equal(ran.status, 1);
      assert.equal(ran.stdout, "");
      assert.match(
        ran.stderr,
        /^Error: .* was not signalled: Failed to write ".*processes\.json": /,
      );
      assert.match(ran.stderr, /owner/);
      assert.deepEqual(
        [world.read("processes.json"), listZagHome(world)],
        before,
      );
      assert.equal(statSync(store).uid, AGENT_USER);
      assert.ok(agent.isAlive());
    }),
);
