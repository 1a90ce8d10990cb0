import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type EndOutcome,
  isLeft,
  KILL_WAIT_MS,
  type LadderOptions,
  outcomeOfEnd,
  planLadder,
} from "../../src/model/ladder.ts";
import type { Signal } from "../../src/model/signal_names.ts";

const STOP = { first: "SIGHUP" } as const;
const KILL = { first: "SIGTERM" } as const;
const WAIT = 8000;

const LADDERS: [name: string, options: LadderOptions, steps: string][] = [
  ["stop", STOP, "SIGHUP 0"],
  ["kill", KILL, "SIGTERM 0"],
  ["stop -s INT", { ...STOP, signal: "SIGINT" }, "SIGINT 0"],
  [
    "stop -t",
    { ...STOP, timeoutMs: WAIT },
    "SIGHUP 8000, SIGTERM 8000, SIGKILL 8000",
  ],
  ["kill -t", { ...KILL, timeoutMs: WAIT }, "SIGTERM 8000, SIGKILL 8000"],
  [
    "stop -s INT -t",
    { ...STOP, signal: "SIGINT", timeoutMs: WAIT },
    "SIGINT 8000, SIGTERM 8000, SIGKILL 8000",
  ],
  [
    "stop -s TERM -t, which is no step twice",
    { ...STOP, signal: "SIGTERM", timeoutMs: WAIT },
    "SIGTERM 8000, SIGKILL 8000",
  ],
  [
    "kill -s QUIT -t",
    { ...KILL, signal: "SIGQUIT", timeoutMs: WAIT },
    "SIGQUIT 8000, SIGKILL 8000",
  ],
  [
    "kill -t 0s",
    { ...KILL, timeoutMs: 0 },
    `SIGTERM 0, SIGKILL ${KILL_WAIT_MS}`,
  ],
  ["stop --now", { ...STOP, now: true }, `SIGKILL ${KILL_WAIT_MS}`],
  [
    "stop --now -t 8s",
    { ...STOP, now: true, timeoutMs: WAIT },
    `SIGKILL ${WAIT}`,
  ],
  [
    "kill -s KILL",
    { ...KILL, signal: "SIGKILL" },
    `SIGKILL ${KILL_WAIT_MS}`,
  ],
];

for (const [name, options, steps] of LADDERS) {
  test(`planLadder of ${name} is ${steps}`, () => {
    const ladder = planLadder(options, "linux");
    assert.equal(
      ladder.steps.map(({ signal, waitMs }) => `${signal} ${waitMs}`)
        .join(", "),
      steps,
    );
    assert.equal(ladder.verified, steps.includes("SIGKILL"));
  });
}

test("planLadder knows one step on Windows, and looks after it", () => {
  assert.deepEqual(planLadder({ ...STOP, timeoutMs: 1 }, "win32"), {
    steps: [{ signal: "SIGKILL", waitMs: KILL_WAIT_MS }],
    verified: true,
  });
});

const ENDS: [signals: Signal[], outcome: EndOutcome][] = [
  [[], "gone"],
  [["SIGHUP"], "exited"],
  [["SIGHUP", "SIGTERM"], "exited"],
  [["SIGTERM", "SIGKILL"], "killed"],
];

for (const [signals, outcome] of ENDS) {
  test(`outcomeOfEnd after ${signals.join(", ") || "nothing"} is ${outcome}`, () => {
    assert.equal(outcomeOfEnd(signals), outcome);
  });
}

test("isLeft says which outcomes leave a process behind", () => {
  const all: EndOutcome[] = [
    "signalled",
    "exited",
    "killed",
    "survived",
    "recycled",
    "denied",
    "gone",
  ];
  assert.deepEqual(all.filter(isLeft), ["survived", "denied"]);
});
