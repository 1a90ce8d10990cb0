/** Every call of a kill on the machine fails once, and a retry succeeds. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { kill } from "../../src/commands/kill.ts";
import { createAgentMachine, LOG } from "../support/agent_at_work.ts";
import { type Memory, systemError } from "../support/memory_system.ts";
import {
  createContext,
  formatSessions,
  formatStore,
  HOME,
  ID,
  makeEntry,
  makeSession,
  PID,
  STORE,
} from "../support/zag_files.ts";

const FOLDER = "/data";
const BEFORE = formatStore(makeEntry());
const MARKED = BEFORE.replace('"running"', '"killed"')
  .replace('exited_at": null', 'exited_at": "NOW"');
const OLD_LINE = '{"seq":4,"type":"session_started"}\n';

/** A machine where a kill takes every way that it can: owner, mode, link. */
function makeMachine(): Memory {
  const session = makeSession({ exit: {} });
  const memory = createAgentMachine({ session, log: OLD_LINE });
  memory.files.delete(STORE);
  memory.links.set(STORE, `${FOLDER}/processes.json`);
  memory.put(`${FOLDER}/processes.json`, BEFORE, { mode: 0o644, uid: 7 });
  memory.put(`${HOME}/projects/p/sessions.json`, formatSessions());
  memory.put(`${HOME}/sessions_index.json`, formatSessions());
  return memory;
}

function runKill(memory: Memory) {
  return kill(createContext(memory), ID, { result: { text: "done" } });
}

function countResults(memory: Memory): number {
  return memory.text(LOG)?.match(/"type":"session_result"/g)?.length ?? 0;
}

/** The store with its end, which depends on the waits, as in `MARKED`. */
function readStore(memory: Memory): string {
  const text = memory.text(`${FOLDER}/processes.json`) ?? "";
  return text.replace(/"2026-11-22T12:00:0\d\.\d{3}\+00:00"/, '"NOW"');
}

/** What a kill should not leave beside the store. */
function listLeftovers(memory: Memory): string[] {
  return [...memory.files.keys()].filter((path) => /\.(tmp|lock)$/.test(path));
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
    "link",
    "listFolder",
    "observe",
    "observeAll",
    "readFile",
    "readRange",
    "realPath",
    "remove",
    "rename",
    "signal",
    "status",
    "syncFolder",
  ]);
  assert.equal(readStore(reference), MARKED);
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
      const text = readStore(memory);
      assert.ok(text === BEFORE || text === MARKED, text);
      if (failed) {
        assert.deepEqual(memory.signals, []);
        assert.equal(text, BEFORE);
      } else {
        assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
        assert.equal(text, MARKED);
        assert.equal(countResults(memory), 1);
      }
      // What cannot be removed, or told to be one's own, is left to the next.
      const stuck = /^remove |processes\.json\.lock$/.test(call);
      if (!stuck) assert.deepEqual(listLeftovers(memory), []);
      assert.ok(memory.text(LOG)?.startsWith(OLD_LINE));

      memory.onCall = () => {};
      await runKill(memory);
      assert.equal(countResults(memory), 1);
      assert.equal(readStore(memory), MARKED);
      assert.deepEqual(listLeftovers(memory), []);
      const { mode, uid } = memory.files.get(`${FOLDER}/processes.json`) ?? {};
      assert.deepEqual([mode, uid], [0o644, 7]);
      assert.equal(memory.signals.length, failed ? 1 : 2);
    });
  }
}
