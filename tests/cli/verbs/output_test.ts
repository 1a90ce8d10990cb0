import assert from "node:assert/strict";
import { test } from "node:test";
import { capture } from "../../support/capture.ts";
import { createMemory, type Memory } from "../../support/memory_system.ts";
import {
  BASE_SESSIONS,
  formatSessions,
  formatStore,
  HOME,
  ID,
  makeEntry,
  makeSession,
  SESSION_ID,
  STORE,
} from "../../support/zag_files.ts";

const LOG = `${HOME}/logs/sessions/${SESSION_ID}.jsonl`;
const RESULT = 'line\n\x1b[1m"x"\u202e';

function makeMachine(): Memory {
  const memory = createMemory();
  const exit = { hint: "a name", json_mode: false };
  memory.put(STORE, formatStore(makeEntry()));
  memory.put(BASE_SESSIONS, formatSessions(makeSession({ exit })));
  const line = { type: "session_result", result: RESULT, ts: "then" };
  memory.put(LOG, `${JSON.stringify(line)}\n`);
  return memory;
}

test("output prints the result as it is, and nothing else", async () => {
  const { system } = makeMachine();
  assert.deepEqual(await capture(["output", ID], system), {
    status: 0,
    stdout: RESULT,
    stderr: "",
  });
});

test("output --json prints where it comes from, escaped", async () => {
  const { system } = makeMachine();
  const { stdout } = await capture(["output", ID, "--json"], system);
  assert.ok(!/\u202e/.test(stdout) && !stdout.includes("\x1b"), stdout);
  assert.deepEqual(JSON.parse(stdout), {
    id: ID,
    log_path: LOG,
    recorded_at: "then",
    session_id: SESSION_ID,
    text: RESULT,
  });
});

test("output --last-message ends with 3 where there is none", async () => {
  const { system } = makeMachine();
  assert.deepEqual(await capture(["output", ID, "--last-message"], system), {
    status: 3,
    stdout: "",
    stderr: `Error: Process ${ID} has no message\n`,
  });
});

test("instructions prints the text, and as JSON with what it is made of", async () => {
  const { system } = makeMachine();
  const { status, stdout } = await capture(["instructions", ID], system);
  assert.equal(status, 0);
  assert.match(stdout, /^## How to end this session\n.*a name/s);
  const ran = await capture(["instructions", ID, "--json"], system);
  assert.deepEqual(JSON.parse(ran.stdout), {
    exit: { hint: "a name", json_mode: false },
    id: ID,
    text: stdout,
  });
});

for (const verb of ["output", "instructions"]) {
  test(`${verb} needs one id`, async () => {
    const { system } = makeMachine();
    for (
      const [args, status] of [
        [[], 2],
        [[""], 2],
        [[ID, ID], 2],
        [["nobody"], 3],
      ] as const
    ) {
      const ran = await capture([verb, ...args], system);
      assert.deepEqual([ran.status, ran.stdout], [status, ""]);
    }
  });
}
