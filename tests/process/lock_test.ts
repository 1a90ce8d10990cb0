import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { withLock } from "../../src/system/lock.ts";
import { createNodeSystem } from "../../src/system/node_system.ts";
import { type Agent, startChild } from "../support/children.ts";
import {
  findSourceRuntime,
  getFixture,
  needsSourceRuntime,
} from "../support/source_programs.ts";

const skip = needsSourceRuntime;
/** Only there is a holder provably gone. */
const skipBreaking = skip ||
  (existsSync("/proc/self/ns/pid") ? false : "without /proc no lock is broken");

/** Longer than any test waits: such a holder is always ended by a signal. */
const FOR_EVER_MS = "600000";
const RACERS = 8;

interface Folder {
  file: string;
  log: string;
  start(mode: string, last: string): Agent;
  list(): string[];
}

/*
 * Signals are sent with process.kill: under Deno a child that was signalled
 * by its own kill() is reported as ended by that signal, whatever it did.
 */

async function withFolder(use: (folder: Folder) => Promise<void>) {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "zag-ps-lock-")));
  const runtime = findSourceRuntime();
  assert.ok(runtime);
  const [program = "", ...first] = runtime.command;
  const file = join(path, "store.json");
  writeFileSync(file, "x");
  const children: Agent[] = [];
  try {
    await use({
      file,
      log: join(path, "log"),
      start: (mode, last) => {
        const script = getFixture("lock_program.ts");
        const args = [...first, script, mode, file, last];
        const child = startChild(program, args, runtime.env);
        children.push(child);
        return child;
      },
      list: () => readdirSync(path).sort(),
    });
  } finally {
    for (const { child } of children) child.kill("SIGKILL");
    await Promise.all(children.map((child) => child.waitForEnd()));
    rmSync(path, { recursive: true, force: true });
  }
}

/** Takes the lock in this process and lets it go. */
async function takeLock(file: string): Promise<void> {
  await withLock(createNodeSystem(), file, () => {});
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  test(
    `withLock releases the lock if ${signal} comes in the middle, and dies of it`,
    {
      skip,
    },
    () =>
      withFolder(async ({ start, list }) => {
        const holder = start("hold", "400");
        await holder.waitFor("HELD\n");
        process.kill(holder.pid, signal);
        assert.equal(await holder.waitForEnd(), signal);
        assert.doesNotMatch(holder.output(), /DONE/);
        assert.deepEqual(list(), ["store.json"]);
      }),
  );
}

test("withLock dies of a signal at once while it waits, and leaves nothing", {
  skip,
}, () =>
  withFolder(async ({ file, start, list }) => {
    const holder = start("hold", FOR_EVER_MS);
    await holder.waitFor("HELD\n");
    const lock = readFileSync(`${file}.lock`, "utf8");
    const waiter = start("hold", "0");
    await waiter.waitFor("READY\n");
    process.kill(waiter.pid, "SIGTERM");
    assert.equal(await waiter.waitForEnd(), "SIGTERM");
    assert.equal(readFileSync(`${file}.lock`, "utf8"), lock);
    assert.deepEqual(list(), ["store.json", "store.json.lock"]);
  }));

test("withLock leaves the decision to a program that listens itself", {
  skip,
}, () =>
  withFolder(async ({ start, list }) => {
    const holder = start("listen", "400");
    await holder.waitFor("HELD\n");
    process.kill(holder.pid, "SIGTERM");
    assert.equal(await holder.waitForEnd(), 0);
    assert.equal(holder.output(), "READY\nHELD\nGOT SIGTERM\nDONE\n");
    assert.deepEqual(list(), ["store.json"]);
  }));

test("withLock breaks the lock of a holder that was killed", {
  skip: skipBreaking,
}, () =>
  withFolder(async ({ file, start, list }) => {
    const holder = start("hold", FOR_EVER_MS);
    await holder.waitFor("HELD\n");
    holder.child.kill("SIGKILL");
    assert.equal(await holder.waitForEnd(), "SIGKILL");
    assert.deepEqual(list(), ["store.json", "store.json.lock"]);
    await takeLock(file);
    assert.deepEqual(list(), ["store.json"]);
  }));

test("withLock breaks a stale lock by exactly one of many waiters", {
  skip: skipBreaking,
}, () =>
  withFolder(async ({ file, log, start, list }) => {
    const holder = start("hold", FOR_EVER_MS);
    const racers = Array.from({ length: RACERS }, () => start("race", log));
    await holder.waitFor("HELD\n");
    holder.child.kill("SIGKILL");
    await holder.waitForEnd();
    await Promise.all(racers.map((racer) => racer.waitFor("READY\n")));
    for (const { child } of racers) child.stdin?.write("GO\n");
    for (const racer of racers) assert.equal(await racer.waitForEnd(), 0);

    const removed = racers.map((racer) =>
      Number(/REMOVED (\d+) /.exec(racer.output())?.[1])
    );
    assert.equal(removed.reduce((sum, count) => sum + count), 1, `${removed}`);
    const lines = readFileSync(log, "utf8").trimEnd().split("\n");
    assert.equal(lines.length, 2 * RACERS);
    for (let i = 0; i < lines.length; i += 2) {
      const pid = /^in (\d+)$/.exec(lines[i] ?? "")?.[1];
      assert.ok(pid, lines.join(", "));
      assert.equal(lines[i + 1], `out ${pid}`);
    }
    assert.deepEqual(list(), ["log", "store.json"]);
    assert.equal(readFileSync(file, "utf8"), "x");
  }));
