/** Every call of a kill on the machine fails once, and a retry succeeds. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { kill } from "../../src/commands/kill.ts";
import {
  createMemory,
  type Memory,
  systemError,
} from "../support/memory_system.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatSessions,
  formatStore,
  HOME,
  ID,
  makeEntry,
  makeSession,
  PID,
  SESSION_ID,
  STORE,
} from "../support/zag_files.ts";

const LOG = `${HOME}/logs/sessions/${SESSION_ID}.jsonl`;
const BEFORE = formatStore(makeEntry());
const MARKED = BEFORE.replace('"running"', '"killed"')
  .replace('exited_at": null', 'exited_at": "2026-11-22T12:00:00.000+00:00"');
const OLD_LINE = '{"seq":4,"type":"session_started"}\n';

/** A machine where a kill takes every way that it can: owner, mode, link. */
function makeMachine(): Memory {
  const memory = createMemory();
  memory.links.set(STORE, "/data/processes.json");
  memory.put("/data/processes.json", BEFORE, { mode: 0o644, uid: 7 });
  memory.put(BASE_SESSIONS, formatSessions(makeSession({ exit: {} })));
  memory.put(`${HOME}/projects/p/sessions.json`, formatSessions());
  memory.put(`${HOME}/sessions_index.json`, formatSessions());
  memory.put(LOG, OLD_LINE);
  memory.processes.set(PID, {
    pid: PID,
    zombie: false,
    markers: { ZAG_PROCESS_ID: ID },
  });
  return memory;
}

function runKill(memory: Memory) {
  return kill(createContext(memory), ID, { result: { text: "done" } });
}

function countResults(memory: Memory): number {
  return memory.text(LOG)?.match(/"type":"session_result"/g)?.length ?? 0;
}

const reference = makeMachine();
await runKill(reference);
const CALLS = reference.calls.map((call) => call.replace(/ .*\//, " "));

test("kill makes the calls that fail below", () => {
  const names = new Set(CALLS.map((call) => call.split(" ")[0]));
  assert.deepEqual([...names].sort(), [
    "appendFile",
    "changeMode",
    "changeOwner",
    "createFile",
    "listFolder",
    "observe",
    "readFile",
    "readRange",
    "realPath",
    "rename",
    "signal",
    "status",
    "syncFolder",
  ]);
  assert.equal(reference.text("/data/processes.json"), MARKED);
});

for (const [step, call] of CALLS.entries()) {
  for (const code of ["EIO", "EACCES"]) {
    test(`kill loses nothing if step ${step}, ${call}, ends in ${code}`, async () => {
      const memory = makeMachine();
      let calls = 0;
      memory.onCall = () => {
        if (calls++ === step) throw systemError(code);
      };
      let failed = false;
      try {
        await runKill(memory);
      } catch {
        failed = true;
      }
      const text = memory.text("/data/processes.json") ?? "";
      assert.ok(text === BEFORE || text === MARKED, text);
      if (failed) {
        assert.deepEqual(memory.signals, []);
        assert.equal(text, BEFORE);
      } else {
        assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
        assert.equal(text, MARKED);
        assert.equal(countResults(memory), 1);
      }
      const paths = [...memory.files.keys()];
      assert.deepEqual(paths.filter((path) => path.endsWith(".tmp")), []);
      assert.ok(memory.text(LOG)?.startsWith(OLD_LINE));

      memory.onCall = () => {};
      await runKill(memory);
      assert.equal(countResults(memory), 1);
      assert.equal(memory.text("/data/processes.json"), MARKED);
      const { mode, uid } = memory.files.get("/data/processes.json") ?? {};
      assert.deepEqual([mode, uid], [0o644, 7]);
      assert.equal(memory.signals.length, failed ? 1 : 2);
    });
  }
}
