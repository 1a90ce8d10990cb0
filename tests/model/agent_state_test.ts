import assert from "node:assert/strict";
import { test } from "node:test";
import { findStateFile, saysFinished } from "../../src/model/agent_state.ts";
import { makeFacts } from "../support/ci_facts.ts";

const FOLDER = "/home/ada/.claude/jobs/7c5dcf5d";
const job = (folder?: string) =>
  makeFacts(100, 90, "claude", {
    markers: folder === undefined ? {} : { CLAUDE_JOB_DIR: folder },
  });
const DAEMON = makeFacts(90, 1, "claude daemon run");

const FILES: [string, string | undefined, string | undefined][] = [
  ["a folder of a session", FOLDER, `${FOLDER}/state.json`],
  [
    "a folder on Windows",
    "C:\\Users\\ada\\.claude\\jobs\\7c5dcf5d",
    "C:\\Users\\ada\\.claude\\jobs\\7c5dcf5d\\state.json",
  ],
  ["no folder", undefined, undefined],
  ["a relative folder", "jobs/7c5dcf5d", undefined],
  ["a folder elsewhere", "/etc/passwd", undefined],
  ["a folder above", "/home/ada/.claude/jobs/..", undefined],
  ["a folder below", `${FOLDER}/tmp`, undefined],
];

for (const [name, folder, file] of FILES) {
  test(`findStateFile reads ${name}`, () => {
    assert.equal(findStateFile(job(folder), DAEMON), file);
  });
}

test("findStateFile leaves what a session started", () => {
  assert.equal(findStateFile(job(FOLDER), job(FOLDER)), undefined);
});

test("findStateFile leaves what may have inherited its folder", () => {
  const hidden = { ...DAEMON, markers: undefined };
  assert.equal(findStateFile(job(FOLDER), hidden), undefined);
  assert.equal(findStateFile(job(FOLDER), undefined), undefined);
});

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
/** As it was seen of 2.1.165, without its texts. */
const DONE = {
  state: "done",
  tempo: "idle",
  inFlight: { tasks: 0, queued: 0, kinds: [] },
  sessionId: "96e07482-f8ff-416b-89a3-64d185cc3bd7",
  updatedAt: "2026-11-22T11:50:00.000Z",
};

const STATES: [
  name: string,
  finished: boolean,
  state: unknown,
  changed?: number,
][] = [
  ["a session that is done", true, DONE],
  ["a session that failed", true, { state: "failed" }],
  ["a session that was stopped", true, { state: "stopped" }],
  ["a session at work", false, { ...DONE, state: "working" }],
  ["a session that waits", false, { ...DONE, state: "blocked" }],
  ["a state that is not known", false, { ...DONE, state: "resting" }],
  ["no state", false, {}],
  ["a session that is active again", false, { ...DONE, tempo: "active" }],
  ["a session with a task", false, { ...DONE, inFlight: { tasks: 1 } }],
  ["a session with a queue", false, { ...DONE, inFlight: { queued: 2 } }],
  ["a session with odd tasks", false, { ...DONE, inFlight: { tasks: "1" } }],
  ["a file that just changed", false, DONE, NOW - MINUTE + 1],
  ["a state that just changed", false, {
    ...DONE,
    updatedAt: "2026-11-22T11:59:30.000Z",
  }],
  [
    "a state of an earlier process",
    false,
    { state: "done" },
    NOW - 61 * MINUTE,
  ],
  ["a list", false, [DONE]],
  ["a text", false, "done"],
];

for (const [name, finished, state, changed = NOW - 10 * MINUTE] of STATES) {
  test(`saysFinished judges ${name}`, () => {
    const text = JSON.stringify(state);
    const started = NOW - 60 * MINUTE;
    assert.equal(saysFinished(text, changed, started, NOW), finished);
  });
}

test("saysFinished says nothing of half a file or an unknown start", () => {
  const changed = NOW - 10 * MINUTE;
  assert.equal(saysFinished('{"state":"do', changed, 0, NOW), false);
  const text = JSON.stringify(DONE);
  assert.equal(saysFinished(text, changed, undefined, NOW), false);
});
