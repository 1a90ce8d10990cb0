/** What kill leaves in the store if its signal does not arrive. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { kill } from "../../src/commands/kill.ts";
import { createAgentMachine } from "../support/agent_at_work.ts";
import { type Memory, systemError } from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  PID,
  STORE,
} from "../support/zag_files.ts";

/** A machine where the signal ends in an error, after a look at the store. */
function makeMachine(
  text: string,
  code: string,
  meanwhile: (memory: Memory) => void = () => {},
): Memory {
  const memory = createAgentMachine({ store: text });
  memory.onCall = (name) => {
    if (name !== "signal") return;
    const [entry] = JSON.parse(memory.text(STORE) ?? "").processes;
    assert.equal(entry.status, "killed");
    memory.onCall = () => {};
    meanwhile(memory);
    throw systemError(code);
  };
  return memory;
}

const { exit_code: _, exited_at: __, ...UNENDED } = makeEntry();

const STORES: [name: string, text: string][] = [
  ["as zag writes it", formatStore(makeEntry())],
  ["without the members that kill sets", formatStore(UNENDED)],
  ["on one line", JSON.stringify({ processes: [UNENDED, makeEntry()] })],
  [
    "of an ended entry whose process is alive",
    formatStore(
      makeEntry({ status: "killed", exit_code: 1, exited_at: "2026-11-22" }),
    ),
  ],
  [
    "with numbers beyond 2^53 and a bad neighbour",
    formatStore(makeEntry(), { id: 5 }).replace(
      '"exit_code": null',
      '"n": 9007199254740993,\r\n\t"exit_code":-0',
    ),
  ],
];

for (const code of ["EPERM", "EINVAL"]) {
  for (const [name, text] of STORES) {
    test(`kill puts back a store ${name} after ${code}`, async () => {
      const memory = makeMachine(text, code);
      await assert.rejects(
        kill(createContext(memory), ID, { result: { text: "done" } }),
        isError(
          "signal",
          new RegExp(
            `^Failed to signal process: .*${code}.*\nThe result is recorded in ".*"\nIts entry was put back as it was$`,
          ),
        ),
      );
      assert.equal(memory.text(STORE), text);
      // The process carries the marker: a second try needs no new record.
      await kill(createContext(memory), ID, { result: { text: "done" } });
      assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
    });
  }
}

const CHANGES: [name: string, change: (text: string) => string][] = [
  ["the status", (text) => text.replace('"killed"', '"exited"')],
  ["the exit code", (text) => text.replace('code": null', 'code": 1')],
  ["the date of the end", (text) => text.replace("12:00:00.000", "12:00:01")],
  ["the whole entry away", () => formatStore()],
  ["the id", (text) => text.replace(ID, "someone-else")],
];

for (const [name, change] of CHANGES) {
  test(`kill leaves the store alone if another program changed ${name}`, async () => {
    let changed: string | undefined;
    const memory = makeMachine(formatStore(makeEntry()), "EPERM", (memory) => {
      const text = memory.text(STORE) ?? "";
      changed = change(text);
      assert.notEqual(changed, text);
      memory.put(STORE, changed);
    });
    await assert.rejects(
      kill(createContext(memory), ID, {}),
      isError(
        "signal",
        /\nIts entry was left alone: another program changed it meanwhile$/,
      ),
    );
    assert.equal(memory.text(STORE), changed);
  });
}

test("kill puts its entry back beside what others changed", async () => {
  const other = makeEntry({ id: "other" });
  const text = formatStore(makeEntry(), other);
  const memory = makeMachine(text, "EPERM", (memory) => {
    const marked = memory.text(STORE) ?? "";
    memory.put(STORE, marked.replace('"id": "other"', '"id": "another"'));
  });
  await assert.rejects(
    kill(createContext(memory), ID, {}),
    isError("signal", /put back as it was$/),
  );
  assert.equal(
    memory.text(STORE),
    text.replace('"id": "other"', '"id": "another"'),
  );
});

const UNWRITABLE: [name: string, meanwhile: (memory: Memory) => void][] = [
  ["cannot be written", (memory) => {
    memory.onCall = (name) => {
      if (name === "rename") throw systemError("ENOSPC");
    };
  }],
  ["cannot be read", (memory) => {
    memory.onCall = (name) => {
      if (name === "readFile") throw systemError("EACCES");
    };
  }],
  ["is torn", (memory) => memory.put(STORE, "{")],
];

for (const [name, meanwhile] of UNWRITABLE) {
  test(`kill says that the entry is still marked if the store ${name}`, async () => {
    const memory = makeMachine(formatStore(makeEntry()), "EPERM", meanwhile);
    await assert.rejects(
      kill(createContext(memory), ID, {}),
      isError(
        "signal",
        /^Failed to signal process: operation not permitted \(EPERM\)\nIts entry is still marked killed, it could not be put back: (Failed|Cannot) /,
      ),
    );
    assert.deepEqual(
      [...memory.files.keys()].filter((path) => path.endsWith(".tmp")),
      [],
    );
  });
}

test("kill of a process that is gone by then keeps the entry killed", async () => {
  const memory = makeMachine(formatStore(makeEntry()), "ESRCH");
  const report = await kill(createContext(memory), ID, {
    result: { text: "done" },
  });
  assert.equal(report.outcome, "already-ended");
  assert.equal(report.resultRecorded, true);
  const [entry] = JSON.parse(memory.text(STORE) ?? "").processes;
  assert.equal(entry.status, "killed");
  assert.equal(entry.exited_at, "2026-11-22T12:00:00.000+00:00");
});

test("kill puts the entry back if the announcement fails", async () => {
  const memory = makeMachine(formatStore(makeEntry()), "EPERM");
  const announce = () => {
    throw new Error("no such page");
  };
  await assert.rejects(
    kill(createContext(memory), ID, { announce }),
    /^ZagPsError: no such page\nIts entry was put back as it was$/,
  );
  assert.equal(memory.text(STORE), formatStore(makeEntry()));
  assert.deepEqual(memory.signals, []);
});

test("kill tells a mark that was put back from one that was not kept", async () => {
  const memory = makeMachine(formatStore(makeEntry()), "EPERM");
  const context = createContext(memory);
  const system = {
    ...memory.system,
    // After the mark was put back: zag is there again, and so is its lock.
    sleep: () => {
      memory.put(STORE, "{");
      return Promise.resolve();
    },
  };
  await assert.rejects(
    kill({ ...context, system }, ID, {}),
    /Its entry was put back as it was$/,
  );
  assert.match(context.warnings.join(), /after the change: Cannot parse/);
});
