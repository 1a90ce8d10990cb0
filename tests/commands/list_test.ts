import assert from "node:assert/strict";
import { test } from "node:test";
import { list, type ListOptions } from "../../src/commands/list.ts";
import { createMemory, type Memory } from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  HOME,
  isError,
  makeEntry,
  makeFacts,
  STORE,
} from "../support/zag_files.ts";

/** A machine with these entries; the processes 100 and 102 are live. */
function makeMachine(...entries: unknown[]): Memory {
  const memory = createMemory();
  memory.put(STORE, formatStore(...entries));
  for (const pid of [100, 102]) {
    const startedAt = Date.UTC(2026, 10, 22, 11);
    memory.processes.set(pid, makeFacts({ pid, startedAt }));
  }
  return memory;
}

async function listIds(memory: Memory, options: ListOptions = {}) {
  const rows = await list(createContext(memory), options);
  return rows.map(({ entry }) => entry.id).join(" ");
}

/** Entries a (newest) to e; a and c live. */
const ENTRIES = ["a", "b", "c", "d", "e"].map((id, i) =>
  makeEntry({
    id,
    pid: 100 + i,
    started_at: `2026-11-22T11:00:0${9 - i}+00:00`,
    provider: i % 2 === 0 ? "claude" : "codex",
    parent_process_id: id === "b" ? "p" : null,
    parent_session_id: id === "d" ? "p" : id === "e" ? "s" : null,
  })
);

const FILTERS: [name: string, options: ListOptions, ids: string][] = [
  ["all", {}, "a b c d e"],
  ["the running ones", { running: true }, "a c"],
  ["one", { limit: 1 }, "a"],
  ["none", { limit: 0 }, ""],
  ["more than there are", { limit: 99 }, "a b c d e"],
  ["a provider", { provider: "codex" }, "b d"],
  ["no part of a provider", { provider: "code" }, ""],
  ["a provider in another case", { provider: "Codex" }, ""],
  ["children by either key", { children: "p" }, "b d"],
  ["children of a session", { children: "s" }, "e"],
  ["no children", { children: "q" }, ""],
  ["no children of an empty id", { children: "" }, ""],
  ["the limit before running", { running: true, limit: 2 }, "a"],
  ["the limit before the provider", { provider: "codex", limit: 3 }, "b"],
  ["the limit before the children", { children: "p", limit: 3 }, "b"],
  ["all filters", { running: true, provider: "claude", limit: 4 }, "a c"],
  ["filters that exclude each other", { running: true, children: "p" }, ""],
  ["a filter", { filters: ["provider=codex"] }, "b d"],
  ["alternatives", { filters: ["id=a", "id=d", "id=x"] }, "a d"],
  ["what filters leave together", {
    filters: ["status=dead", "provider!=codex"],
  }, "e"],
  ["the limit before a filter", { filters: ["status=dead"], limit: 2 }, "b"],
  ["filters beside the options", {
    running: true,
    provider: "claude",
    filters: ["id!=a"],
  }, "c"],
  ["what is older", { olderThan: "59m52s" }, "c d e"],
  ["what is older, of the newest", { olderThan: "59m52s", limit: 3 }, "c"],
  ["nothing for a filter that nothing matches", { filters: ["tag=x"] }, ""],
];

for (const [name, options, ids] of FILTERS) {
  test(`list gives ${name}`, async () => {
    const memory = makeMachine(...[...ENTRIES].reverse());
    assert.equal(await listIds(memory, options), ids);
  });
}

test("list follows ancestors beyond the newest", async () => {
  const memory = makeMachine(
    makeEntry({ id: "leaf", parent_process_id: "b" }),
    ...ENTRIES,
  );
  const options = { limit: 1, filters: ["ancestor=p"] };
  assert.equal(await listIds(memory, options), "leaf");
});

test("list shows each of several entries with one id", async () => {
  const memory = makeMachine(...ENTRIES, ...ENTRIES.slice(0, 1));
  assert.equal(await listIds(memory, { filters: ["id=a"] }), "a a");
});

test("list refuses a filter that it cannot read", async () => {
  await assert.rejects(
    listIds(makeMachine(...ENTRIES), { filters: ["provider"] }),
    isError("usage", /not of the form KEY=VALUE/),
  );
});

test("list resolves the children of self", async () => {
  const memory = makeMachine(...ENTRIES);
  memory.env.ZAG_PROCESS_ID = "p";
  assert.equal(await listIds(memory, { children: "self" }), "b d");
});

test("list fails for the children of self outside an agent", async () => {
  await assert.rejects(
    listIds(makeMachine(...ENTRIES), { children: "self" }),
    isError("not-found", /^Cannot resolve "self": ZAG_PROCESS_ID is not set/),
  );
});

test("list judges every entry that it gives", async () => {
  const memory = makeMachine(
    ...ENTRIES,
    makeEntry({ id: "f", pid: 100, status: "exited", started_at: "" }),
    makeEntry({ id: "g", pid: -1, started_at: "" }),
    makeEntry({ id: "h", status: "odd", started_at: "" }),
  );
  const rows = await list(createContext(memory), {});
  assert.deepEqual(
    rows.map(({ entry, verdict }) => `${entry.id} ${verdict.liveStatus}`),
    [
      "a running",
      "b dead",
      "c running",
      "d dead",
      "e dead",
      "h unknown",
      "g unknown",
      "f exited",
    ],
  );
});

test("list of the running ones leaves out what outlived its end", async () => {
  const memory = makeMachine(
    ...ENTRIES,
    makeEntry({ id: "z", pid: 102, status: "killed" }),
  );
  const markers = { ZAG_PROCESS_ID: "z" };
  memory.processes.set(102, makeFacts({ pid: 102, markers }));
  const rows = await list(createContext(memory), {});
  const row = rows.find(({ entry }) => entry.id === "z");
  assert.equal(row?.verdict.alive, true);
  const ids = await listIds(memory, { running: true });
  assert.ok(!ids.includes("z"), ids);
});

test("list looks at the processes once, at the shown ones alone", async () => {
  const memory = makeMachine(...ENTRIES);
  let asked: unknown;
  memory.onCall = (name, [pids]) => {
    if (name === "observe") asked = [...pids as Set<number>];
  };
  await listIds(memory, { limit: 2 });
  assert.deepEqual(asked, [100, 101]);
  const looks = memory.calls.filter((call) => call.startsWith("observe"));
  assert.equal(looks.length, 1);
});

for (const pid of [0, 1, -1, -100, 1.5, 2 ** 31, 2 ** 32 - 1, 2 ** 32]) {
  // The machine in memory fails the test that asks for such a pid.
  test(`list never looks at pid ${pid}`, async () => {
    const memory = makeMachine(makeEntry({ pid }));
    const [row] = await list(createContext(memory), {});
    assert.equal(row?.verdict.identity, "invalid");
    assert.equal(row?.verdict.liveStatus, "unknown");
  });
}

test("list takes a missing store for an empty one", async () => {
  const memory = createMemory();
  const context = createContext(memory);
  assert.deepEqual(await list(context, {}), []);
  assert.deepEqual(context.warnings, []);
  assert.deepEqual([...memory.files.keys()], []);
});

test("list reports bad entries with index and reason", async () => {
  const bad = { ...makeEntry({ id: "bad" }), pid: "100\x1b" };
  const memory = makeMachine(null, ...ENTRIES, bad);
  const context = createContext(memory);
  const rows = await list(context, {});
  assert.equal(rows.length, ENTRIES.length);
  assert.deepEqual(context.warnings, [
    `Entry 0 of "${STORE}" is left out, it cannot be read: Invalid type: Expected Object but received null`,
    `Entry 6 of "${STORE}" is left out, it cannot be read: pid: Invalid type: Expected number but received "100\\x1b"`,
  ]);
});

test("list passes on what cannot be seen", async () => {
  const memory = makeMachine(...ENTRIES);
  memory.sight = { complete: false, limit: "It is dark" };
  const context = createContext(memory);
  const rows = await list(context, {});
  assert.deepEqual(context.warnings, ["It is dark"]);
  assert.deepEqual(
    rows.map(({ verdict }) => verdict.liveStatus),
    ["running", "unknown", "running", "unknown", "unknown"],
  );
});

test("list changes nothing and reads nothing but the store", async () => {
  const memory = makeMachine(...ENTRIES);
  memory.put(`${HOME}/sessions.json`, "{");
  const before = memory.text(STORE);
  await listIds(memory);
  assert.equal(memory.text(STORE), before);
  const calls = memory.calls.filter((call) => !call.startsWith("observe"));
  assert.deepEqual(calls, [`status ${STORE}`, `readFile ${STORE}`]);
  assert.deepEqual(memory.signals, []);
});

const UNREADABLE: [name: string, text: string | Uint8Array, place: RegExp][] = [
  ["a torn store", '{"processes": [{', /at line 1, column 17: /],
  ["an empty file", "", /at line 1, column 1: /],
  ["a store without processes", "{}", /at line 1, column 1: /],
  ["bytes", new Uint8Array([0x7b, 0x0a, 0xff]), /at line 2, column 1: /],
];

for (const [name, content, place] of UNREADABLE) {
  test(`list refuses ${name} and leaves it as it is`, async () => {
    const memory = createMemory();
    memory.put(STORE, "");
    const file = memory.files.get(STORE);
    assert.ok(file);
    if (typeof content === "string") memory.put(STORE, content);
    else file.content = content;
    const before = memory.files.get(STORE)?.content.join();
    await assert.rejects(listIds(memory), isError("store", place));
    assert.equal(memory.files.get(STORE)?.content.join(), before);
  });
}

test("list refuses a folder in the place of the store", async () => {
  const memory = createMemory();
  memory.folders.add(STORE);
  await assert.rejects(
    listIds(memory),
    isError(
      "store",
      /^Failed to read ".*processes\.json": it is a folder \(EISDIR\)$/,
    ),
  );
});
