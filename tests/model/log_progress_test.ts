import assert from "node:assert/strict";
import { test } from "node:test";
import { isFinished, QUIET_MS } from "../../src/model/log_progress.ts";

const STARTED = Date.UTC(2026, 10, 22, 11);
const NOW = STARTED + 60 * 60 * 1000;

/** An event so many seconds before the present. */
function event(type: string, secondsAgo: number | undefined, more = {}) {
  const ts = secondsAgo === undefined
    ? undefined
    : new Date(NOW - secondsAgo * 1000).toISOString().replace("Z", "+00:00");
  return { seq: 1, ts, provider: "claude", type, ...more };
}

function finished(lines: unknown[], now = NOW): boolean {
  const text = lines.map((line) =>
    typeof line === "string" ? line : `${JSON.stringify(line)}\n`
  ).join("");
  const bytes = new TextEncoder().encode(text);
  return isFinished(
    bytes.length,
    (start, end) => bytes.slice(start, end),
    STARTED,
    now,
  );
}

const RESULT = event("session_result", 600, { result: "done" });
const END = event("session_ended", 600, { success: true });

const ROWS: [name: string, lines: unknown[], finished: boolean][] = [
  ["an empty log", [], false],
  ["a start", [event("session_started", 3000)], false],
  ["messages", [event("assistant_message", 3000)], false],
  ["a result", [event("assistant_message", 700), RESULT], true],
  ["an end", [event("assistant_message", 700), END], true],
  ["a failed end", [event("session_ended", 600, { success: false })], true],
  ["a result and then an end", [RESULT, event("session_ended", 70)], true],
  ["a result 60 s ago", [event("session_result", 60)], true],
  ["a result 59 s ago", [event("session_result", 59)], false],
  ["a result and an end 10 s ago", [RESULT, event("session_ended", 10)], false],
  ["a result in the future", [event("session_result", -60)], false],
  ["heartbeats behind it", [
    RESULT,
    event("heartbeat", 20),
    event("usage", 15),
    event("heartbeat", 1),
  ], true],
  ["a resumed session", [END, event("session_started", 500)], false],
  ["a message of the user", [RESULT, event("user_message", 599)], false],
  ["a message of the agent", [END, event("assistant_message", 599)], false],
  ["a message without a date", [END, event("user_message", undefined)], false],
  [
    "a usage limit that zag waits for",
    [END, event("usage_limit_hit", 500)],
    false,
  ],
  ["the end of the resumed session", [
    END,
    event("session_started", 500),
    event("session_ended", 400),
  ], true],
  ["a tool's result behind it", [RESULT, event("tool_result", 599)], true],
  ["a tool call behind it", [RESULT, event("tool_call", 599)], false],
  ["the call that recorded it", [
    event("tool_call", 601),
    RESULT,
    event("tool_result", 599),
  ], true],
  [
    "a tool's result in the last minute",
    [RESULT, event("tool_result", 59)],
    false,
  ],
  ["what is not known, in the last minute", [RESULT, event("new", 1)], false],
  ["a result before the start", [event("session_result", 3601)], false],
  ["a result at the start", [event("session_result", 3600)], false],
  ["an end before the start, messages after it", [
    event("session_ended", 3700),
    event("assistant_message", 100),
  ], false],
  ["a result before the start behind one after it", [
    RESULT,
    event("session_result", 3700),
  ], false],
  ["a result without a date", [event("session_result", undefined)], false],
  ["one without a date behind one with", [
    RESULT,
    event("session_ended", undefined),
  ], true],
  ["a result with a torn line behind it", [RESULT, '{"seq":3,"ty'], true],
  ["lines that are no events", [RESULT, "\n", "7\n", "null\n", "[]\n"], true],
  ["a type inside another event", [
    event("assistant_message", 600, { content: RESULT }),
  ], false],
];

for (const [name, lines, expected] of ROWS) {
  test(`isFinished says ${expected} of ${name}`, () => {
    assert.equal(finished(lines), expected);
  });
}

test("isFinished waits for a minute of quiet", () => {
  const lines = [event("session_result", 0)];
  assert.equal(finished(lines, NOW + QUIET_MS - 1), false);
  assert.equal(finished(lines, NOW + QUIET_MS), true);
});

test("isFinished reads a large log from its end alone", () => {
  const tail = new TextEncoder().encode(`${JSON.stringify(RESULT)}\n`);
  const size = 300 * 1024 * 1024;
  let bytes = 0;
  const read = (start: number, end: number) => {
    bytes += end - start;
    const chunk = new Uint8Array(end - start).fill(0x0a);
    chunk.set(tail, chunk.length - tail.length);
    return chunk;
  };
  assert.equal(isFinished(size, read, STARTED, NOW), true);
  assert.ok(bytes <= 64 * 1024, `${bytes} bytes were read`);
});
