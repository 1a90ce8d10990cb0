import assert from "node:assert/strict";
import { test } from "node:test";
import { reap, type ReapOptions } from "../../src/commands/reap.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
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
  isError,
  makeEntry,
  makeFacts,
  makeSession,
  STORE,
} from "../support/zag_files.ts";

const OLD = "2026-11-22T09:00:00+00:00";
const YOUNG = "2026-11-22T11:59:00+00:00";
const NOW = "2026-11-22T12:00:00.000+00:00";

/** Three agents: two are old, and one of these has recorded its result. */
const AGENTS = [
  makeEntry({ id: "old", pid: 11, started_at: OLD, session_id: "s-old" }),
  makeEntry({ id: "done", pid: 12, started_at: OLD, session_id: "s-done" }),
  makeEntry({ id: "young", pid: 13, started_at: YOUNG, session_id: "s-young" }),
];

const LOG = (id: string) => `${HOME}/logs/sessions/s-${id}.jsonl`;

const STARTED = `{"seq":3,"ts":"${OLD}","type":"session_started"}\n`;
const RESULT =
  '{"seq":4,"ts":"2026-11-22T10:00:00+00:00","type":"session_result"}\n';

const CANCELLED = (id: string, reason = "reaped by zag-ps") =>
  `{"seq":4,"ts":"${NOW}","provider":"claude","wrapper_session_id":"s-${id}",` +
  `"provider_session_id":null,"source_kind":"wrapper","completeness":"full",` +
  `"type":"session_ended","success":false,"error":"cancelled: ${reason}"}\n`;

/** A machine whose agents die of a signal, unless they are stubborn. */
function makeMachine(
  { stubborn = [], entries = AGENTS }: {
    stubborn?: number[];
    entries?: ProcessEntry[];
  } = {},
): Memory {
  const memory = createMemory();
  memory.put(STORE, formatStore(...entries));
  memory.put(
    BASE_SESSIONS,
    formatSessions(
      makeSession({ session_id: "s-old", exit: { json_mode: true } }),
      makeSession({ session_id: "s-done" }),
      makeSession({ session_id: "s-young" }),
    ),
  );
  memory.put(LOG("old"), STARTED);
  memory.put(LOG("done"), STARTED + RESULT);
  for (const { id, pid } of entries) {
    const markers = { ZAG_PROCESS_ID: id };
    memory.processes.set(pid, makeFacts({ pid, markers }));
  }
  const { signal } = memory.system;
  Object.assign(memory.system, {
    signal: async (...parameters: Parameters<typeof signal>) => {
      await signal(...parameters);
      const [pid] = parameters;
      if (!stubborn.includes(pid)) memory.processes.delete(pid);
    },
  });
  return memory;
}

async function act(memory: Memory, options: ReapOptions) {
  const context = createContext(memory);
  const { agents, applied } = await reap(context, options);
  return {
    applied,
    agents,
    ids: agents.map(({ judged }) => judged.entry.id),
    outcomes: agents.map(({ end }) => end?.outcome),
    warnings: context.warnings,
  };
}

function readStatus(memory: Memory, id: string): unknown[] {
  const { processes } = JSON.parse(memory.text(STORE) ?? "");
  const entry = processes.find((entry: ProcessEntry) => entry.id === id);
  return [entry.status, entry.exit_code, entry.exited_at];
}

const BARE: [string, ReapOptions][] = [
  ["nothing", {}],
  ["an id alone", { handles: ["old"] }],
  ["--apply alone", { apply: true }],
  ["--finished that is not asked for", { finished: false }],
];

for (const [name, options] of BARE) {
  test(`reap wants to know what is stale: ${name} is not enough`, async () => {
    const memory = makeMachine();
    await assert.rejects(
      act(memory, options),
      isError("usage", /nothing says which agents are stale/),
    );
    assert.deepEqual(memory.signals, []);
  });
}

const CHOSEN: [string, ReapOptions, string[]][] = [
  ["--older-than", { olderThan: "2h" }, ["old", "done"]],
  ["--older-than that nothing reaches", { olderThan: "1d" }, []],
  ["--finished", { finished: true }, ["done"]],
  ["--finished of another age", { finished: true, olderThan: "1d" }, []],
  ["a filter", { filters: ["id=youn"] }, ["young"]],
  ["ids and a filter", { handles: ["young"], filters: ["age>2h"] }, []],
  ["ids within a filter", { handles: ["old", "young"], filters: ["age>2h"] }, [
    "old",
  ]],
  ["a status that is not running", { filters: ["status=exited"] }, []],
];

for (const [name, options, expected] of CHOSEN) {
  test(`reap chooses by ${name}, and changes nothing`, async () => {
    const memory = makeMachine();
    const before = [...memory.files].map(([path]) => [path, memory.text(path)]);
    const { ids, applied, agents } = await act(memory, options);
    assert.deepEqual(ids.sort(), [...expected].sort());
    assert.equal(applied, false);
    assert.ok(agents.every(({ end, cancelled }) => !end && !cancelled));
    assert.deepEqual(memory.signals, []);
    assert.deepEqual(
      [...memory.files].map(([path]) => [path, memory.text(path)]),
      before,
    );
  });
}

test("reap means what runs unless a filter names a status", async () => {
  const outlived = makeEntry({
    id: "outlived",
    pid: 14,
    started_at: OLD,
    status: "killed",
    exited_at: OLD,
  });
  const over = makeEntry({
    id: "over",
    pid: 15,
    started_at: OLD,
    status: "killed",
    exited_at: OLD,
  });
  const memory = makeMachine({ entries: [...AGENTS, outlived, over] });
  memory.processes.delete(15);
  const choose = async (...filters: string[]) =>
    (await act(memory, { olderThan: "2h", filters })).ids.sort();
  assert.deepEqual(await choose(), ["done", "old"]);
  assert.deepEqual(await choose("status=killed"), ["outlived"]);
  assert.deepEqual(await choose("status!=running"), ["outlived"]);
  assert.deepEqual(
    await choose("status=killed", "status=running"),
    ["done", "old", "outlived"],
  );
});

test("reap plans with reason, age and evidence", async () => {
  const { agents } = await act(makeMachine(), { olderThan: "2h" });
  const [old, done] = ["old", "done"].map((id) =>
    agents.find(({ judged }) => judged.entry.id === id)
  );
  const hour = 60 * 60 * 1000;
  for (const step of [old, done]) {
    assert.equal(step?.action, "end");
    assert.equal(step?.why, "age>2h");
    assert.equal(step?.ageMs, 3 * hour);
  }
  assert.deepEqual(
    [old?.silentMs, old?.recorded, old?.asksResult],
    [3 * hour, undefined, true],
  );
  assert.deepEqual(
    [done?.silentMs, done?.recorded, done?.asksResult],
    [2 * hour, "session_result", false],
  );
});

test("reap --apply cancels, marks, ends, and exempts no constraints", async () => {
  const memory = makeMachine();
  const options = { olderThan: "2h", apply: true, reason: "too old" };
  const { outcomes, agents, applied, warnings } = await act(memory, options);
  assert.equal(applied, true);
  assert.deepEqual(outcomes, ["exited", "exited"]);
  assert.deepEqual(
    Object.fromEntries(
      agents.map(({ judged, cancelled }) => [judged.entry.id, cancelled]),
    ),
    { old: true, done: false },
  );
  assert.deepEqual(memory.signals.sort(), [[11, "SIGTERM"], [12, "SIGTERM"]]);
  assert.equal(memory.text(LOG("old")), STARTED + CANCELLED("old", "too old"));
  assert.equal(memory.text(LOG("done")), STARTED + RESULT);
  for (const id of ["old", "done"]) {
    assert.deepEqual(readStatus(memory, id), ["killed", null, NOW]);
  }
  assert.deepEqual(readStatus(memory, "young"), ["running", null, null]);
  assert.deepEqual(warnings, []);
  assert.deepEqual((await act(memory, options)).ids, []);
});

test("reap writes before it signals", async () => {
  const memory = makeMachine();
  let written: unknown;
  memory.onCall = (name) => {
    if (name !== "signal") return;
    written ??= [memory.text(LOG("old")), readStatus(memory, "old")[0]];
  };
  await act(memory, { filters: ["id=old"], handles: ["old"], apply: true });
  assert.deepEqual(written, [STARTED + CANCELLED("old"), "killed"]);
});

test("reap makes no log where there is none, and needs no session", async () => {
  const stray = makeEntry({ id: "stray", pid: 14, session_id: "nowhere" });
  const memory = makeMachine({ entries: [...AGENTS, stray] });
  const { outcomes } = await act(memory, { olderThan: "30s", apply: true });
  assert.deepEqual(outcomes, ["exited", "exited", "exited", "exited"]);
  assert.ok(!memory.files.has(LOG("young")));
  assert.equal(memory.processes.size, 0);
});

test("reap ends the torn last line of a log first", async () => {
  const memory = makeMachine();
  memory.put(LOG("old"), STARTED + '{"se');
  await act(memory, { handles: ["old"], olderThan: "2h", apply: true });
  assert.equal(memory.text(LOG("old")), `${STARTED}{"se\n${CANCELLED("old")}`);
});

test("reap goes on to SIGKILL after 10 seconds", async () => {
  const memory = makeMachine();
  const { signal } = memory.system;
  const times: [string, number][] = [];
  const begin = memory.clock;
  Object.assign(memory.system, {
    signal: async (...parameters: Parameters<typeof signal>) => {
      times.push([parameters[1], memory.clock - begin]);
      if (parameters[1] === "SIGKILL") await signal(...parameters);
    },
  });
  const { outcomes } = await act(memory, {
    handles: ["old"],
    olderThan: "2h",
    apply: true,
  });
  assert.deepEqual(outcomes, ["killed"]);
  const [term, kill] = times;
  assert.deepEqual([term?.[0], kill?.[0]], ["SIGTERM", "SIGKILL"]);
  const waited = (kill?.[1] ?? 0) - (term?.[1] ?? 0);
  assert.ok(waited >= 10_000 && waited < 11_000, String(waited));
});

test("reap puts back the entry of what survives", async () => {
  const memory = makeMachine({ stubborn: [11] });
  const { outcomes, agents } = await act(memory, {
    olderThan: "2h",
    apply: true,
    timeoutMs: 10,
  });
  assert.deepEqual(outcomes.sort(), ["exited", "survived"]);
  assert.deepEqual(readStatus(memory, "old"), ["running", null, null]);
  assert.deepEqual(readStatus(memory, "done"), ["killed", null, NOW]);
  const old = agents.find(({ judged }) => judged.entry.id === "old");
  assert.match(old?.end?.reason ?? "", /survived\nIts entry was put back/);
});

for (const name of ["observe", "observeAll"]) {
  test(`reap puts back what is still there when ${name} fails midway`, async () => {
    const memory = makeMachine({ stubborn: [11] });
    let failures = 0;
    memory.onCall = (call) => {
      if (call !== name || memory.signals.length < 2 || failures > 0) return;
      failures++;
      throw systemError("EMFILE");
    };
    await assert.rejects(
      act(memory, { olderThan: "2h", apply: true, tree: true }),
      isError("signal", /\(EMFILE\)\nIts entry was put back as it was$/),
    );
    assert.deepEqual(readStatus(memory, "old"), ["running", null, null]);
    assert.equal(readStatus(memory, "done")[0], "killed");
  });
}

test("reap puts every entry back when nothing can be looked at any more", async () => {
  const memory = makeMachine({ stubborn: [11, 12] });
  memory.onCall = (call) => {
    if (memory.signals.length > 0 && call.startsWith("observe")) {
      throw systemError("EMFILE");
    }
  };
  await assert.rejects(
    act(memory, { olderThan: "2h", apply: true }),
    isError("signal", /\nold: Its entry was put back as it was/),
  );
  for (const id of ["old", "done"]) {
    assert.deepEqual(readStatus(memory, id), ["running", null, null]);
  }
});

const MEANWHILE: [string, ProcessEntry[]][] = [
  ["has another pid", [{ ...AGENTS[0] as ProcessEntry, pid: 77 }]],
  ["has ended", [{ ...AGENTS[0] as ProcessEntry, status: "exited" }]],
  ["is gone", []],
];

for (const [name, entries] of MEANWHILE) {
  test(`reap writes nothing of an agent whose entry ${name} by now`, async () => {
    const memory = makeMachine();
    const { deferSignals } = memory.system;
    const after = formatStore(...entries);
    Object.assign(memory.system, {
      deferSignals: ((work) => {
        memory.put(STORE, after);
        return deferSignals(work);
      }) as typeof deferSignals,
    });
    const { outcomes, agents } = await act(memory, {
      handles: ["old"],
      olderThan: "2h",
      apply: true,
    });
    assert.deepEqual(outcomes, ["denied"]);
    assert.match(agents[0]?.end?.reason ?? "", /another program .* meanwhile/);
    assert.equal(agents[0]?.cancelled, false);
    assert.equal(memory.text(LOG("old")), STARTED);
    assert.equal(memory.text(STORE), after);
    assert.deepEqual(memory.signals, []);
  });
}

test("reap goes on with the others where one cannot be written down", async () => {
  const memory = makeMachine();
  memory.onCall = (name, [path]) => {
    if (name === "appendFile" && path === LOG("old")) {
      throw systemError("ENOSPC");
    }
  };
  const { outcomes, agents } = await act(memory, {
    olderThan: "2h",
    apply: true,
  });
  assert.deepEqual(outcomes.sort(), ["denied", "exited"]);
  const old = agents.find(({ judged }) => judged.entry.id === "old");
  assert.match(
    old?.end?.reason ?? "",
    /^Failed to record that process old is cancelled: .*ENOSPC.*\nIt was not/,
  );
  assert.deepEqual(readStatus(memory, "old"), ["running", null, null]);
  assert.deepEqual(memory.signals, [[12, "SIGTERM"]]);
});

test("reap leaves alone what nothing proves, unless it is told to", async () => {
  const memory = makeMachine();
  memory.processes.set(11, makeFacts({ pid: 11, startedAt: 0 }));
  const options = { olderThan: "2h", handles: ["old"] };
  for (const apply of [false, true]) {
    const { agents } = await act(memory, { ...options, apply });
    assert.equal(agents[0]?.action, "leave");
    assert.match(agents[0]?.reason ?? "", /may not be the one/);
  }
  assert.deepEqual(memory.signals, []);
  assert.equal(memory.text(LOG("old")), STARTED);
  const told = { ...options, apply: true, unverified: true };
  assert.deepEqual((await act(memory, told)).outcomes, ["exited"]);
});

test("reap refuses what zag-ps runs in unless it is named", async () => {
  const memory = makeMachine();
  const { pid } = memory.system;
  memory.processes.set(pid, makeFacts({ pid, ppid: 11 }));
  const before = memory.text(STORE);
  for (const apply of [false, true]) {
    await assert.rejects(
      act(memory, { olderThan: "2h", apply }),
      isError("refused", /zag-ps itself runs in process 11 \(old\)/),
    );
  }
  assert.deepEqual(memory.signals, []);
  assert.equal(memory.text(STORE), before);
  assert.equal(memory.text(LOG("old")), STARTED);
  const { outcomes } = await act(memory, {
    handles: ["old"],
    olderThan: "2h",
    apply: true,
  });
  assert.deepEqual(outcomes, ["exited"]);
});

test("reap refuses to end more than --max, and shows them all the same", async () => {
  const memory = makeMachine();
  const options = { olderThan: "2h", max: 1 };
  assert.equal((await act(memory, options)).ids.length, 2);
  await assert.rejects(
    act(memory, { ...options, apply: true }),
    isError("refused", /2 agents are selected, and no more than 1 .*--max 2$/s),
  );
  assert.deepEqual(memory.signals, []);
  const many = Array.from(
    { length: 51 },
    (_, i) => makeEntry({ id: `many-${i}`, pid: 100 + i, session_id: null }),
  );
  await assert.rejects(
    act(makeMachine({ entries: many }), { olderThan: "1s", apply: true }),
    isError("refused", /no more than 50 /),
  );
});
