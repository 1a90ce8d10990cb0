import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chownSync, copyFileSync, existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type Agent, type Ran, runProgram } from "../support/children.ts";
import { ID, makeEntry } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";

const FIXTURE = resolve("tests", "support", "fixtures", "as_user.mjs");
const BUNDLE = resolve("dist", "zag-ps.js");

/** Who owns the agent, and who runs the command line. */
const AGENT_USER = 65534;
const CALLER = 65533;

const skip = process.platform !== "linux" || process.getuid?.() !== 0
  ? "only root of Linux can start processes of other users and mount /proc"
  : existsSync(BUNDLE)
  ? false
  : "needs dist/zag-ps.js: run deno task bundle";
if (skip) console.error(`Tests with other owners are left out: ${skip}`);

/** An agent of another user, recorded in the caller's home. */
function prepare(world: World): Agent {
  const identity = { uid: AGENT_USER, gid: AGENT_USER };
  const agent = world.startSleeper({ ZAG_PROCESS_ID: ID }, identity);
  world.writeProcesses([makeEntry({ pid: agent.pid })]);
  copyFileSync(BUNDLE, join(world.home, "zag-ps.mjs"));
  const inside = readdirSync(world.zag).map((name) => join(".zag", name));
  for (const path of ["", "zag-ps.mjs", ".zag", ...inside]) {
    chownSync(join(world.home, path), CALLER, CALLER);
  }
  return agent;
}

/**
 * Runs the command line as the caller.
 *
 * @param hidepid How `/proc` hides the processes of others (proc(5)); it is
 * mounted anew, in a namespace of its own, where that is asked for.
 */
function runAsCaller(
  world: World,
  args: string[],
  hidepid?: string,
): Promise<Ran> {
  const command = asCaller(world, args);
  const mount = `mount -t proc -o hidepid=${hidepid} proc /proc && exec "$@"`;
  const [program = "", ...rest] = hidepid === undefined
    ? command
    : ["unshare", "--mount", "/bin/sh", "-c", mount, "sh", ...command];
  return runProgram(program, rest, surroundings(world));
}

/** The command that runs the command line as the caller, started by root. */
function asCaller(world: World, args: string[]): string[] {
  return [
    process.execPath,
    ...(process.versions["deno"] ? ["run", "-A", "--no-config"] : []),
    ...[FIXTURE, String(CALLER), join(world.home, "zag-ps.mjs"), ...args],
  ];
}

function surroundings(world: World) {
  const { PATH = "", DENO_DIR = "" } = process.env;
  return {
    env: { PATH, HOME: world.home, DENO_DIR, DENO_NO_UPDATE_CHECK: "1" },
    cwd: world.home,
  };
}

async function identify(
  world: World,
  hidepid?: string,
): Promise<[status: string, identity: string]> {
  const ran = await runAsCaller(world, ["list", "--json"], hidepid);
  assert.equal(ran.status, 0, ran.stderr);
  const [row] = JSON.parse(ran.stdout);
  return [row.live_status, row.identity];
}

function nameUser(uid: number): string {
  try {
    return execFileSync("id", ["-un", String(uid)], { encoding: "utf8" })
      .trim();
  } catch {
    return `uid ${uid}`;
  }
}

test(
  "stop and kill name the owner of another user's process",
  { skip },
  () =>
    withWorld(async (world) => {
      const agent = prepare(world);
      const before = world.read("processes.json");
      // Its environment cannot be read, but its start can.
      assert.deepEqual(await identify(world), ["running", "consistent"]);
      for (const verb of ["stop", "kill"]) {
        const ran = await runAsCaller(world, [verb, ID]);
        assert.equal(ran.status, 1);
        const [message = ""] = ran.stderr.split("\n");
        assert.match(
          message,
          /^Error: Failed to signal process: .*\(EPERM\): /,
        );
        assert.ok(
          message.endsWith(`: it belongs to ${nameUser(AGENT_USER)}`),
          message,
        );
      }
      assert.equal(world.read("processes.json"), before);
      assert.ok(agent.isAlive());
    }),
);

for (const hidepid of ["noaccess", "invisible"]) {
  test(
    `list takes another user's process for running where /proc is ${hidepid}`,
    {
      skip,
    },
    () =>
      withWorld(async (world) => {
        const agent = prepare(world);
        const before = world.read("processes.json");
        assert.deepEqual(await identify(world, hidepid), [
          "running",
          "unverified",
        ]);
        const plain = await runAsCaller(world, ["kill", ID], hidepid);
        assert.equal(plain.status, 1);
        assert.match(plain.stderr, /--unverified signals it all the same\n$/);
        // Whoever insists hears from the kernel.
        const forced = ["kill", ID, "--unverified"];
        const denied = await runAsCaller(world, forced, hidepid);
        assert.equal(denied.status, 1);
        assert.match(denied.stderr, /^Error: Failed to signal .*\(EPERM\)/);
        assert.equal(world.read("processes.json"), before);
        assert.ok(agent.isAlive());

        agent.child.kill("SIGKILL");
        await agent.waitForEnd();
        assert.deepEqual(await identify(world, hidepid), ["dead", "dead"]);
      }),
  );
}

test(
  "list takes another user's process for running in a container of the caller's own",
  {
    skip,
  },
  () =>
    withWorld(async (world) => {
      prepare(world);
      // The container's init is the command line itself, so init is not hidden.
      world.writeProcesses([makeEntry({ pid: 2 })]);
      const agent = `setpriv --reuid=${AGENT_USER} --regid=${AGENT_USER} ` +
        "--clear-groups /bin/sleep 120 &";
      const mount =
        'mount -t proc -o hidepid=invisible proc /proc && exec "$@"';
      const command = asCaller(world, ["list", "--json"]);
      const ran = await runProgram("unshare", [
        ...["--pid", "--fork", "--kill-child", "--mount-proc"],
        ...["/bin/sh", "-c", `${agent} ${mount}`, "sh", ...command],
      ], surroundings(world));
      assert.equal(ran.status, 0, ran.stderr);
      const [{ live_status, identity }] = JSON.parse(ran.stdout);
      assert.deepEqual([live_status, identity], ["running", "unverified"]);
    }),
);
