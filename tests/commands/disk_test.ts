/** A kill on a disk that takes nothing more, from some write on. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { kill } from "../../src/commands/kill.ts";
import { ZagPsError } from "../../src/model/errors.ts";
import { createAgentMachine, LOG } from "../support/agent_at_work.ts";
import { type Memory, systemError } from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  makeEntry,
  makeSession,
  PID,
  STORE,
} from "../support/zag_files.ts";

const OLD_LINE = '{"seq":4,"type":"session_started"}\n';
const BEFORE = formatStore(makeEntry());

/** Calls that a disk may refuse; it still lets files be removed. */
const WRITES = /^(makeFolder|createFile|link|changeMode|rename|appendFile)$/;

function makeMachine(log: string | undefined): Memory {
  const session = makeSession({ exit: {} });
  return createAgentMachine({ store: BEFORE, mode: 0o644, session, log });
}

function runKill(memory: Memory) {
  return kill(createContext(memory), ID, { result: { text: "done" } });
}

async function listWrites(log: string | undefined): Promise<string[]> {
  const memory = makeMachine(log);
  const names: string[] = [];
  memory.onCall = (name) => {
    if (WRITES.test(name)) names.push(name);
  };
  await runKill(memory);
  return names;
}

function countResults(memory: Memory): number {
  return memory.text(LOG)?.match(/"type":"session_result"/g)?.length ?? 0;
}

const LOGS: [name: string, log: string | undefined][] = [
  ["a log", OLD_LINE],
  ["no log", undefined],
];

for (const [logName, log] of LOGS) {
  const writes = await listWrites(log);

  test(`kill with ${logName} makes the writes that are refused below`, () => {
    const expected = [
      ...["createFile", "link"],
      ...log === undefined ? ["makeFolder"] : [],
      ...["appendFile", "createFile", "changeMode", "rename"],
    ];
    // The lock's mode is a courtesy to others: it may be refused.
    assert.deepEqual(writes.filter((_, i) => i !== 1), expected);
    assert.equal(writes[1], "changeMode");
  });

  for (const [step, name] of writes.entries()) {
    for (const code of ["ENOSPC", "EIO", "EROFS", "EDQUOT"]) {
      test(`kill with ${logName} loses nothing if from write ${step}, ${name}, on there is ${code}`, async () => {
        const memory = makeMachine(log);
        let count = 0;
        memory.onCall = (name) => {
          if (WRITES.test(name) && count++ >= step) throw systemError(code);
        };
        await assert.rejects(runKill(memory), (error) => {
          assert.ok(error instanceof ZagPsError);
          assert.match(error.message, new RegExp(`\\(${code}\\)`));
          assert.match(error.message, /"\/home\/ada\/\.zag\/[^"]+"/);
          return true;
        });
        assert.deepEqual(memory.signals, []);
        assert.equal(memory.text(STORE), BEFORE);
        assert.ok((memory.text(LOG) ?? "").startsWith(log ?? ""));
        const left = [...memory.files.keys()]
          .filter((path) => /\.(tmp|lock|break)$/.test(path));
        assert.deepEqual(left, []);

        memory.onCall = () => {};
        await runKill(memory);
        assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
        assert.match(memory.text(STORE) ?? "", /"status": "killed"/);
        assert.equal(countResults(memory), 1);
      });
    }
  }
}
