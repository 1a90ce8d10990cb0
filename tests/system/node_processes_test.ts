import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import {
  observeAllProcesses,
  observeProcesses,
} from "../../src/system/node_observe.ts";
import { signalProcess } from "../../src/system/node_processes.ts";
import { observeAllPs, observePs } from "../../src/system/node_queries.ts";
import { type Agent, startChild } from "../support/children.ts";
import { withWorld } from "../support/world.ts";
import { isZombie, makeZombie } from "../support/zombie.ts";
import { ID } from "../support/zag_files.ts";

const skip = existsSync("/proc/self/stat") ? false : "there is no /proc";

/** Starts a program that waits, lets a test use it, and ends it. */
async function withSleeper(
  use: (sleeper: Agent) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  const sleeper = startChild("/bin/sleep", ["120"], env);
  try {
    await use(sleeper);
  } finally {
    sleeper.child.kill("SIGKILL");
    await sleeper.waitForEnd();
  }
}

async function observe(pid: number): Promise<ProcessFacts | undefined> {
  const { processes, complete } = await observeProcesses(new Set([pid]));
  assert.equal(complete, true);
  return processes.get(pid);
}

/** Why the ps of this machine is of no use. */
function findPsFault(): string | false {
  if (process.platform === "win32") return "Windows has no ps";
  try {
    const pid = String(process.pid);
    execFileSync("ps", ["-o", "pid=,lstart=", "-p", pid], { stdio: "ignore" });
    return false;
  } catch (error) {
    return `ps cannot tell start times here (BusyBox?): ${error}`;
  }
}

const noPs = findPsFault();

/** The pid of a process that has ended and was collected. */
async function makeGonePid(): Promise<number> {
  let gone = 0;
  await withSleeper(({ pid }) => {
    gone = pid;
    return Promise.resolve();
  });
  return gone;
}

test(
  "observeProcesses tells the facts of a process",
  { skip },
  () =>
    withSleeper(async ({ pid }) => {
      const facts = await observe(pid);
      assert.equal(facts?.pid, pid);
      assert.equal(facts?.ppid, process.pid);
      assert.equal(facts?.uid, process.getuid?.());
      assert.equal(facts?.zombie, false);
      assert.match(facts?.startTicks ?? "", /^proc:\d+$/);
      // The boot time is known to the second.
      const ageMs = Date.now() - (facts?.startedAt ?? NaN);
      assert.ok(ageMs > -2_000 && ageMs < 30_000, `${ageMs} ms old`);
      assert.deepEqual(facts?.args, ["/bin/sleep", "120"]);
      assert.match(facts?.executable ?? "", /\/(?:sleep|coreutils|busybox)$/);
      // Of the environment nothing but the marker is kept.
      assert.deepEqual(facts?.markers, { ZAG_PROCESS_ID: ID });
    }, { ZAG_PROCESS_ID: ID, SECRET: "hunter2" }),
);

test("observeProcesses takes an empty environment for a readable one", {
  skip,
}, () =>
  withSleeper(async ({ pid }) => {
    assert.deepEqual((await observe(pid))?.markers, {});
  }));

test("observeProcesses sees no process where there is none", async () => {
  assert.equal(await observe(await makeGonePid()), undefined);
  assert.equal(await observe(2 ** 31 - 1), undefined);
});

test(
  "observePs agrees with /proc",
  { skip: skip || noPs },
  () =>
    withSleeper(async ({ pid }) => {
      const seen = await observePs(new Set([pid]));
      assert.ok(seen);
      const facts = seen.processes.get(pid);
      const proc = await observe(pid);
      assert.equal(facts?.ppid, proc?.ppid);
      assert.equal(facts?.uid, proc?.uid);
      assert.equal(facts?.zombie, false);
      assert.equal(facts?.markers, undefined);
      assert.equal(facts?.pgid, proc?.pgid);
      assert.equal(facts?.name, proc?.name);
      assert.match(facts?.startTicks ?? "", /^ps:\d+$/);
      const apartMs = (facts?.startedAt ?? NaN) - (proc?.startedAt ?? NaN);
      assert.ok(Math.abs(apartMs) <= 2_000, `${apartMs} ms apart`);
      assert.match(seen.limit ?? "", /verdicts rest on start times/);
      assert.equal(seen.complete, true);
    }),
);

test("observePs sees no process where there is none", {
  skip: skip || noPs,
}, async () => {
  const seen = await observePs(new Set([2 ** 31 - 1]));
  assert.ok(seen);
  assert.equal(seen.processes.get(2 ** 31 - 1), undefined);
  assert.equal(seen.complete, true);
});

test(
  "signalProcess signals the process whose start was judged",
  { skip },
  () =>
    withSleeper(async (sleeper) => {
      const facts = await observe(sleeper.pid);
      await signalProcess(sleeper.pid, "SIGHUP", {
        startTicks: facts?.startTicks,
      });
      assert.equal(await sleeper.waitForEnd(), "SIGHUP");
    }),
);

test("signalProcess takes a process with another start for gone", {
  skip,
}, () =>
  withSleeper(async (sleeper) => {
    const start = (await observe(sleeper.pid))?.startTicks ?? "";
    const ticks = BigInt(start.slice("proc:".length));
    for (const other of [ticks - 1n, ticks + 1n]) {
      await assert.rejects(
        signalProcess(sleeper.pid, "SIGKILL", { startTicks: `proc:${other}` }),
        { code: "ESRCH" },
      );
    }
    assert.ok(sleeper.isAlive());
  }));

// Judged by another source than it is read from now: nobody knows whether it
// is the same, and the entry of a process that lives must not be closed.
for (const start of ["ps:1795348740", "cim:2026-11-22T11:59:00Z", "1"]) {
  test(`signalProcess refuses where "${start}" cannot be compared`, {
    skip,
  }, () =>
    withSleeper(async (sleeper) => {
      const failure = await signalProcess(sleeper.pid, "SIGKILL", {
        startTicks: start,
      }).then(
        () => undefined,
        (error: Error & { code?: string }) => error,
      );
      assert.match(failure?.message ?? "", /cannot be read again/);
      assert.equal(failure?.code, undefined);
      assert.ok(sleeper.isAlive());
    }));
}

test(
  "signalProcess takes a zombie for gone",
  { skip },
  () =>
    withWorld(async (world) => {
      const pid = await makeZombie(world);
      const start = (await observe(pid))?.startTicks;
      assert.match(start ?? "", /^proc:\d+$/);
      for (const startTicks of [start, undefined]) {
        await assert.rejects(signalProcess(pid, "SIGTERM", { startTicks }), {
          code: "ESRCH",
        });
      }
      assert.ok(isZombie(pid), "it was gone before it was signalled");
    }),
);

test("signalProcess takes a process that has ended for gone", async () => {
  const pid = await makeGonePid();
  for (const startTicks of ["proc:1", undefined]) {
    await assert.rejects(signalProcess(pid, "SIGTERM", { startTicks }), {
      code: "ESRCH",
    });
  }
});

for (const pid of [0, 1, -1, 1.5, 2 ** 31, 2 ** 32 + 2, NaN, process.pid]) {
  const name = pid === process.pid ? "this process" : `pid ${pid}`;
  test(`signalProcess never signals ${name}`, async () => {
    let heard = 0;
    const listener = () => heard++;
    // Other tests of this process send themselves the other signals.
    process.on("SIGTERM", listener);
    try {
      for (const startTicks of [undefined, "proc:1"]) {
        await assert.rejects(
          signalProcess(pid, "SIGTERM", { startTicks }),
          RangeError,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      process.removeListener("SIGTERM", listener);
    }
    assert.equal(heard, 0);
  });
}

test("observeAllProcesses sees this process, its parent and its child", {
  skip,
}, () =>
  withSleeper(async ({ pid }) => {
    const { processes } = await observeAllProcesses();
    const facts = processes.get(pid);
    assert.equal(facts?.ppid, process.pid);
    assert.equal(facts?.name, "sleep");
    assert.deepEqual(facts?.markers, { ZAG_PROCESS_ID: ID });
    // Of what is recorded, only what comes for free is read.
    const { pgid, sid, startTicks, args, uid } = await observe(pid) ?? {};
    assert.deepEqual(
      { pgid, sid, startTicks, args, uid },
      {
        pgid: facts?.pgid,
        sid: facts?.sid,
        startTicks: facts?.startTicks,
        args: facts?.args,
        uid: facts?.uid,
      },
    );
    assert.ok(processes.has(process.pid));
    assert.ok(processes.has(process.ppid));
  }, { ZAG_PROCESS_ID: ID }));

test("observeAllPs sees parents and starts, and says that marks are not seen", {
  skip: noPs,
}, () =>
  withSleeper(async ({ pid }) => {
    const seen = await observeAllPs();
    const facts = seen?.processes.get(pid);
    assert.equal(facts?.ppid, process.pid);
    assert.match(facts?.startTicks ?? "", /^ps:\d+$/);
    if (process.platform === "linux") {
      assert.equal(facts?.markers, undefined);
      assert.deepEqual(facts?.args, ["/bin/sleep", "120"]);
      assert.match(
        seen?.limit ?? "",
        /environments and folders cannot be read/,
      );
    }
  }));
