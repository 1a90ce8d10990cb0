import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Agent, Ran } from "../support/children.ts";
import { ID, makeEntry, makeSession, OTHER_ID } from "../support/records.ts";
import { runDeno, skip } from "../support/permissions.ts";
import { withWorld, type World } from "../support/world.ts";
import { makeZombie } from "../support/zombie.ts";

const DEAD_ID = "33333333-aaaa-4bbb-8ccc-000000000003";
const ZOMBIE_ID = "44444444-aaaa-4bbb-8ccc-000000000004";
const OUTLIVED_ID = "55555555-aaaa-4bbb-8ccc-000000000005";
const LOG = "logs/sessions/session-1.jsonl";

/** A live agent with a session, a bystander, and others for the list. */
async function prepare(world: World): Promise<Agent> {
  const agent = world.startSleeper({ ZAG_PROCESS_ID: ID });
  const other = world.startSleeper({ ZAG_PROCESS_ID: OTHER_ID });
  const outlived = world.startSleeper({ ZAG_PROCESS_ID: OUTLIVED_ID });
  const dead = world.startSleeper();
  dead.child.kill("SIGKILL");
  await dead.waitForEnd();
  world.writeProcesses([
    makeEntry({ pid: agent.pid, session_id: "session-1" }),
    makeEntry({ id: OTHER_ID, pid: other.pid }),
    makeEntry({ id: DEAD_ID, pid: dead.pid }),
    makeEntry({ id: ZOMBIE_ID, pid: await makeZombie(world) }),
    makeEntry({ id: OUTLIVED_ID, pid: outlived.pid, status: "killed" }),
  ]);
  world.writeSessions([makeSession({})]);
  return agent;
}

/** The live statuses that a list in JSON tells, by id. */
function readStatuses({ status, stdout, stderr }: Ran) {
  assert.equal(status, 0, stderr);
  const rows: { id: string; live_status: string; alive: boolean }[] = JSON
    .parse(stdout);
  return Object.fromEntries(
    rows.map(({ id, live_status, alive }) => [id, [live_status, alive]]),
  );
}

const SEEN = {
  [ID]: ["running", true],
  [OTHER_ID]: ["running", true],
  [DEAD_ID]: ["dead", false],
  [ZOMBIE_ID]: ["dead", false],
};

const UNSEEN = {
  [ID]: ["unknown", false],
  [OTHER_ID]: ["unknown", false],
  [DEAD_ID]: ["unknown", false],
  [ZOMBIE_ID]: ["unknown", false],
  [OUTLIVED_ID]: ["killed", false],
};

const ONLY_PS =
  /^Warning: Only ps can be asked .* rest on start times.*outlived.*grant -A.*\n$/;
const NOTHING =
  /^Warning: Processes cannot be looked at: .*--allow-run=ps.*\n$/;

for (const set of ["read", "readNarrow", "readAnywhere", "signal"] as const) {
  test(`list under Deno tells running and dead apart with the set ${set}`, {
    skip,
  }, () =>
    withWorld(async (world) => {
      await prepare(world);
      const ran = await runDeno(world, set, ["list", "--json"]);
      const statuses = { ...SEEN, [OUTLIVED_ID]: ["killed", false] };
      assert.deepEqual(readStatuses(ran), statuses);
      assert.match(ran.stderr, ONLY_PS);
    }));
}

test(
  "list under Deno sees what outlived its end with -A",
  { skip },
  () =>
    withWorld(async (world) => {
      await prepare(world);
      const ran = await runDeno(world, "all", ["list", "--json"]);
      const statuses = { ...SEEN, [OUTLIVED_ID]: ["killed", true] };
      assert.deepEqual(readStatuses(ran), statuses);
      assert.equal(ran.stderr, "");
    }),
);

test("list under Deno takes no process for dead without --allow-run", {
  skip,
}, () =>
  withWorld(async (world) => {
    const agent = await prepare(world);
    const before = world.read("processes.json");
    for (const set of ["noRun", "noRunWrite"] as const) {
      const ran = await runDeno(world, set, ["list", "--json"]);
      assert.deepEqual(readStatuses(ran), UNSEEN);
      assert.match(ran.stderr, NOTHING);
    }
    for (const verb of ["stop", "kill"]) {
      const ran = await runDeno(world, "noRunWrite", [verb, ID]);
      assert.equal(ran.status, 1);
      assert.equal(ran.stdout, "");
      assert.match(ran.stderr, /^Error: Cannot tell whether process /m);
      assert.match(ran.stderr, /\nWith Deno, grant --allow-run\n$/);
    }
    assert.equal(world.read("processes.json"), before);
    assert.equal(world.read(LOG), undefined);
    assert.ok(agent.isAlive());
  }));

test(
  "show under Deno needs no more than the set read",
  { skip },
  () =>
    withWorld(async (world) => {
      const agent = await prepare(world);
      const env = { ZAG_PROCESS_ID: ID, ZAG_HOME: world.zag };
      const ran = await runDeno(world, "read", ["show", "self", "--json"], env);
      assert.equal(ran.status, 0, ran.stderr);
      const { live_status, pid, log_path } = JSON.parse(ran.stdout);
      assert.deepEqual([live_status, pid], ["running", agent.pid]);
      assert.equal(log_path, join(world.zag, LOG));
      assert.match(ran.stderr, ONLY_PS);
    }),
);

test(
  "stop and kill under Deno work with the set signal",
  { skip },
  () =>
    withWorld(async (world) => {
      const agent = await prepare(world);
      const { mode } = statSync(join(world.zag, "processes.json"));
      const killed = await runDeno(world, "signal", ["kill", ID, "done"]);
      assert.equal(killed.status, 0, killed.stderr);
      assert.match(killed.stdout, /✓ Process killed\n$/);
      assert.match(killed.stderr, ONLY_PS);
      assert.equal(await agent.waitForEnd(), "SIGTERM");
      assert.equal(world.readEntry(ID)["status"], "killed");
      assert.equal(JSON.parse(world.read(LOG) ?? "").result, "done");
      assert.equal(statSync(join(world.zag, "processes.json")).mode, mode);

      const stopped = await runDeno(world, "noWrite", ["stop", OTHER_ID]);
      assert.equal(stopped.status, 0, stopped.stderr);
      assert.match(stopped.stdout, /✓ Stop signal sent\n$/);
    }),
);

test(
  "kill under Deno that may not signal puts the entry back",
  { skip },
  () =>
    withWorld(async (world) => {
      const agent = await prepare(world);
      const before = world.read("processes.json");
      const killed = await runDeno(world, "writeNoSignal", [
        "kill",
        ID,
        "done",
      ]);
      assert.equal(killed.status, 1);
      assert.match(
        killed.stderr,
        /^Error: Failed to signal process: .*permission/m,
      );
      assert.match(killed.stderr, /entry was put back as it was\n$/);
      const stopped = await runDeno(world, "read", ["stop", ID]);
      assert.equal(stopped.status, 1);
      assert.match(
        stopped.stderr,
        /^Error: Failed to signal process: .*permission/m,
      );
      assert.equal(world.read("processes.json"), before);
      assert.ok(agent.isAlive());
    }),
);

test(
  "kill under Deno that may not write does not signal",
  { skip },
  () =>
    withWorld(async (world) => {
      const agent = await prepare(world);
      const before = world.read("processes.json");
      const recorded = await runDeno(world, "noWrite", ["kill", ID, "done"]);
      const marked = await runDeno(world, "noWrite", ["kill", ID]);
      for (const { status, stdout, stderr } of [recorded, marked]) {
        assert.equal(status, 1);
        assert.equal(stdout, "");
        assert.match(
          stderr,
          /^Error: .* was not signalled: Failed to lock .*permission/m,
        );
      }
      assert.equal(world.read(LOG), undefined);
      assert.equal(world.read("processes.json"), before);
      assert.ok(agent.isAlive());
    }),
);

test("list under Deno takes no store that it may not read for an empty one", {
  skip,
}, () =>
  withWorld(async (world) => {
    await prepare(world);
    const ran = await runDeno(world, "noRead", ["list"]);
    assert.equal(ran.status, 1);
    assert.equal(ran.stdout, "");
    assert.match(ran.stderr, /^Error: Failed to read ".*": .*permission/);
  }));

test("list under Deno takes no variable that it may not read for unset", {
  skip,
}, () =>
  withWorld(async (world) => {
    await prepare(world);
    const ran = await runDeno(world, "noEnvironment", ["list"]);
    assert.equal(ran.status, 1);
    assert.equal(ran.stdout, "");
    assert.match(ran.stderr, /^Error: Failed to read the environment variable/);
    assert.match(ran.stderr, /\nWith Deno, grant --allow-env\n$/);
  }));

test(
  "help under Deno needs no permission",
  { skip },
  () =>
    withWorld(async (world) => {
      for (const argv of [["--help"], ["kill", "-h"], ["-V"]]) {
        const ran = await runDeno(world, "nothing", argv);
        assert.deepEqual([ran.status, ran.stderr], [0, ""]);
      }
    }),
);
