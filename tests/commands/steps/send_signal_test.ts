import assert from "node:assert/strict";
import { test } from "node:test";
import { sendSignal } from "../../../src/commands/steps/send_signal.ts";
import { createMemory, systemError } from "../../support/memory_system.ts";
import {
  createContext,
  isError,
  makeEntry,
  PID,
} from "../../support/zag_files.ts";

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
  test(`sendSignal tells ${code} as "${kind}", with its cause`, () => {
    const memory = createMemory();
    const cause = systemError(code);
    memory.onCall = () => {
      throw cause;
    };
    assert.throws(
      () => sendSignal(createContext(memory), makeEntry(), "SIGTERM"),
      (error) =>
        isError(kind, message)(error) && (error as Error).cause === cause,
    );
  });
}

for (const signal of ["SIGHUP", "SIGTERM"] as const) {
  test(`sendSignal sends ${signal} to the process alone`, () => {
    const memory = createMemory();
    memory.processes.set(PID, { pid: PID, zombie: false });
    sendSignal(createContext(memory), makeEntry(), signal);
    assert.deepEqual(memory.signals, [[PID, signal]]);
  });
}
