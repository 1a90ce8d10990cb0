import assert from "node:assert/strict";
import { test } from "node:test";
import { sendSignal } from "../../../src/commands/steps/send_signal.ts";
import type { Verdict } from "../../../src/model/liveness.ts";
import type { ProcessFacts } from "../../../src/model/process_facts.ts";
import { createMemory, systemError } from "../../support/memory_system.ts";
import {
  createContext,
  isError,
  makeEntry,
  makeFacts,
  PID,
} from "../../support/zag_files.ts";

function judge(facts: ProcessFacts): Verdict {
  return {
    liveStatus: "running",
    alive: true,
    identity: "consistent",
    reason: "it started when it was recorded",
    rule: "start",
    facts,
  };
}

const SIGNALS: [
  code: string,
  kind: "signal" | "not-running",
  message: RegExp,
][] = [
  [
    "EPERM",
    "signal",
    /^Failed to signal process: operation not permitted \(EPERM\)$/,
  ],
  ["ESRCH", "not-running", /^Process \S+ is not running \(status: dead\)$/],
  ["EINVAL", "signal", /^Failed to signal process: EINVAL: made by a test$/],
];

for (const [code, kind, message] of SIGNALS) {
  test(`sendSignal tells ${code} as "${kind}", with its cause`, async () => {
    const memory = createMemory();
    const cause = systemError(code);
    memory.onCall = () => {
      throw cause;
    };
    const verdict = judge(makeFacts());
    await assert.rejects(
      sendSignal(
        createContext(memory),
        { entry: makeEntry(), verdict },
        "SIGTERM",
      ),
      (error) =>
        isError(kind, message)(error) && (error as Error).cause === cause,
    );
  });
}

for (const signal of ["SIGHUP", "SIGTERM"] as const) {
  test(`sendSignal sends ${signal} to the process alone`, async () => {
    const memory = createMemory();
    memory.processes.set(PID, makeFacts());
    const verdict = judge(makeFacts());
    await sendSignal(
      createContext(memory),
      { entry: makeEntry(), verdict },
      signal,
    );
    assert.deepEqual(memory.signals, [[PID, signal]]);
  });
}

test("sendSignal sends nothing to a process that started at another time", async () => {
  const memory = createMemory();
  memory.processes.set(PID, makeFacts({ startTicks: "proc:43" }));
  const verdict = judge(makeFacts({ startTicks: "proc:42" }));
  await assert.rejects(
    sendSignal(
      createContext(memory),
      { entry: makeEntry(), verdict },
      "SIGTERM",
    ),
    isError("not-running", /\(status: dead\)$/),
  );
  assert.deepEqual(memory.signals, []);
});

test("sendSignal names the owner of a process that it may not signal", async () => {
  const memory = createMemory();
  memory.onCall = () => {
    throw systemError("EPERM");
  };
  const verdict = judge(makeFacts({ uid: 65534, owner: "nobody" }));
  await assert.rejects(
    sendSignal(
      createContext(memory),
      { entry: makeEntry(), verdict },
      "SIGTERM",
    ),
    isError("signal", /\(EPERM\): it belongs to nobody$/),
  );
});
