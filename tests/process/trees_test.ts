import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type Agent, isAlive, waitUntil } from "../support/children.ts";
import { makeEntry } from "../support/records.ts";
import { ownForm, withWorld, type World } from "../support/world.ts";

const skip = existsSync("/proc/self/stat") ? false : "there is no /proc";
/**
 * Known to nobody else: what carries it is ended, and the agents of other
 * tests, which run at the same time, carry the ids that they share.
 */
const ID = randomUUID();
const OTHER_ID = randomUUID();

const FIXTURE = resolve("tests", "support", "fixtures", "tree_agent.mjs");

interface Tree {
  agent: Agent;
  /** All others of the tree. */
  pids: number[];
  bystander: Agent;
}

/** An agent with children that outlive it, and a bystander of their name. */
async function startTree(
  world: World,
  mode: string[],
  fields: Record<string, unknown> = {},
): Promise<Tree> {
  const { PATH = "" } = process.env;
  const { env } = ownForm();
  const bystander = world.start("/bin/sh", ["-c", "exec sleep 119"], {
    PATH,
    ZAG_PROCESS_ID: OTHER_ID,
  });
  const agent = world.start(process.execPath, [
    ...(process.versions["deno"] ? ["run", "-A", "--no-config"] : []),
    FIXTURE,
    ...mode,
  ], { PATH, HOME: world.home, ...env, ZAG_PROCESS_ID: ID });
  await agent.waitFor("]\n");
  const [, list = ""] = /^READY (.*)$/m.exec(agent.output()) ?? [];
  world.writeProcesses([
    makeEntry({ id: ID, pid: agent.pid, ...fields }),
    makeEntry({ id: OTHER_ID, pid: bystander.pid }),
  ]);
  return { agent, pids: JSON.parse(list), bystander };
}

/** Whatever a failed test left. */
function clear({ pids }: Tree): void {
  for (const pid of pids.filter(isAlive)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Its child was killed before it, and it has ended by itself.
    }
  }
}

async function withTree(
  mode: string[],
  use: (world: World, tree: Tree) => Promise<void>,
): Promise<void> {
  await withWorld(async (world) => {
    const tree = await startTree(world, mode);
    try {
      assert.deepEqual(tree.pids.filter(isAlive), tree.pids);
      assert.equal(tree.pids.length, 6);
      await use(world, tree);
      assert.ok(tree.bystander.isAlive(), "the bystander was hurt");
    } finally {
      clear(tree);
    }
  });
}

const ENDINGS: [mode: string, argv: string[], outcome: string][] = [
  ["polite", ["stop", "-t", "5s"], "exited"],
  ["polite", ["kill", "-t", "5s"], "exited"],
  ["polite", ["stop", "--now"], "killed"],
  ["late", ["stop", "-t", "5s"], "exited"],
  ["orderly", ["stop", "-t", "5s"], "exited"],
  ["stubborn", ["stop", "-t", "300ms"], "killed"],
  ["stubborn", ["kill", "-s", "INT", "-t", "300ms"], "killed"],
  ["stubborn", ["kill", "--now"], "killed"],
];

for (const [mode, argv, outcome] of ENDINGS) {
  test(`${argv.join(" ")} --tree leaves nothing of a ${mode} tree`, {
    skip,
  }, () =>
    withTree([mode], async (world, { agent, pids }) => {
      const ran = await world.run([...argv, ID, "--tree", "--json"]);
      assert.equal(ran.status, 0, ran.stderr);
      assert.deepEqual(pids.filter(isAlive), []);
      assert.equal(agent.isAlive(), false);
      const [report] = JSON.parse(ran.stdout);
      assert.equal(report.outcome, outcome);
      const ended = new Map<number, string>(
        report.members.map((
          { pid, outcome }: { pid: number; outcome: string },
        ) => [pid, outcome]),
      );
      for (const pid of pids) assert.equal(ended.get(pid), outcome);
      assert.deepEqual(report.spared, []);
    }));
}

test("stop --tree without a timeout signals all of the tree once", {
  skip,
}, () =>
  withTree(["polite"], async (world, { agent, pids }) => {
    const ran = await world.run(["stop", ID, "--tree"]);
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(await agent.waitForEnd(), "SIGHUP");
    await waitUntil(() => !pids.some(isAlive), "some did not end");
  }));

test("stop --tree --dry-run names all of the tree and signals nothing", {
  skip,
}, () =>
  withTree(["polite"], async (world, { agent, pids }) => {
    const ran = await world.run(["stop", ID, "--tree", "--dry-run", "--json"]);
    assert.equal(ran.status, 0, ran.stderr);
    const [plan] = JSON.parse(ran.stdout);
    const found = plan.members.map(({ pid }: { pid: number }) => pid);
    assert.deepEqual(pids.filter((pid) => !found.includes(pid)), []);
    assert.deepEqual([...pids, agent.pid].filter(isAlive), [
      ...pids,
      agent.pid,
    ]);
  }));

test(
  "stop without --tree leaves the children alone",
  { skip },
  () =>
    withTree(["polite"], async (world, { agent, pids }) => {
      const ran = await world.run(["stop", ID, "-t", "5s"]);
      assert.equal(ran.status, 0, ran.stderr);
      assert.equal(agent.isAlive(), false);
      assert.deepEqual(pids.filter(isAlive), pids);
    }),
);

test("kill self --tree outlives its target and finishes the work", {
  skip,
}, () =>
  withWorld(async (world) => {
    const out = join(world.home, "out");
    const { command } = ownForm();
    const kill = [...command, "kill", "self", "--tree", "-t", "2s", "--json"];
    // The shell between them is of the tree, too.
    const shell = ["/bin/sh", "-c", '"$@"; :', "sh", ...kill];
    const tree = await startTree(world, ["run", out, ...shell]);
    try {
      tree.agent.child.stdin?.write("GO\n");
      assert.equal(await tree.agent.waitForEnd(), "SIGTERM");
      const read = () => readFileSync(out, "utf8");
      await waitUntil(() => read().includes("]\n"), "no report");
      assert.deepEqual(tree.pids.filter(isAlive), []);
      assert.match(
        read(),
        /"outcome":"exited","pid":\d+,"reason":null,"result/,
      );
      assert.equal(world.readEntry(ID)["status"], "killed");
      assert.ok(tree.bystander.isAlive());
    } finally {
      clear(tree);
    }
  }));
