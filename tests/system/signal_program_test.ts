import assert from "node:assert/strict";
import { existsSync, readlinkSync } from "node:fs";
import { test } from "node:test";
import { observeProcesses } from "../../src/system/node_observe.ts";
import { signalProcess } from "../../src/system/node_processes.ts";
import { type Agent, startChild, waitUntil } from "../support/children.ts";

const skip = existsSync("/proc/self/stat") ? false : "there is no /proc";

/** Starts a shell that turns into another program at the first line. */
async function withShell(use: (shell: Agent) => Promise<void>): Promise<void> {
  const script = "echo READY; read line; exec sleep 120";
  const shell = startChild("/bin/sh", ["-c", script]);
  try {
    await shell.waitFor("READY");
    await use(shell);
  } finally {
    shell.child.kill("SIGKILL");
    await shell.waitForEnd();
  }
}

async function judge(pid: number) {
  const { processes } = await observeProcesses(new Set([pid]));
  const { startTicks, executable } = processes.get(pid) ?? {};
  assert.ok(executable);
  return { startTicks, executable };
}

test("signalProcess spares a process that turned into another program", {
  skip,
}, () =>
  withShell(async (shell) => {
    const judged = await judge(shell.pid);
    shell.child.stdin?.write("\n");
    await waitUntil(
      () => readlinkSync(`/proc/${shell.pid}/exe`) !== judged.executable,
      "The shell did not turn into another program",
    );
    const { startTicks, executable } = await judge(shell.pid);
    assert.equal(startTicks, judged.startTicks, "It is another process");
    await assert.rejects(signalProcess(shell.pid, "SIGKILL", judged), {
      code: "ESRCH",
    });
    assert.ok(shell.isAlive());
    // What was recorded stays what it is.
    await signalProcess(shell.pid, "SIGHUP", { startTicks });
    assert.equal(await shell.waitForEnd(), "SIGHUP");
    assert.notEqual(executable, judged.executable);
  }));

test("signalProcess signals a process that still is the same program", {
  skip,
}, () =>
  withShell(async (shell) => {
    await signalProcess(shell.pid, "SIGTERM", await judge(shell.pid));
    assert.equal(await shell.waitForEnd(), "SIGTERM");
  }));

test("signalProcess signals a program whose file was replaced meanwhile", {
  skip,
}, () =>
  withShell(async (shell) => {
    const { startTicks, executable } = await judge(shell.pid);
    const replaced = { startTicks, executable: `${executable} (deleted)` };
    await signalProcess(shell.pid, "SIGTERM", replaced);
    assert.equal(await shell.waitForEnd(), "SIGTERM");
  }));
