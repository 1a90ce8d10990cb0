import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import {
  observeAllProcesses,
  observeProcesses,
} from "../../src/system/node_observe.ts";
import { parseCgroup } from "../../src/system/proc.ts";
import {
  type Agent,
  DEADLINE_MS,
  isAlive,
  startChild,
  waitUntil,
} from "../support/children.ts";
import { withWorld } from "../support/world.ts";
import { makeZombie } from "../support/zombie.ts";

const skip = existsSync("/proc/self/stat") ? false : "there is no /proc";

/** Looks at every process, and picks one. */
async function find(pid: number): Promise<ProcessFacts> {
  const { processes } = await observeAllProcesses();
  const facts = processes.get(pid);
  assert.ok(facts, `process ${pid} was not seen`);
  return facts;
}

/** Starts a program that prints READY and goes on, and ends it. */
async function withChild(
  command: [string, ...string[]],
  use: (child: Agent) => Promise<void>,
): Promise<void> {
  const [program, ...args] = command;
  const child = startChild(program, args, { PATH: process.env["PATH"] ?? "" });
  try {
    await child.waitFor("READY");
    await use(child);
  } finally {
    child.child.kill("SIGKILL");
    await child.waitForEnd();
  }
}

const WAIT = "echo READY; exec sleep 120";

test("observeAllProcesses tells the group and the session of its own child", {
  skip,
}, () =>
  withChild(["/bin/sh", "-c", WAIT], async ({ pid }) => {
    const own = await find(process.pid);
    const facts = await find(pid);
    assert.ok(own.pgid !== undefined || own.sid !== undefined);
    assert.deepEqual([facts.pgid, facts.sid], [own.pgid, own.sid]);
  }));

test(
  "observeAllProcesses tells the session of its leader",
  { skip },
  () =>
    withChild(["setsid", "/bin/sh", "-c", WAIT], async ({ pid }) => {
      const { pgid, sid, terminal } = await find(pid);
      assert.deepEqual([pgid, sid, terminal], [pid, pid, null]);
    }),
);

test(
  "observeAllProcesses tells the folder, the program and the group of control",
  {
    skip,
  },
  () =>
    withWorld((world) =>
      withChild(
        ["/bin/sh", "-c", `cd "$1" && ${WAIT}`, "sh", world.home],
        async ({ pid }) => {
          const { folder, executable, cgroup } = await find(pid);
          assert.equal(folder, realpathSync(world.home));
          assert.match(executable ?? "", /^\//);
          const own = readFileSync("/proc/self/cgroup", "utf8");
          assert.equal(cgroup, parseCgroup(own));
        },
      )
    ),
);

test(
  "observeAllProcesses counts the time of the processor",
  { skip },
  () =>
    withChild(
      ["/bin/sh", "-c", "echo READY; while :; do :; done"],
      async ({ pid }) => {
        const end = Date.now() + DEADLINE_MS;
        for (;;) {
          const before = Date.now();
          const { cpuMs, startedAt } = await find(pid);
          assert.ok(cpuMs !== undefined && startedAt !== undefined);
          // The boot time is known to the second.
          assert.ok(cpuMs <= before - startedAt + 3_000, `${cpuMs} ms`);
          if (cpuMs >= 50) break;
          assert.ok(before < end, `${cpuMs} ms are too few`);
        }
      },
    ),
);

test(
  "observeAllProcesses tells the memory of this process",
  { skip },
  async () => {
    const { memoryBytes = 0 } = await find(process.pid);
    const told = process.memoryUsage().rss;
    const ratio = memoryBytes / told;
    assert.ok(ratio > 0.5 && ratio < 2, `${memoryBytes} instead of ${told}`);
  },
);

test(
  "observeAllProcesses tells of a zombie that it is one",
  { skip },
  () =>
    withWorld(async (world) => {
      const pid = await makeZombie(world);
      const facts = await find(pid);
      assert.equal(facts.zombie, true);
      assert.equal(facts.ppid, (await find(facts.ppid ?? 0)).pid);
      for (const name of ["executable", "folder", "markers", "terminal"]) {
        assert.equal(
          (facts as unknown as Record<string, unknown>)[name],
          undefined,
        );
      }
      assert.deepEqual(facts.args, []);
      assert.equal(facts.memoryBytes, 0);
    }),
);

const kernelThread = !skip && existsSync("/proc/2/comm") &&
    readFileSync("/proc/2/comm", "utf8") === "kthreadd\n"
  ? false
  : "no threads of the kernel can be seen here";

test("observeAllProcesses knows no program of a thread of the kernel", {
  skip: kernelThread,
}, async () => {
  const { name, executable, args, markers, terminal, sid } = await find(2);
  assert.deepEqual(
    { name, executable, args, markers, terminal, sid },
    {
      name: "kthreadd",
      executable: undefined,
      args: [],
      markers: undefined,
      terminal: null,
      sid: undefined,
    },
  );
});

const noTerminal = skip || findScript();

/** Why no terminal can be made here. */
function findScript(): string | false {
  try {
    const options = ["-qec", "tty", "/dev/null"];
    const tty = execFileSync("script", options, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 10_000,
    });
    return /^\/dev\/pts\/\d+/.test(tty) ? false : "script(1) makes no terminal";
  } catch (error) {
    return `script(1) cannot be run: ${error}`;
  }
}

/**
 * Starts a shell on a terminal of its own, which it survives, and a child of
 * it with other files.
 */
async function withTerminal(
  files: string,
  use: (pid: number, close: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const line = `trap "" HUP; sleep 120 ${files} & echo "PID $! READY"; wait`;
  const script = startChild("script", ["-qec", line, "/dev/null"], {
    PATH: process.env["PATH"] ?? "",
    SHELL: "/bin/sh",
  });
  const pids: number[] = [];
  try {
    await script.waitFor("READY");
    const pid = Number(/PID (\d+) READY/.exec(script.output())?.[1]);
    assert.ok(pid > 1, script.output());
    const { ppid = 0 } = await find(pid);
    pids.push(ppid, pid);
    await use(pid, async () => {
      script.child.kill("SIGKILL");
      await script.waitForEnd();
      await waitUntil(() => hasNoTerminal(pid), "The terminal is still there");
    });
  } finally {
    for (const pid of pids.filter(isAlive)) process.kill(pid, "SIGKILL");
    script.child.kill("SIGKILL");
    await script.waitForEnd();
  }
}

function hasNoTerminal(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[4] === "0";
}

// The first one keeps the terminal as its input, too; a shell gives a program
// in the background another one.
for (const files of ["<&1", "", ">/dev/null"]) {
  const name = files === "" ? "as it comes" : `with ${files}`;
  test(`observeAllProcesses sees that a terminal is gone, a program ${name}`, {
    skip: noTerminal,
  }, () =>
    withTerminal(files, async (pid, close) => {
      const { terminal } = await find(pid);
      assert.match(terminal?.name ?? "", /^\/dev\/pts\/\d+$/);
      assert.equal(terminal?.deleted, false);
      await close();
      const after = await find(pid);
      assert.deepEqual(after.terminal, { ...terminal, deleted: true });
      // What is recorded is looked at more quickly, and nothing is guessed.
      const { processes } = await observeProcesses(new Set([pid]));
      assert.equal(processes.get(pid)?.terminal, undefined);
    }));
}

test(
  "observeAllProcesses takes a program with other files for one without a terminal",
  {
    skip: noTerminal,
  },
  () =>
    withTerminal("</dev/null >/dev/null 2>&1", async (pid, close) => {
      assert.equal((await find(pid)).terminal?.deleted, false);
      await close();
      assert.equal((await find(pid)).terminal, null);
    }),
);
