import assert from "node:assert/strict";
import { test } from "node:test";
import { wait, type WaitOptions } from "../../src/commands/wait.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import { createAgentMachine } from "../support/agent_at_work.ts";
import { createMemory, type Memory } from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  makeFacts,
  PID,
  STORE,
} from "../support/zag_files.ts";

const OTHER = "22222222-aaaa-4bbb-8ccc-000000000002";
const SECOND = 1000;

/** Two running agents. */
function makeTwo(): Memory {
  const memory = createMemory();
  memory.put(
    STORE,
    formatStore(makeEntry(), makeEntry({ id: OTHER, pid: PID + 1 })),
  );
  for (const pid of [PID, PID + 1]) {
    memory.processes.set(pid, makeFacts({ pid }));
  }
  return memory;
}

/** Does something when so much time has gone by. */
function after(memory: Memory, milliseconds: number, act: () => void): void {
  const due = memory.clock + milliseconds;
  const before = memory.onCall;
  let isDone = false;
  memory.onCall = (...call) => {
    before(...call);
    if (isDone || memory.clock < due) return;
    isDone = true;
    act();
  };
}

function change(memory: Memory, id: string, fields: Partial<ProcessEntry>) {
  const { processes } = JSON.parse(memory.text(STORE) ?? "");
  memory.put(
    STORE,
    formatStore(
      ...processes.map((entry: ProcessEntry) =>
        entry.id === id ? { ...entry, ...fields } : entry
      ),
    ),
  );
}

function waitFor(memory: Memory, handles: string[], options?: WaitOptions) {
  return wait(createContext(memory), { handles, filters: [] }, options);
}

test("wait waits until the process is gone and its end is written", async () => {
  const memory = makeTwo();
  after(memory, 5 * SECOND, () => memory.processes.delete(PID));
  after(memory, 5.5 * SECOND, () =>
    change(memory, ID, {
      status: "exited",
      exit_code: 0,
      exited_at: "2026-11-22T12:00:05.500+00:00",
    }));
  const { ended, running, timedOut } = await waitFor(memory, [ID]);
  assert.deepEqual([running, timedOut], [[], false]);
  const [end] = ended;
  assert.equal(end?.entry.id, ID);
  assert.deepEqual([end?.status, end?.exitCode], ["exited", 0]);
  assert.equal(Math.round(end?.durationMs ?? 0), 65_377);
});

test("wait does not wait for ever for an end that nobody writes", async () => {
  const memory = makeTwo();
  const begun = memory.clock;
  after(memory, 2 * SECOND, () => memory.processes.delete(PID));
  const { ended } = await waitFor(memory, [ID]);
  assert.deepEqual(
    ended.map(({ status, exitCode, durationMs }) => ({
      status,
      exitCode,
      durationMs,
    })),
    [{ status: "dead", exitCode: null, durationMs: null }],
  );
  const took = memory.clock - begun;
  assert.ok(took >= 3 * SECOND && took < 3.5 * SECOND, String(took));
});

test("wait goes on for a process that outlives its recorded end", async () => {
  const memory = makeTwo();
  const markers = { ZAG_PROCESS_ID: ID };
  memory.processes.set(PID, makeFacts({ markers }));
  change(memory, ID, {
    status: "killed",
    exit_code: 1,
    exited_at: "2026-11-22T11:59:30+00:00",
  });
  const report = await waitFor(memory, [ID], { timeoutMs: 3 * SECOND });
  assert.equal(report.timedOut, true);
  assert.deepEqual(report.running.map(({ id }) => id), [ID]);
});

test("wait follows an entry that gets the pid of the agent", async () => {
  const memory = makeTwo();
  after(memory, SECOND, () => {
    memory.processes.set(99, makeFacts({ pid: 99 }));
    change(memory, ID, { pid: 99 });
    memory.processes.delete(PID);
  });
  after(memory, 4 * SECOND, () => {
    change(memory, ID, { status: "killed", exit_code: 3 });
    memory.processes.delete(99);
  });
  const begun = memory.clock;
  const { ended } = await waitFor(memory, [ID]);
  assert.equal(ended[0]?.exitCode, 3);
  assert.ok(memory.clock - begun >= 4 * SECOND);
});

test("wait gives every end its time to be written", async () => {
  const memory = makeTwo();
  const gone = 0.8 * SECOND;
  after(memory, SECOND, () => memory.processes.delete(PID));
  after(memory, SECOND + gone, () => memory.processes.set(PID, makeFacts()));
  after(memory, 5 * SECOND, () => memory.processes.delete(PID));
  after(
    memory,
    5 * SECOND + gone,
    () => change(memory, ID, { status: "killed", exit_code: 3 }),
  );
  const { ended } = await waitFor(memory, [ID]);
  assert.equal(ended[0]?.exitCode, 3);
});

test("wait tells of each as it ends, and waits for all", async () => {
  const memory = makeTwo();
  const seen: [id: string, at: number][] = [];
  const begun = memory.clock;
  after(memory, SECOND, () => {
    memory.processes.delete(PID + 1);
    change(memory, OTHER, { status: "exited", exit_code: 0 });
  });
  after(memory, 3 * SECOND, () => {
    memory.processes.delete(PID);
    change(memory, ID, { status: "exited", exit_code: 0 });
  });
  const { ended } = await waitFor(memory, [ID, OTHER], {
    onEnd: ({ entry }) => seen.push([entry.id, memory.clock - begun]),
  });
  assert.deepEqual(seen.map(([id]) => id), [OTHER, ID]);
  const [[, first = 0] = [], [, second = 0] = []] = seen;
  assert.ok(first < 1.5 * SECOND && second >= 3 * SECOND, seen.join());
  assert.equal(ended.length, 2);
});

test("wait for any ends with the first", async () => {
  const memory = makeTwo();
  after(memory, SECOND, () => {
    memory.processes.delete(PID + 1);
    change(memory, OTHER, { status: "exited", exit_code: 0 });
  });
  const report = await waitFor(memory, [ID, OTHER], { any: true });
  assert.deepEqual(report.ended.map(({ entry }) => entry.id), [OTHER]);
  assert.deepEqual(report.running.map(({ id }) => id), [ID]);
  assert.equal(report.timedOut, false);
});

test("wait gives up when its time is up, and not before", async () => {
  const memory = makeTwo();
  const begun = memory.clock;
  const report = await waitFor(memory, [ID], { timeoutMs: 2.25 * SECOND });
  assert.equal(report.timedOut, true);
  assert.equal(memory.clock - begun, 2.25 * SECOND);
});

test("wait has done at once with what has ended before", async () => {
  const memory = createMemory();
  const ended = { status: "exited", exited_at: "2026-11-22T11:59:30+00:00" };
  memory.put(STORE, formatStore(makeEntry(ended)));
  const begun = memory.clock;
  const report = await waitFor(memory, [ID]);
  assert.equal(report.ended[0]?.status, "exited");
  assert.equal(memory.clock, begun);
});

test("wait keeps an entry in mind that is removed meanwhile", async () => {
  const memory = makeTwo();
  after(memory, SECOND, () => memory.put(STORE, formatStore()));
  after(memory, 3 * SECOND, () => memory.processes.delete(PID));
  const begun = memory.clock;
  const { ended } = await waitFor(memory, [ID]);
  assert.equal(ended[0]?.entry.id, ID);
  assert.ok(memory.clock - begun >= 3 * SECOND);
});

/** An agent that has ended, and the log of its session. */
function makeEnded(log: string): Memory {
  const entry = makeEntry({ status: "exited", exit_code: 0 });
  const memory = createAgentMachine({ store: formatStore(entry), log });
  memory.processes.clear();
  return memory;
}

test("wait gives the recorded result", async () => {
  const memory = makeEnded(
    '{"seq":1,"type":"session_result","result":"42"}\n',
  );
  const { ended } = await waitFor(memory, [ID]);
  assert.equal(ended[0]?.result, "42");
});

test("wait does not give the result of an earlier run", async () => {
  const lines = [
    '{"seq":1,"type":"session_result","result":"old","ts":"2026-11-22T11:00:00Z"}',
    '{"seq":2,"type":"session_started","ts":"2026-11-22T11:59:01Z"}',
  ];
  const memory = makeEnded(`${lines.join("\n")}\n`);
  const { ended } = await waitFor(memory, [ID]);
  assert.equal(ended.length, 1);
  assert.equal(ended[0]?.result, null);
});

test("wait for any of a filter is not satisfied by what ended before", async () => {
  const memory = makeTwo();
  const end = { status: "exited", exit_code: 0 };
  change(memory, OTHER, end);
  memory.processes.delete(PID + 1);
  const context = createContext(memory);
  const selection = { handles: [], filters: ["provider=claude"] };
  after(memory, 3 * SECOND, () => {
    memory.processes.delete(PID);
    change(memory, ID, end);
  });
  const { ended } = await wait(context, selection, { any: true });
  assert.deepEqual(ended.map(({ entry }) => entry.id), [ID]);
  await assert.rejects(
    wait(context, selection, { any: true }),
    isError("not-found", /no living process/),
  );
});

test("wait for a filter fails where processes cannot be looked at", async () => {
  const memory = makeTwo();
  memory.processes.clear();
  memory.sight = { complete: false, limit: "nothing can be seen" };
  change(memory, OTHER, { status: "exited", exit_code: 0 });
  const selection = { handles: [], filters: ["provider=claude"] };
  await assert.rejects(
    wait(createContext(memory), selection),
    isError("unseen", new RegExp(ID)),
  );
});

test("wait waits for what a filter selects, and for nothing else", async () => {
  const memory = makeTwo();
  change(memory, OTHER, { provider: "codex" });
  const context = createContext(memory);
  const choose = (filter: string) => ({ handles: [], filters: [filter] });
  const options = { timeoutMs: 0 };
  const report = await wait(context, choose("provider=codex"), options);
  assert.deepEqual(report.running.map(({ id }) => id), [OTHER]);
  await assert.rejects(
    wait(context, choose("provider=gemini"), options),
    isError("not-found", /Nothing to wait for/),
  );
  await assert.rejects(waitFor(memory, ["nobody"]), isError("not-found"));
});

test("wait for itself is refused, unless it can end", async () => {
  const memory = makeTwo();
  memory.env["ZAG_PROCESS_ID"] = ID;
  for (const handles of [["self"], [OTHER, ID]]) {
    await assert.rejects(
      waitFor(memory, handles),
      isError("usage", /the process that waits/),
    );
  }
  await assert.rejects(waitFor(memory, [ID], { any: true }), isError("usage"));
  assert.ok((await waitFor(memory, ["self"], { timeoutMs: 1 })).timedOut);
});

test("wait fails where processes cannot be looked at", async () => {
  const memory = makeTwo();
  memory.processes.clear();
  memory.sight = { complete: false, limit: "nothing can be seen" };
  await assert.rejects(waitFor(memory, [ID]), isError("unseen", /--allow-run/));
});
