/** What killing agents leaves in the store if it fails midway. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { killAgents } from "../../src/commands/kill_agents.ts";
import { judgeEntries } from "../../src/commands/steps/judge.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import {
  addProcess,
  createEndingMachine,
  dies,
  type EndingMachine,
  stays,
} from "../support/ending_machine.ts";
import { systemError } from "../support/memory_system.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatSessions,
  formatStore,
  ID,
  isError,
  makeEntry,
  makeSession,
  PID,
  STORE,
} from "../support/zag_files.ts";

const OTHER = makeEntry({ id: "other-0001", pid: 5000, session_id: null });
const THIRD = makeEntry({ id: "third-0001", pid: 5001, session_id: null });

/** A machine of three agents, of which the second one dies of a signal. */
function makeMachine(): EndingMachine {
  const machine = createEndingMachine();
  machine.put(STORE, formatStore(makeEntry(), OTHER, THIRD));
  machine.put(BASE_SESSIONS, formatSessions(makeSession()));
  for (const { id, pid } of [makeEntry(), OTHER, THIRD]) {
    const markers = { ZAG_PROCESS_ID: id };
    addProcess(machine, pid, pid === OTHER.pid ? dies : stays, { markers });
  }
  return machine;
}

async function act(
  machine: EndingMachine,
  entries: readonly ProcessEntry[],
  options: Parameters<typeof killAgents>[2],
) {
  const context = createContext(machine);
  const agents = await judgeEntries(context, [...entries]);
  const named = new Set(entries.map(({ id }) => id));
  return await killAgents(context, { agents, named, missed: [] }, options);
}

function listStatus(machine: EndingMachine): string[] {
  return JSON.parse(machine.text(STORE) ?? "").processes
    .map(({ status }: ProcessEntry) => status);
}

test("killAgents puts back the entries of what is still there after an error", async () => {
  const machine = makeMachine();
  let failed = false;
  machine.onCall = (name) => {
    if (name !== "observe" || failed || machine.signals.length < 3) return;
    failed = true;
    assert.deepEqual(listStatus(machine), ["killed", "killed", "killed"]);
    throw systemError("EMFILE");
  };
  const note = "Its entry was put back as it was";
  await assert.rejects(
    act(machine, [makeEntry(), OTHER, THIRD], { timeoutMs: 1000 }),
    isError(
      "signal",
      new RegExp(`\\(EMFILE\\)\\n${ID}: ${note}\\n${THIRD.id}: ${note}$`),
    ),
  );
  assert.ok(failed);
  assert.deepEqual(listStatus(machine), ["running", "killed", "running"]);
});

test("killAgents says where the result is when it fails midway", async () => {
  const machine = makeMachine();
  machine.onCall = (name) => {
    if (name === "observe" && machine.signals.length > 0) {
      throw systemError("EMFILE");
    }
  };
  await assert.rejects(
    act(machine, [makeEntry()], { timeoutMs: 1000, result: { text: "done" } }),
    isError(
      "signal",
      /EMFILE.*\nThe result is recorded in ".*"\nIts entry was put back/,
    ),
  );
  assert.deepEqual(listStatus(machine), ["running", "running", "running"]);
});

test("killAgents leaves every mark where nothing is there after an error", async () => {
  const machine = makeMachine();
  machine.answers.set(PID, dies);
  const failure = new Error("closed pipe");
  await assert.rejects(
    act(machine, [makeEntry()], {
      timeoutMs: 1000,
      tree: true,
      onWait: () => {
        machine.processes.delete(PID);
        throw failure;
      },
      onStep: () => machine.answers.set(PID, stays),
    }),
    (error) => error === failure,
  );
  assert.deepEqual(listStatus(machine), ["killed", "running", "running"]);
});
