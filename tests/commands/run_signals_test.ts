import assert from "node:assert/strict";
import { test } from "node:test";
import { run, type RunOptions } from "../../src/commands/run.ts";
import type { PassedSignal } from "../../src/system/system.ts";
import { createMemory, type Memory } from "../support/memory_system.ts";
import { createContext, STORE } from "../support/zag_files.ts";

function start(memory: Memory, options: Partial<RunOptions> = {}) {
  return run(createContext(memory), { command: ["claude"], ...options });
}

function readEntry(memory: Memory): Record<string, unknown> {
  return JSON.parse(memory.text(STORE) ?? "").processes[0];
}

/** Sends a signal to zag-ps. */
function send(memory: Memory, signal: PassedSignal, keyboard = false): void {
  assert.notEqual(memory.catchers.size, 0, "nobody catches signals");
  for (const take of memory.catchers) take(signal, keyboard);
}

test("run hands signals through and records the end that they bring", async () => {
  const memory = createMemory();
  memory.onStart = () => {
    setTimeout(() => {
      send(memory, "SIGUSR1");
      send(memory, "SIGTERM");
    });
  };
  memory.onProgramSignal = (program, signal) => {
    if (signal === "SIGTERM") program.end({ signal, number: 15 });
  };
  assert.equal((await start(memory)).exitStatus, 143);
  assert.deepEqual(memory.programs[0]?.signals, ["SIGUSR1", "SIGTERM"]);
  const { status, exit_code } = readEntry(memory);
  assert.deepEqual([status, exit_code], ["killed", 143]);
});

test("run lets a command that takes no notice of a signal go on", async () => {
  const memory = createMemory();
  memory.onStart = (program) => {
    setTimeout(() => {
      send(memory, "SIGHUP");
      setTimeout(() => {
        assert.equal(readEntry(memory)["status"], "running");
        program.end({ code: 0 });
      });
    });
  };
  assert.equal((await start(memory)).exitStatus, 0);
});

test("run does not hand on what the keyboard has sent to the command itself", async () => {
  const memory = createMemory();
  memory.onStart = (program) => {
    setTimeout(() => {
      send(memory, "SIGINT", true);
      program.end({ code: 1 });
    });
  };
  assert.equal((await start(memory)).exitStatus, 1);
  assert.deepEqual(memory.programs[0]?.signals, []);
});

test("run does not start a command once it was asked to end", async () => {
  const memory = createMemory();
  memory.onCall = (name, [path]) => {
    if (name === "rename" && String(path).includes("processes.json")) {
      send(memory, "SIGINT", true);
      memory.onCall = () => {};
    }
  };
  assert.equal((await start(memory)).exitStatus, 130);
  assert.equal(memory.programs.length, 0);
  const { status, exit_code } = readEntry(memory);
  assert.deepEqual([status, exit_code], ["killed", 130]);
});

test("run ends as the signal says that cuts its wait for the lock off", async () => {
  const memory = createMemory();
  let isCut = false;
  const system = {
    ...memory.system,
    deferSignals: <T>(work: (arrived: () => boolean) => Promise<T>) =>
      work(() => isCut),
  };
  const lock = `${STORE}.lock`;
  memory.put(lock, "{}");
  memory.onCall = (name, [path]) => {
    if (name !== "readFile" || path !== lock || isCut) return;
    isCut = true;
    send(memory, "SIGINT", true);
  };
  const context = { ...createContext(memory), system };
  const { exitStatus, failure } = await run(context, { command: ["x"] });
  assert.equal(exitStatus, 130);
  assert.match(failure ?? "", /processes\.json\.lock": interrupted$/);
  assert.equal(memory.programs.length, 0);
  assert.equal(memory.text(STORE), undefined);
  assert.equal(memory.catchers.size, 0);
});

test("run hands on what came while the command was started", async () => {
  const memory = createMemory();
  memory.onStart = () => send(memory, "SIGTERM");
  memory.onProgramSignal = (program, signal) => {
    program.end({ signal, number: 15 });
  };
  assert.equal((await start(memory)).exitStatus, 143);
  assert.deepEqual(memory.programs[0]?.signals, ["SIGTERM"]);
});

test("run waits for the lock again that a signal has cut off", async () => {
  const memory = createMemory();
  let isCut = false;
  const lock = `${STORE}.lock`;
  const system = {
    ...memory.system,
    // The signal counts for the wait that it has cut off, not for the next.
    deferSignals: async <T>(work: (arrived: () => boolean) => Promise<T>) => {
      try {
        return await work(() => isCut);
      } finally {
        if (isCut) memory.files.delete(lock);
        isCut = false;
      }
    },
  };
  let cuts = 0;
  // By the time of the end the pid is in.
  memory.onStart = (program) => {
    setTimeout(() => {
      program.end({ code: 5 });
      memory.put(lock, "{}");
      memory.onCall = (name, [path]) => {
        if (name !== "readFile" || path !== lock || cuts > 0) return;
        cuts++;
        isCut = true;
        send(memory, "SIGTERM", true);
      };
    });
  };
  const context = { ...createContext(memory), system };
  assert.equal((await run(context, { command: ["x"] })).exitStatus, 5);
  assert.equal(readEntry(memory)["exit_code"], 5);
  assert.equal(cuts, 1);
  assert.deepEqual(context.warnings, []);
});

test("run ends the command when its time is up, the hard way in the end", async () => {
  const memory = createMemory();
  memory.onStart = () => {};
  const sent: [signal: string, at: number][] = [];
  const begun = memory.clock;
  memory.onProgramSignal = (program, signal) => {
    sent.push([signal, memory.clock - begun]);
    if (signal === "SIGKILL") program.end({ signal, number: 9 });
  };
  const week = 7 * 86_400_000;
  const { exitStatus } = await start(memory, { timeoutMs: week });
  assert.equal(exitStatus, 124);
  assert.deepEqual(sent.map(([signal]) => signal), ["SIGTERM", "SIGKILL"]);
  const [[, term = 0] = [], [, kill = 0] = []] = sent;
  assert.ok(term >= week && term < week + 1000, String(term));
  assert.ok(kill - term >= 10_000 && kill - term < 11_000);
  const { status, exit_code } = readEntry(memory);
  assert.deepEqual([status, exit_code], ["killed", 124]);
});

test("run leaves a command alone that ends in time", async () => {
  const memory = createMemory();
  memory.onStart = (program) => program.end({ code: 2 });
  const { exitStatus } = await start(memory, { timeoutMs: 1000 });
  assert.equal(exitStatus, 2);
  assert.deepEqual(memory.programs[0]?.signals, []);
});
