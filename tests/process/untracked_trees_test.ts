/** Agents that nobody recorded, and what looks like them, as real processes. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import {
  CLAUDE,
  CODEX,
  CODEX_LAUNCHER,
  copyShell,
  copySleep,
  DROID,
  DROID_LAUNCHER,
  findNode,
  LAUNCHER_SCRIPT,
  needsCopies,
  TITLE_SCRIPT,
  writeScript,
} from "../support/agent_files.ts";
import { type Agent, isAlive, waitUntil } from "../support/children.ts";
import { listRow, listRows, waitForProgram } from "../support/listed_rows.ts";
import { makeEntry } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";
import { isZombie } from "../support/zombie.ts";

const node = needsCopies ? undefined : findNode();
const skip = needsCopies;
const skipNode = skip || node === undefined && "there is no Node to start one";
const skipTerminal = skip || !findPython() && "there is no Python with pty";
for (const reason of new Set([skip, skipNode, skipTerminal])) {
  if (reason) console.error(`Some trees of agents are left out: ${reason}`);
}

function findPython(): boolean {
  try {
    execFileSync("python3", ["-c", "import pty"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const { PATH = "" } = process.env;

interface Pair {
  launcher: Agent;
  child: number;
}

/** A script that Node runs, and the program that it starts. */
async function startPair(
  world: World,
  { script = CODEX_LAUNCHER, real = CODEX, words = ["exec", "fix it"], env }: {
    script?: string;
    real?: string;
    words?: string[];
    env?: Record<string, string>;
  } = {},
): Promise<Pair> {
  const launcher = world.start(node ?? "", [
    writeScript(world.home, script, LAUNCHER_SCRIPT),
    ...words,
  ], { PATH, REAL: copySleep(world.home, real), ...env });
  await launcher.waitFor(".\n");
  const child = Number(/READY (\d+)/.exec(launcher.output())?.[1]);
  assert.ok(child > 1);
  // Until then it is a copy of the launcher.
  await waitForProgram(child, join(world.home, real));
  return { launcher, child };
}

/** Ends what a test started and its world knows nothing of. */
async function withPair(
  use: (world: World, pair: Pair) => Promise<void>,
  options?: Parameters<typeof startPair>[1],
): Promise<void> {
  await withWorld(async (world) => {
    const pair = await startPair(world, options);
    try {
      await use(world, pair);
    } finally {
      if (isAlive(pair.child)) process.kill(pair.child, "SIGKILL");
    }
  });
}

test("list -a shows a launcher and its child as one agent", {
  skip: skipNode,
}, () =>
  withPair(async (world, { launcher, child }) => {
    for (
      const words of [["-a"], ["--untracked"], ["--untracked", "-p", "codex"]]
    ) {
      const row = await listRow(world, [launcher.pid, child], words);
      assert.deepEqual(
        [row.id, row.process_pid, row.launcher_pids, row.provider, row.role],
        [`pid:${child}`, child, [launcher.pid], "codex", "agent"],
      );
      assert.deepEqual([row.confidence, row.untracked], ["high", true]);
    }
    assert.deepEqual(await listRows(world, [launcher.pid, child], []), []);
  }));

test("explain names the launcher and the real process", {
  skip: skipNode,
}, () =>
  withPair(async (world, { launcher, child }) => {
    for (const handle of [`${launcher.pid}`, `pid:${launcher.pid}`]) {
      const ran = await world.run(["explain", handle]);
      assert.equal(ran.status, 0, ran.stderr);
      assert.match(ran.stdout, /^Recognised: +codex, agent, its launcher$/m);
      assert.match(ran.stdout, new RegExp(`^Real process: +${child}$`, "m"));
    }
    const ran = await world.run(["explain", String(child)]);
    assert.match(ran.stdout, /^Recognised: +codex, agent$/m);
    assert.match(
      ran.stdout,
      new RegExp(`^Launchers: +${launcher.pid}$`, "m"),
    );
  }));

const PAIRS: [name: string, options: Parameters<typeof startPair>[1]][] = [
  ["codex", {}],
  ["droid, whose launcher only its child gives away", {
    script: DROID_LAUNCHER,
    real: DROID,
    words: [],
  }],
];

for (const [name, options] of PAIRS) {
  for (const verb of ["stop", "kill"]) {
    for (const which of ["launcher", "child"] as const) {
      test(`${verb} of pid:N of the ${which} reaches both of ${name}`, {
        skip: skipNode,
      }, () =>
        withPair(async (world, { launcher, child }) => {
          const other = await startPair(world, options);
          try {
            const pid = which === "child" ? child : launcher.pid;
            const ran = await world.run([verb, `pid:${pid}`]);
            assert.equal(ran.status, 0, ran.stderr);
            const signal = verb === "stop" ? "SIGHUP" : "SIGTERM";
            assert.equal(await launcher.waitForEnd(), signal);
            await waitUntil(() => !isAlive(child), "the child did not end");
            // The next one of the same programs is another agent.
            assert.ok(other.launcher.isAlive() && isAlive(other.child));
            assert.equal(world.read("processes.json"), undefined);
          } finally {
            process.kill(other.child, "SIGKILL");
          }
        }, options));
    }
  }
}

test(
  "a recorded launcher and its child are one agent",
  { skip: skipNode },
  () => {
    const id = randomUUID();
    return withPair(async (world, { launcher, child }) => {
      world.writeProcesses([
        makeEntry({ id, pid: launcher.pid, provider: "codex" }),
      ]);
      const row = await listRow(world, [launcher.pid, child]);
      assert.deepEqual(
        [row.id, row.process_pid, row.launcher_pids, row.untracked],
        [id, child, [launcher.pid], false],
      );
      const pids = [launcher.pid, child];
      assert.deepEqual(await listRows(world, pids, ["--untracked"]), []);
      const ran = await world.run(["kill", `pid:${child}`, "--json"]);
      assert.equal(ran.status, 0, ran.stderr);
      assert.equal(await launcher.waitForEnd(), "SIGTERM");
      await waitUntil(() => !isAlive(child), "the child did not end");
      assert.equal(world.readEntry(id)["status"], "killed");
    }, { env: { ZAG_PROCESS_ID: id } });
  },
);

test(
  "stop and kill take no bare pid",
  { skip: skipNode },
  () =>
    withPair(async (world, { launcher, child }) => {
      for (const verb of ["stop", "kill"]) {
        for (const pid of [launcher.pid, child]) {
          const ran = await world.run([verb, String(pid)]);
          assert.equal(ran.status, 3, ran.stderr);
          assert.equal(ran.stdout, "");
        }
      }
      assert.ok(launcher.isAlive() && isAlive(child));
    }),
);

test("list -a knows an agent by the title that it gave itself", {
  skip: skipNode,
}, () =>
  withWorld(async (world) => {
    const script = writeScript(world.home, "app/main.js", TITLE_SCRIPT);
    const [titled, other] = ["codex", "postgres: codex"].map((title) =>
      world.start(node ?? "", [script, title], { PATH })
    );
    assert.ok(titled && other);
    await Promise.all([titled.waitFor(".\n"), other.waitFor(".\n")]);
    const row = await listRow(world, [titled.pid, other.pid]);
    assert.deepEqual(
      [row.process_pid, row.provider, row.role, row.confidence],
      [titled.pid, "codex", "agent", "medium"],
    );
  }));

test("list -a knows a script by its path, whatever its thread is called", {
  skip: skipNode,
}, () =>
  withWorld(async (world) => {
    const path = "lib/node_modules/@augmentcode/auggie/augment.mjs";
    const script = writeScript(
      world.home,
      path,
      `setTimeout(() => {}, 120_000); console.log("READY .");`,
    );
    const agent = world.start(node ?? "", ["--no-warnings", script], { PATH });
    await agent.waitFor(".\n");
    const name = readFileSync(`/proc/${agent.pid}/comm`, "utf8").trim();
    assert.match(name, /^(?:MainThread|node)$/);
    const row = await listRow(world, [agent.pid]);
    assert.deepEqual([row.provider, row.confidence], ["auggie", "high"]);
  }));

test("list -a finds what left its session and what was forked twice", {
  skip,
}, () =>
  withWorld(async (world) => {
    const claude = copySleep(world.home, CLAUDE);
    const starter = world.start("/bin/sh", [
      "-c",
      `setsid "$0" 119 & echo $!
(setsid sh -c '"$0" 119 & echo $!' "$0")
read -r _`,
      claude,
    ], { PATH });
    await starter.waitFor("\n");
    const read = () => starter.output().trim().split("\n").map(Number);
    await waitUntil(() => read().length === 2, "not both were started");
    const pids = read();
    try {
      for (const pid of pids) await waitForProgram(pid, claude);
      const rows = await listRows(world, pids);
      assert.deepEqual(
        rows.map(({ process_pid, provider }) => [process_pid, provider]).sort(),
        pids.map((pid) => [pid, "claude"]).sort(),
      );
      // Its parent is the shell of this test.
      const [first] = pids;
      const own = rows.find(({ process_pid }) => process_pid === first);
      assert.equal(own?.orphan, false);
      for (const pid of pids) {
        const ran = await world.run(["stop", `pid:${pid}`]);
        assert.equal(ran.status, 0, ran.stderr);
        await waitUntil(() => !isAlive(pid), "it did not end");
      }
    } finally {
      for (const pid of pids.filter(isAlive)) process.kill(pid, "SIGKILL");
    }
  }));

/** Starts a program on a terminal of its own, which it then closes. */
const CLOSED_TERMINAL = `
import os, pty, signal, sys
pid, master = pty.fork()
if pid == 0:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.write(1, b"UP")
    os.execv(sys.argv[1], [sys.argv[1], "119"])
while b"UP" not in os.read(master, 100):
    pass
os.close(master)
print(pid, flush=True)
sys.stdin.read()
os.kill(pid, signal.SIGKILL)
`;

test("list -a takes an agent without its terminal for an orphan", {
  skip: skipTerminal,
}, () =>
  withWorld(async (world) => {
    const claude = copySleep(world.home, CLAUDE);
    const python = world.start("python3", ["-c", CLOSED_TERMINAL, claude], {
      PATH,
    });
    await python.waitFor("\n");
    const pid = Number(python.output());
    await waitForProgram(pid, claude);
    const row = await listRow(world, [pid]);
    assert.equal(row.orphan, true);
    assert.match(row.orphan_reason ?? "", /^its terminal \/dev\/pts\/\d+ is /);
    const found = await listRow(world, [pid], ["-a", "-f", "orphan=true"]);
    assert.equal(found.id, `pid:${pid}`);
    python.child.stdin?.end();
    await waitUntil(() => !isAlive(pid), "it did not end");
  }));

test("list -a leaves out an agent that has ended and is not collected", {
  skip,
}, () =>
  withWorld(async (world) => {
    const claude = copySleep(world.home, CLAUDE);
    // The child is killed when the shell has become a program that waits.
    const parent = world.start("/bin/sh", [
      "-c",
      '"$0" 119 & echo $!; exec /bin/sleep 120',
      claude,
    ], { PATH });
    await parent.waitFor("\n");
    const pid = Number(parent.output());
    await waitForProgram(pid, claude);
    await waitForProgram(parent.pid, "/bin/sleep");
    process.kill(pid, "SIGKILL");
    await waitUntil(() => isZombie(pid), "it is no zombie");
    assert.deepEqual(await listRows(world, [pid]), []);
    const ran = await world.run(["stop", `pid:${pid}`]);
    assert.equal(ran.status, 3, ran.stderr);
  }));

test("list -a shows an MCP server under its agent, and ends it with none", {
  skip,
}, () =>
  withWorld(async (world) => {
    const claude = copyShell(world.home, CLAUDE);
    const server = copySleep(world.home, "bin/mcp-server-files");
    const script = writeScript(
      world.home,
      "work",
      `"${server}" 119 >/dev/null & echo $!\nread -r _\nkill $!\n`,
    );
    const agent = world.start(claude, [script], { PATH });
    await agent.waitFor("\n");
    const helper = Number(agent.output());
    try {
      await waitForProgram(helper, server);
      const pids = [agent.pid, helper];
      const rows = await listRows(world, pids);
      assert.deepEqual(
        rows.map(({ process_pid, provider, role, part_of }) => [
          process_pid,
          provider,
          role,
          part_of,
        ]).sort(),
        [
          [agent.pid, "claude", "agent", null],
          [helper, "claude", "helper", agent.pid],
        ].sort(),
      );
      const ran = await world.run(["stop", `pid:${agent.pid}`]);
      assert.equal(ran.status, 0, ran.stderr);
      assert.equal(await agent.waitForEnd(), "SIGHUP");
      assert.ok(isAlive(helper), "stop without --tree ended the helper");
    } finally {
      if (isAlive(helper)) process.kill(helper, "SIGKILL");
    }
  }));
