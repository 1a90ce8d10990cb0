import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CANDIDATE_LISTS,
  listCandidates,
} from "../../src/commands/list_candidates.ts";
import { createMemory, type Memory } from "../support/memory_system.ts";
import { makeSelectionMachine } from "../support/selection_machine.ts";
import {
  addPerson,
  CLAUDE_PID,
  makeUntrackedMachine,
} from "../support/untracked_machine.ts";
import {
  createContext,
  formatStore,
  isError,
  makeEntry,
  STORE,
} from "../support/zag_files.ts";

async function list(
  name: string,
  prefix = "",
  memory: Memory = makeSelectionMachine(),
): Promise<string> {
  const found = await listCandidates(createContext(memory), name, prefix);
  return found.map(({ value }) => value).join(" ");
}

const ROWS: readonly (readonly [list: string, prefix: string, out: string])[] =
  [
    ["running", "", "front-0005 back-0004 lead-0001 worker lead"],
    ["running", "l", "lead-0001 lead"],
    ["running", "wor", "worker"],
    ["running", "gone", ""],
    [
      "process",
      "",
      "front-0005 back-0004 gone-0003 done-0002 lead-0001 worker lead",
    ],
    ["process", "gone", "gone-0003"],
    ["process", "work", "worker"],
    ["id", "", "front-0005 back-0004 gone-0003 done-0002 lead-0001"],
    ["parent", "b", "back-0004"],
    ["ancestor", "b", "back-0004"],
    ["provider", "", "claude codex gemini"],
    ["provider", "co", "codex"],
    ["status", "", "running dead exited killed unknown"],
    ["finished", "f", "false"],
    ["tag", "", "CI keep ci"],
    ["name", "", "worker lead"],
    ["root", "/srv/shop/", "/srv/shop/api"],
    ["age", "", ""],
  ];

for (const [name, prefix, out] of ROWS) {
  test(`listCandidates lists ${name} from "${prefix}"`, async () => {
    assert.equal(await list(name, prefix), out);
  });
}

test("listCandidates has every list", async () => {
  for (const name of CANDIDATE_LISTS) await list(name);
});

test("listCandidates offers self inside an agent that fits", async () => {
  const memory = makeSelectionMachine();
  memory.env["ZAG_PROCESS_ID"] = "gone-0003";
  assert.match(await list("process", "", memory), /^self front-0005 /);
  assert.equal(await list("process", "se", memory), "self");
  assert.equal(await list("running", "se", memory), "");
  memory.env["ZAG_PROCESS_ID"] = "lead-0001";
  assert.equal(await list("running", "se", memory), "self");
});

test("listCandidates offers unrecorded agents once a p is typed", async () => {
  const memory = makeUntrackedMachine();
  assert.equal(await list("running", "", memory), "");
  assert.deepEqual(memory.calls.filter((name) => name === "observeAll"), []);
  for (const name of ["running", "agent"]) {
    for (const prefix of ["p", "pid:"]) {
      const found = (await list(name, prefix, memory)).split(" ").sort();
      // Not the helper of a living agent, and a launcher by its real process.
      assert.deepEqual(found, ["pid:300", "pid:401", "pid:500"], prefix);
    }
    assert.equal(await list(name, "pid:4", memory), "pid:401");
    assert.equal(await list(name, "q", memory), "");
  }
  assert.equal(await list("process", "pid:", memory), "");
  const [first] = await listCandidates(
    createContext(memory),
    "running",
    "pid:3",
  );
  assert.deepEqual(
    [first?.newest?.entry.provider, first?.ageMs],
    ["claude", 60_000],
  );
});

test("listCandidates lists what CI jobs agents are of", async () => {
  const memory = makeUntrackedMachine();
  addPerson(memory, CLAUDE_PID, {
    args: ["claude"],
    executable: "/usr/bin/claude",
    markers: { GITHUB_ACTIONS: "true", GITHUB_RUN_ID: "77", GITHUB_JOB: "e2e" },
  });
  assert.equal(await list("ci.run", "", memory), "77");
  assert.equal(await list("ci.job", "e", memory), "e2e");
  assert.equal(await list("ci.job", "x", memory), "");
});

test("listCandidates says what a value is", async () => {
  const context = createContext(makeSelectionMachine());
  const [first] = await listCandidates(context, "running", "back");
  assert.equal(first?.what, "id");
  assert.equal(first?.newest?.entry.provider, "codex");
  assert.equal(first?.ageMs, 20 * 60_000);
  const [name] = await listCandidates(context, "process", "worker");
  assert.deepEqual([name?.what, name?.count], ["name", 2]);
  assert.equal(name?.newest?.entry.id, "front-0005");
  const [fact] = await listCandidates(context, "provider", "claude");
  assert.deepEqual([fact?.what, fact?.count], ["fact", 3]);
});

test("listCandidates leaves out what could act, or be an option", async () => {
  const memory = createMemory();
  const ids = [
    "ok",
    "a\nb",
    "a\tb",
    "\x1b[2J",
    "\u202ea",
    "-a",
    "x".repeat(999),
  ];
  memory.put(
    STORE,
    formatStore(...ids.map((id) => makeEntry({ id, provider: id }))),
  );
  assert.equal(await list("id", "", memory), "ok");
  assert.equal(await list("provider", "", memory), "ok");
});

test("listCandidates stops at 100, whose names begin with the prefix", async () => {
  const memory = createMemory();
  const entries = Array.from(
    { length: 300 },
    (_, i) => makeEntry({ id: `${i % 2 ? "a" : "b"}-${i}`, status: "killed" }),
  );
  memory.put(STORE, formatStore(...entries));
  const found = (await list("process", "a", memory)).split(" ");
  assert.equal(found.length, 100);
  assert.ok(found.every((id) => id.startsWith("a-")));
});

test("listCandidates fails where the store cannot be read", async () => {
  const memory = createMemory();
  memory.put(STORE, "{");
  await assert.rejects(
    list("id", "", memory),
    isError("store", /Cannot parse/),
  );
});
