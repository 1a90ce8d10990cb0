import assert from "node:assert/strict";
import { test } from "node:test";
import { capture } from "../../support/capture.ts";
import { createMemory, type Memory } from "../../support/memory_system.ts";
import {
  formatStore,
  ID,
  makeEntry,
  makeFacts,
  PID,
  SESSION_ID,
  STORE,
} from "../../support/zag_files.ts";

const OTHER = "22222222-aaaa-4bbb-8ccc-000000000002";
const ENDED = {
  id: OTHER,
  status: "killed",
  exit_code: 143,
  started_at: "2026-11-22T11:00:00+00:00",
  exited_at: "2026-11-22T11:30:05.250+00:00",
};
const LINE = `✓ ${OTHER} killed (exit code 143) after 30m5s\n`;

/** An agent that runs and one that has ended. */
function makeMachine(): Memory {
  const memory = createMemory();
  memory.put(STORE, formatStore(makeEntry(), makeEntry(ENDED)));
  memory.processes.set(PID, makeFacts());
  return memory;
}

test("wait prints each as it ends", async () => {
  const { system } = makeMachine();
  assert.deepEqual(await capture(["wait", OTHER], system), {
    status: 0,
    stdout: LINE,
    stderr: "",
  });
});

test("wait gives up with 124, and names what still runs", async () => {
  const { system } = makeMachine();
  assert.deepEqual(await capture(["wait", OTHER, ID, "-t", "90s"], system), {
    status: 124,
    stdout: LINE,
    stderr: `Error: Gave up after 1m30s: process ${ID} is still running\n`,
  });
});

test("wait --any ends with the first", async () => {
  const { system } = makeMachine();
  const ran = await capture(["wait", ID, OTHER, "--any"], system);
  assert.deepEqual([ran.status, ran.stdout], [0, LINE]);
});

test("wait --json prints one value, those that still run included", async () => {
  const { system } = makeMachine();
  const ran = await capture(
    ["wait", ID, OTHER, "--timeout=1s", "--json"],
    system,
  );
  assert.equal(ran.status, 124);
  assert.ok(ran.stderr.startsWith(LINE), ran.stderr);
  assert.deepEqual(JSON.parse(ran.stdout), [
    {
      duration_ms: 1_805_250,
      ended: true,
      exit_code: 143,
      exited_at: ENDED.exited_at,
      id: OTHER,
      result: null,
      session_id: SESSION_ID,
      started_at: ENDED.started_at,
      status: "killed",
    },
    {
      duration_ms: null,
      ended: false,
      exit_code: null,
      exited_at: null,
      id: ID,
      result: null,
      session_id: SESSION_ID,
      started_at: "2026-11-22T11:59:00.123456789+00:00",
      status: "running",
    },
  ]);
});

test("wait takes filters", async () => {
  const { system } = makeMachine();
  const select = ["-f", "provider=claude", "--any", "-t", "1s"];
  assert.deepEqual(await capture(["wait", ...select], system), {
    status: 124,
    stdout: "",
    stderr: `Error: Gave up after 1s: process ${ID} is still running\n`,
  });
});

test("wait without anything to wait for fails", async () => {
  const { system } = makeMachine();
  for (
    const [args, status, why] of [
      [[], 2, /"wait" needs an ID or a filter/],
      [[""], 2, /not empty/],
      [["nobody"], 3, /Process not found: nobody/],
      [["-f", "provider=nobody"], 3, /Nothing to wait for/],
      [["-f", "status=killed"], 3, /no living process matches/],
      [[ID, "-t", "x"], 2, /duration "x"/],
    ] as const
  ) {
    const ran = await capture(["wait", ...args], system);
    assert.deepEqual([ran.status, ran.stdout], [status, ""]);
    assert.match(ran.stderr, why);
  }
});
