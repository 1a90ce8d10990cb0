import assert from "node:assert/strict";
import { test } from "node:test";
import { prune } from "../../src/commands/prune.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import { createAgentMachine } from "../support/agent_at_work.ts";
import { createMemory, type Memory } from "../support/memory_system.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatSessions,
  formatStore,
  HOME,
  ID,
  isError,
  makeEntry,
  makeSession,
  STORE,
} from "../support/zag_files.ts";

const OLD = "2026-10-01T10:00:00+00:00";
const YOUNG = "2026-11-21T10:00:00+00:00";
const LOG = `${HOME}/logs/sessions/s-dead.jsonl`;

const living = makeEntry({ session_id: "s-living" });
const old = makeEntry({
  id: "old",
  pid: 11,
  status: "exited",
  exit_code: 0,
  started_at: OLD,
  exited_at: OLD,
  session_id: "s-old",
});
const young = { ...old, id: "young", exited_at: YOUNG, session_id: "s-young" };
const dead = makeEntry({
  id: "dead",
  pid: 12,
  started_at: OLD,
  session_id: "s-dead",
});

function makeMachine(text: string): Memory {
  return createAgentMachine({ store: text, session: null });
}

function readIds(memory: Memory): string[] {
  return JSON.parse(memory.text(STORE) ?? "").processes
    .map(({ id }: ProcessEntry) => id);
}

test("prune changes nothing unless it is told to", async () => {
  const text = formatStore(living, old, young, dead);
  const memory = makeMachine(text);
  const report = await prune(createContext(memory), { dead: true });
  assert.deepEqual(
    report.plan.map(({ action, judged }) => [action, judged.entry.id]).sort(),
    [["mark-killed", "dead"], ["remove", "old"]],
  );
  assert.deepEqual(
    { ...report, plan: [] },
    { plan: [], applied: false, removed: 0, marked: 0 },
  );
  assert.equal(memory.text(STORE), text);
  assert.deepEqual([...memory.files.keys()], [STORE]);
  assert.ok(!memory.calls.some((call) => /^(create|rename)/.test(call)));
});

test("prune removes ended entries and no other byte", async () => {
  const bad = { id: 5, future: [1] };
  const rest = [{ ...living, future: { a: 1 } }, bad, young, dead];
  const text = formatStore(...rest.slice(0, 2), old, ...rest.slice(2))
    .replace('"future": [\n        1\n      ]', '"future": [1e0] // kept\n');
  const memory = makeMachine(text);
  memory.put(LOG, "kept\n");
  const context = createContext(memory);
  const report = await prune(context, { apply: true });
  assert.deepEqual([report.removed, report.marked], [1, 0]);
  const expected = formatStore(...rest)
    .replace('"future": [\n        1\n      ]', '"future": [1e0] // kept\n');
  assert.equal(memory.text(STORE), expected);
  assert.deepEqual([...memory.files.keys()].sort(), [LOG, STORE]);
  assert.equal(memory.text(LOG), "kept\n");
  const again = await prune(createContext(memory), { apply: true });
  assert.deepEqual(again, { plan: [], applied: true, removed: 0, marked: 0 });
});

test("prune --dead marks what is gone, and removes it a week later", async () => {
  const memory = makeMachine(formatStore(living, dead));
  const report = await prune(createContext(memory), {
    dead: true,
    apply: true,
  });
  assert.deepEqual([report.removed, report.marked], [0, 1]);
  assert.equal(
    memory.text(STORE),
    formatStore(living, {
      ...dead,
      status: "killed",
      exited_at: "2026-11-22T12:00:00.000+00:00",
    }),
  );
  const same = await prune(createContext(memory), { apply: true });
  assert.deepEqual(same.plan, []);
  memory.clock += 8 * 24 * 60 * 60 * 1000;
  const later = await prune(createContext(memory), { apply: true });
  assert.equal(later.removed, 1);
  assert.deepEqual(readIds(memory), [ID]);
});

test("prune --dead asks the session log for the last sign of life", async () => {
  const memory = makeMachine(formatStore(dead));
  memory.put(
    BASE_SESSIONS,
    formatSessions(makeSession({ session_id: "s-dead" })),
  );
  const say = (ts: string) =>
    memory.put(LOG, `{"seq":1,"ts":"${ts}","type":"usage_limit_hit"}\n`);
  say(YOUNG);
  const options = { dead: true, apply: true };
  assert.deepEqual((await prune(createContext(memory), options)).plan, []);
  say(OLD);
  assert.equal((await prune(createContext(memory), options)).marked, 1);
});

test("prune leaves an entry that another program changed meanwhile", async () => {
  const memory = makeMachine(formatStore(old, dead));
  memory.onCall = (name, [path]) => {
    if (name !== "createFile" || !String(path).includes(".lock.")) return;
    memory.onCall = () => {};
    memory.put(STORE, formatStore({ ...old, status: "running" }, dead, young));
  };
  const context = createContext(memory);
  const report = await prune(context, { dead: true, apply: true });
  assert.deepEqual([report.removed, report.marked], [0, 1]);
  const [first, second] = JSON.parse(memory.text(STORE) ?? "").processes;
  assert.deepEqual([first.status, second.status], ["running", "killed"]);
  assert.match(context.warnings[0] ?? "", /^1 of the entries were left/);
});

test("prune keeps what a program without a lock writes meanwhile", async () => {
  const memory = makeMachine(formatStore(old));
  let written = false;
  memory.onCall = (name, [path]) => {
    // The new store is written, and not in place yet.
    if (written || name !== "createFile") return;
    if (!String(path).endsWith(".tmp") || String(path).includes(".lock.")) {
      return;
    }
    written = true;
    memory.put(STORE, formatStore(old, living));
  };
  const report = await prune(createContext(memory), { apply: true });
  assert.ok(written);
  assert.equal(report.removed, 1);
  assert.deepEqual(readIds(memory), [ID]);
});

test("prune removes again what a program wrote back", async () => {
  const memory = makeMachine(formatStore(old, living));
  const { system } = memory;
  let written = 0;
  const sleepy = {
    ...system,
    sleep: (ms: number) => {
      if (written++ === 0) memory.put(STORE, formatStore(old, living, young));
      return system.sleep(ms);
    },
  };
  const context = { ...createContext(memory), system: sleepy };
  const report = await prune(context, { apply: true });
  assert.equal(report.removed, 1);
  assert.deepEqual(readIds(memory), [ID, "young"]);
});

test("prune removes twins, and chooses by handle and filter", async () => {
  const codex = { ...old, id: "codex-1", provider: "codex" };
  const memory = makeMachine(formatStore(old, codex, old, living));
  await prune(createContext(memory), { handles: ["codex-1"], apply: true });
  assert.deepEqual(readIds(memory), ["old", "old", ID]);
  const none = await prune(createContext(memory), {
    filters: ["provider=codex"],
    apply: true,
  });
  assert.deepEqual(none.plan, []);
  await prune(createContext(memory), {
    filters: ["provider=claude"],
    apply: true,
  });
  assert.deepEqual(readIds(memory), [ID]);
});

test("prune of a home without a store is nothing", async () => {
  const memory = createMemory();
  memory.folders.add(HOME);
  const report = await prune(createContext(memory), { apply: true });
  assert.deepEqual(report.plan, []);
  assert.equal(memory.files.size, 0);
});

for (const text of ["{", '{"processes": {}}']) {
  test(`prune never overwrites the store ${text}`, async () => {
    const memory = makeMachine(text);
    await assert.rejects(
      prune(createContext(memory), { apply: true }),
      isError("store"),
    );
    assert.equal(memory.text(STORE), text);
  });
}

for (
  const options of [{ keepLast: -1 }, { keepLast: 1.5 }, { olderThanMs: NaN }]
) {
  test(`prune refuses ${JSON.stringify(options)}`, async () => {
    await assert.rejects(
      prune(createContext(createMemory()), options),
      isError("usage"),
    );
  });
}
