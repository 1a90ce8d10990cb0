import assert from "node:assert/strict";
import { test } from "node:test";
import { renderJsonList } from "../../src/cli/json_entry.ts";
import {
  renderDetails,
  renderJsonEntry,
} from "../../src/cli/render_details.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import { judge } from "../support/judged.ts";

const KEYS = [
  ...["command", "exit_code", "exited_at", "id", "live_status", "model"],
  ...["parent_process_id", "parent_session_id", "pid", "prompt", "provider"],
  ...["root", "session_id", "started_at", "status"],
];

test("renderJsonList prints one compact line with sorted keys and nulls", () => {
  assert.equal(renderJsonList([]), "[]\n");
  const text = renderJsonList([judge({ prompt: undefined }), judge()]);
  assert.match(text, /^\[\{[^\n]*\}\]\n$/);
  const rows = JSON.parse(text);
  assert.equal(text, `${JSON.stringify(rows)}\n`);
  assert.equal(rows.length, 2);
  const keys = Object.keys(rows[0]);
  assert.deepEqual(keys, keys.toSorted());
  for (const key of KEYS) assert.ok(keys.includes(key), key);
  const { live_status, pid, prompt, session_id, exit_code, root } = rows[0];
  assert.deepEqual([live_status, pid, prompt], ["running", 4321, null]);
  assert.deepEqual([session_id, exit_code, root], [null, null, null]);
});

test("renderJsonEntry prints every value of the entry as it is stored", () => {
  const entry: ProcessEntry = {
    id: "a",
    pid: 5,
    session_id: "s",
    provider: "p",
    model: "",
    command: "c",
    prompt: "\x1b\n\u202e\u{1f916}\x7f\x85",
    started_at: "when",
    status: "paused",
    exit_code: -1,
    exited_at: "then",
    root: "/r/",
    parent_process_id: "pp",
    parent_session_id: "ps",
  };
  const text = renderJsonEntry({
    ...judge(entry, { liveStatus: "unknown", alive: false }),
    logPath: "/log",
  });
  const value = JSON.parse(text);
  for (const key of KEYS) {
    if (key === "live_status") continue;
    assert.equal(value[key], entry[key as keyof ProcessEntry], key);
  }
  assert.equal(value.live_status, "unknown");
  assert.equal(value.log_path, "/log");
  assert.equal(value.alive, false);
  assert.deepEqual(Object.keys(value), Object.keys(value).toSorted());
  assert.ok(text.includes('"\\u001b\\u000a\\u202e\u{1f916}\\u007f\\u0085"'));
});

test("renderDetails aligns the values at column 14 and leaves out what is not known", () => {
  assert.equal(
    renderDetails({ ...judge({ prompt: null }), logPath: null }),
    [
      "Process ID:  f47ac10b-58cc-4372-a567-0e02b2c3d479",
      "PID:         4321",
      "Status:      running",
      "Provider:    claude",
      "Model:       opus",
      "Command:     run",
      "Started:     2026-11-22T10:00:00.123456+00:00",
      "",
    ].join("\n"),
  );
});

test("renderDetails shows all that is known, the prompt in full", () => {
  const prompt = "p".repeat(100);
  assert.equal(
    renderDetails({
      ...judge({
        prompt,
        exited_at: "2026-11-22T11:00:00+00:00",
        exit_code: 0,
        session_id: "s",
        root: "/r",
        status: "exited",
      }, { liveStatus: "exited", alive: false }),
      logPath: null,
    }),
    [
      "Process ID:  f47ac10b-58cc-4372-a567-0e02b2c3d479",
      "PID:         4321",
      "Status:      exited",
      "Provider:    claude",
      "Model:       opus",
      "Command:     run",
      "Started:     2026-11-22T10:00:00.123456+00:00",
      "Exited:      2026-11-22T11:00:00+00:00",
      "Exit code:   0",
      "Session ID:  s",
      "Root:        /r",
      `Prompt:      ${prompt}`,
      "",
    ].join("\n"),
  );
});

test("renderDetails says what is alive after its end", () => {
  const outlived = renderDetails({
    ...judge({ status: "killed" }, { liveStatus: "killed" }),
    logPath: null,
  });
  assert.match(
    outlived,
    /^Status: {6}killed\nAlive: {7}yes, .*\nIdentity: {4}verified: the mark is there\n/m,
  );
});

test("renderDetails says what is invalid", () => {
  const invalid = renderDetails({
    ...judge({ pid: 0 }, {
      liveStatus: "unknown",
      alive: false,
      identity: "invalid",
      reason: "pid 0 is none",
    }),
    logPath: null,
  });
  assert.match(
    invalid,
    /^Status: {6}unknown\nIdentity: {4}invalid: pid 0 is none\n/m,
  );
});

for (
  const [identity, liveStatus] of [
    ["unverified", "running"],
    ["recycled", "dead"],
  ] as const
) {
  test(`renderDetails says what is ${identity}, and why`, () => {
    const alive = liveStatus === "running";
    const details = renderDetails({
      ...judge({}, { identity, liveStatus, alive, reason: "a\x1bb" }),
      logPath: null,
    });
    assert.match(details, new RegExp(`^Status: {6}${liveStatus}\nIdent`, "m"));
    assert.ok(details.includes(`Identity:    ${identity}: a\\x1bb\n`), details);
  });
}

test("renderDetails does not mention what is as it should be", () => {
  for (const identity of ["verified", "consistent", "dead"] as const) {
    const details = renderDetails({
      ...judge({}, { identity }),
      logPath: null,
    });
    assert.ok(!details.includes("Identity"), details);
  }
});
