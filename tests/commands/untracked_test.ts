/** Agents that nobody recorded: how they are found, named and ended. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  renderExplanation,
  renderJsonExplanation,
} from "../../src/cli/render_explanation.ts";
import { chooseAgents } from "../../src/commands/choose_agents.ts";
import { explain } from "../../src/commands/explain.ts";
import { kill } from "../../src/commands/kill.ts";
import { killAgents } from "../../src/commands/kill_agents.ts";
import { list } from "../../src/commands/list.ts";
import { reap } from "../../src/commands/reap.ts";
import { show } from "../../src/commands/show.ts";
import type { Selection } from "../../src/commands/steps/select.ts";
import { stop } from "../../src/commands/stop.ts";
import { wait } from "../../src/commands/wait.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import type { EndingMachine } from "../support/ending_machine.ts";
import {
  addPerson,
  CLAUDE_PID,
  CODEX_PID,
  EDITOR_PID,
  HELPER_PID,
  LAUNCHER_PID,
  makeUntrackedMachine,
  ORPHAN_PID,
  SHELL_PID,
} from "../support/untracked_machine.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatSessions,
  ID,
  isError,
  makeEntry,
  makeSession,
  STORE,
} from "../support/zag_files.ts";

/** codex as zag records it: by the pid of the script that starts it. */
const RECORDED = makeEntry({ pid: LAUNCHER_PID, provider: "codex" });

async function listIds(
  machine: EndingMachine,
  options: Parameters<typeof list>[1],
): Promise<string[]> {
  const rows = await list(createContext(machine), options);
  return rows.map(({ entry }) => entry.id).sort();
}

async function choose(
  machine: EndingMachine,
  selection: Partial<Selection>,
): Promise<string[]> {
  const { agents } = await chooseAgents(
    createContext(machine),
    { handles: [], filters: [], ...selection },
    {},
  );
  return agents.map(({ entry }) => entry.id).sort();
}

test("list shows what nobody recorded only when asked", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  assert.deepEqual(await listIds(machine, {}), [ID]);
  assert.deepEqual(
    await listIds(machine, { untracked: "include" }),
    [ID, "pid:300", "pid:301", "pid:500"],
  );
  assert.deepEqual(
    await listIds(machine, { untracked: "only" }),
    ["pid:300", "pid:301", "pid:500"],
  );
});

test("list shows a launcher and the real process as one agent", async () => {
  const machine = makeUntrackedMachine();
  const rows = await list(createContext(machine), {
    untracked: "only",
    filters: ["provider=codex"],
  });
  assert.deepEqual(
    rows.map(({ entry, agent }) => [
      entry.id,
      agent?.launchers.map(({ pid }) => pid),
    ]),
    [[`pid:${CODEX_PID}`, [LAUNCHER_PID]]],
  );
});

test("list takes no helper for what a recorded script has started", async () => {
  const pid = 700;
  const machine = makeUntrackedMachine(makeEntry({ pid }));
  addPerson(machine, pid, {
    name: "sh",
    executable: "/usr/bin/dash",
    args: ["sh", "-c", "work"],
    markers: { ZAG_PROCESS_ID: ID },
  });
  addPerson(machine, 701, {
    ppid: pid,
    name: "mcp-server",
    executable: "/usr/bin/mcp-server",
    args: ["mcp-server"],
    markers: { ZAG_PROCESS_ID: ID },
  });
  const rows = await list(createContext(machine), { untracked: "include" });
  const row = rows.find(({ entry }) => entry.id === ID);
  assert.deepEqual(
    [row?.agent?.facts.pid, row?.agent?.launchers],
    [pid, []],
  );
  const helper = rows.find(({ entry }) => entry.id === "pid:701");
  assert.equal(helper?.agent?.partOf, pid);
});

test("list tells of a recorded launcher what the real process does", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  const [row] = await list(createContext(machine), {
    untracked: "include",
    filters: ["provider=codex"],
  });
  assert.equal(row?.untracked, undefined);
  assert.equal(row?.agent?.facts.pid, CODEX_PID);
  assert.equal(row?.agent?.treeMemoryBytes, 2048);
});

test("list places a helper under its agent", async () => {
  const machine = makeUntrackedMachine();
  const rows = await list(createContext(machine), {
    untracked: "only",
    filters: ["role=helper"],
  });
  assert.deepEqual(
    rows.map(({ agent }) => [agent?.facts.pid, agent?.partOf]),
    [[HELPER_PID, CLAUDE_PID]],
  );
});

test("stop of pid:N signals what nobody recorded, and writes nothing", async () => {
  const machine = makeUntrackedMachine();
  const before = machine.text(STORE);
  const report = await stop(createContext(machine), `pid:${CLAUDE_PID}`);
  assert.equal(report.entry.id, `pid:${CLAUDE_PID}`);
  assert.deepEqual(machine.signals, [[CLAUDE_PID, "SIGHUP"]]);
  assert.equal(machine.text(STORE), before);
});

for (const pid of [LAUNCHER_PID, CODEX_PID]) {
  test(`stop of pid:${pid} reaches the real process, then its launcher`, async () => {
    for (const entries of [[], [RECORDED]]) {
      const machine = makeUntrackedMachine(...entries);
      const report = await stop(createContext(machine), `pid:${pid}`);
      assert.equal(
        report.entry.id,
        entries.length === 0 ? `pid:${CODEX_PID}` : ID,
      );
      assert.deepEqual(machine.signals, [
        [CODEX_PID, "SIGHUP"],
        [LAUNCHER_PID, "SIGHUP"],
      ]);
    }
  });
}

test("stop of a recorded launcher reaches the real process, too", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  await stop(createContext(machine), ID);
  assert.deepEqual(machine.signals, [
    [CODEX_PID, "SIGHUP"],
    [LAUNCHER_PID, "SIGHUP"],
  ]);
});

for (const pid of [SHELL_PID, EDITOR_PID, 1, 77_777]) {
  test(`stop of pid:${pid} refuses what is no agent`, async () => {
    const machine = makeUntrackedMachine(RECORDED);
    await assert.rejects(
      stop(createContext(machine), `pid:${pid}`),
      isError("not-found"),
    );
    await assert.rejects(stop(createContext(machine), String(CLAUDE_PID)));
    assert.deepEqual(machine.signals, []);
  });
}

const CHANGES: [string, Partial<ProcessFacts>][] = [
  ["another start", { startTicks: "proc:9999" }],
  ["another program", { executable: "/usr/bin/vim" }],
];
for (const [what, change] of CHANGES) {
  test(`stop spares a pid that has ${what} by the time of the signal`, async () => {
    const machine = makeUntrackedMachine();
    await assert.rejects(
      stop(createContext(machine), `pid:${CLAUDE_PID}`, {
        announce: () =>
          addPerson(machine, CLAUDE_PID, {
            executable: "/home/ada/.local/share/claude/versions/2.1.34",
            ...change,
          }),
      }),
      isError("not-running"),
    );
    assert.deepEqual(machine.signals, []);
  });
}

test("kill of pid:N checks the result of the entry that records it", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  machine.put(
    BASE_SESSIONS,
    formatSessions(makeSession({ exit: { json_mode: true } })),
  );
  const before = machine.text(STORE);
  await assert.rejects(
    kill(createContext(machine), `pid:${CODEX_PID}`, {
      result: { text: "no JSON" },
    }),
    isError("rejected"),
  );
  assert.equal(machine.text(STORE), before);
  assert.deepEqual(machine.signals, []);
  await kill(createContext(machine), `pid:${CODEX_PID}`, {
    result: { text: "{}" },
  });
  assert.match(machine.text(STORE) ?? "", /"status": "killed"/);
  assert.equal(machine.signals.length, 2);
});

test("kill of what nobody recorded takes no result, and writes nothing", async () => {
  const machine = makeUntrackedMachine();
  const files = [...machine.files.keys()];
  await assert.rejects(
    kill(createContext(machine), `pid:${CLAUDE_PID}`, {
      result: { text: "done" },
    }),
    isError("no-session"),
  );
  assert.deepEqual(machine.signals, []);
  const report = await kill(createContext(machine), `pid:${CLAUDE_PID}`, {});
  assert.equal(report.resultRecorded, false);
  assert.deepEqual(machine.signals, [[CLAUDE_PID, "SIGTERM"]]);
  assert.deepEqual([...machine.files.keys()], files);
});

test("filters choose what nobody recorded only when asked", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  const filters = ["status=running"];
  assert.deepEqual(await choose(machine, { filters }), [ID]);
  assert.deepEqual(await choose(machine, { all: true }), [ID]);
  assert.deepEqual(
    await choose(machine, { filters, untracked: "include" }),
    [ID, "pid:300", "pid:500"],
  );
  assert.deepEqual(
    await choose(machine, { filters, untracked: "only" }),
    ["pid:300", "pid:500"],
  );
  // What belongs to an agent has to be asked for by its role.
  assert.deepEqual(
    await choose(machine, { filters: ["role=helper"], untracked: "only" }),
    [`pid:${HELPER_PID}`],
  );
});

test("select takes no untracked agents with all", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  await assert.rejects(
    choose(machine, { all: true, untracked: "include" }),
    isError("usage", /every recorded agent/),
  );
});

test("killAgents ends recorded agents and others together", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  const context = createContext(machine);
  const choice = await chooseAgents(
    context,
    { handles: [ID, `pid:${CLAUDE_PID}`], filters: [] },
    {},
  );
  const ends = await killAgents(context, choice, { timeoutMs: 1000 });
  assert.deepEqual(
    ends.map(({ entry, outcome, members }) => [
      entry.id,
      outcome,
      members.map(({ pid, outcome }) => [pid, outcome]),
    ]),
    [
      [ID, "exited", [[CODEX_PID, "exited"]]],
      [`pid:${CLAUDE_PID}`, "exited", []],
    ],
  );
  assert.match(machine.text(STORE) ?? "", /"status": "killed"/);
});

test("killAgents puts the entry back if the real process is left", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  machine.answers.set(CODEX_PID, () => {});
  const context = createContext(machine);
  const choice = await chooseAgents(
    context,
    { handles: [ID], filters: [] },
    {},
  );
  const [end] = await killAgents(context, choice, { timeoutMs: 1000 });
  assert.equal(end?.outcome, "survived");
  assert.match(machine.text(STORE) ?? "", /"status": "running"/);
});

test("reap ends an orphan that nobody recorded, and nothing else", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  const context = createContext(machine);
  const options = { filters: ["orphan=true"], untracked: "include" } as const;
  const plan = await reap(context, options);
  assert.deepEqual(
    plan.agents.map(({ judged }) => judged.entry.id),
    [`pid:${ORPHAN_PID}`],
  );
  assert.deepEqual(machine.signals, []);
  const before = machine.text(STORE);
  const done = await reap(context, { ...options, apply: true });
  assert.deepEqual(done.agents.map(({ end }) => end?.outcome), ["exited"]);
  assert.deepEqual(machine.signals, [[ORPHAN_PID, "SIGTERM"]]);
  assert.equal(machine.text(STORE), before);
});

test("wait sees the end of what nobody recorded", async () => {
  const machine = makeUntrackedMachine();
  const handles = [`pid:${CLAUDE_PID}`];
  const early = await wait(
    createContext(machine),
    { handles, filters: [] },
    { timeoutMs: 500 },
  );
  assert.equal(early.timedOut, true);
  machine.onSleep = () => machine.processes.delete(CLAUDE_PID);
  const report = await wait(createContext(machine), { handles, filters: [] });
  assert.deepEqual(
    report.ended.map(({ entry, status }) => [entry.id, status]),
    [[`pid:${CLAUDE_PID}`, "dead"]],
  );
});

test("wait takes another program under the same pid for the end", async () => {
  const machine = makeUntrackedMachine();
  const handles = [`pid:${CLAUDE_PID}`];
  machine.onSleep = () =>
    addPerson(machine, CLAUDE_PID, {
      executable: "/home/ada/.local/share/claude/versions/2.1.34",
      startTicks: "proc:9999",
    });
  const report = await wait(createContext(machine), { handles, filters: [] });
  assert.equal(report.ended.length, 1);
});

test("show takes a bare pid", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  const context = createContext(machine);
  const untracked = await show(context, String(CLAUDE_PID));
  assert.equal(untracked.entry.id, `pid:${CLAUDE_PID}`);
  assert.equal((await show(context, String(CODEX_PID))).entry.id, ID);
  await assert.rejects(
    show(context, String(EDITOR_PID)),
    isError("not-found", /no agent that zag-ps recognises/),
  );
});

test("explain tells which rules were tried, of any process", async () => {
  const machine = makeUntrackedMachine(RECORDED);
  const context = createContext(machine);
  const editor = await explain(context, String(EDITOR_PID));
  assert.equal(editor.examination?.recognition, undefined);
  assert.equal(editor.agent, undefined);
  assert.notEqual(editor.examination?.trials.length, 0);
  const claude = await explain(context, `pid:${CLAUDE_PID}`);
  assert.equal(claude.examination?.recognition?.provider, "claude");
  const codex = await explain(context, `pid:${CODEX_PID}`);
  assert.deepEqual(codex.judged.map(({ entry }) => entry.id), [ID]);
});

test("list reads the person's own patterns, and refuses broken ones", async () => {
  const machine = makeUntrackedMachine();
  machine.put("/home/ada/.zag/ps.jsonc", '{ "remove": 7 }');
  await assert.rejects(
    list(createContext(machine), { untracked: "only" }),
    isError("store", /ps\.jsonc/),
  );
});

/** zag-ps itself. */
const OWN_PID = 4242;

/** codex, which its launcher started through a shell. */
function addShellBetween(machine: EndingMachine, pid: number): void {
  addPerson(machine, pid, {
    ppid: LAUNCHER_PID,
    name: "sh",
    executable: "/usr/bin/sh",
    args: ["sh", "-c", "codex exec & zag-ps stop"],
    startedAt: machine.clock - 59_500,
  });
  const codex = machine.processes.get(CODEX_PID) as ProcessFacts;
  machine.processes.set(CODEX_PID, { ...codex, ppid: pid });
}

for (const pid of [LAUNCHER_PID, 450]) {
  test(`reap refuses an agent whose launcher zag-ps runs in, process ${pid}`, async () => {
    const machine = makeUntrackedMachine();
    addShellBetween(machine, 450);
    addPerson(machine, OWN_PID, { ppid: pid, args: ["zag-ps", "reap"] });
    const options = {
      filters: ["provider=codex"],
      untracked: "only",
      apply: true,
    } as const;
    await assert.rejects(
      reap(createContext(machine), options),
      isError("refused"),
    );
    assert.deepEqual(machine.signals, []);
  });
}

test("killAgents refuses a recorded agent whose launcher zag-ps runs in", async () => {
  const entry = makeEntry({ pid: CODEX_PID, provider: "codex" });
  const machine = makeUntrackedMachine(entry);
  addPerson(machine, OWN_PID, { ppid: LAUNCHER_PID, args: ["zag-ps"] });
  const context = createContext(machine);
  const selection = { handles: [], filters: ["provider=codex"] };
  const choice = await chooseAgents(context, selection, {});
  const before = machine.text(STORE);
  await assert.rejects(killAgents(context, choice, {}), isError("refused"));
  assert.deepEqual(machine.signals, []);
  assert.equal(machine.text(STORE), before);
});

for (const handle of ["nested-1", `pid:${CODEX_PID}`]) {
  test(`stop of ${handle} spares the script that is recorded for itself`, async () => {
    const machine = makeUntrackedMachine(
      makeEntry({ pid: LAUNCHER_PID, provider: "codex", session_id: "one" }),
      makeEntry({
        id: "nested-1",
        pid: CODEX_PID,
        provider: "codex",
        session_id: "two",
      }),
    );
    const script = machine.processes.get(LAUNCHER_PID) as ProcessFacts;
    const args = ["bash", "/srv/shop/loop.sh"];
    const executable = "/usr/bin/bash";
    machine.processes.set(LAUNCHER_PID, { ...script, args, executable });
    await stop(createContext(machine), handle);
    assert.deepEqual(machine.signals, [[CODEX_PID, "SIGHUP"]]);
  });
}

test("stop of either record of one session reaches both processes", async () => {
  const entry = { provider: "codex", session_id: "one" };
  const machine = makeUntrackedMachine(
    makeEntry({ ...entry, pid: LAUNCHER_PID }),
    makeEntry({ ...entry, id: "second-1", pid: CODEX_PID }),
  );
  await stop(createContext(machine), "second-1");
  assert.deepEqual(machine.signals, [
    [CODEX_PID, "SIGHUP"],
    [LAUNCHER_PID, "SIGHUP"],
  ]);
});

test("stop spares the launcher of an agent that got the pid meanwhile", async () => {
  const entry = makeEntry({ pid: CODEX_PID, provider: "codex" });
  const machine = makeUntrackedMachine(entry);
  const context = createContext(machine);
  const { system } = context;
  const observeAll = () => {
    const codex = machine.processes.get(CODEX_PID) as ProcessFacts;
    machine.processes.set(CODEX_PID, { ...codex, startTicks: "proc:9999" });
    return system.observeAll();
  };
  await assert.rejects(
    stop({ ...context, system: { ...system, observeAll } }, ID),
    isError("not-running"),
  );
  assert.deepEqual(machine.signals, []);
});

test("filters that say what role is not meant choose no helper or server", async () => {
  const machine = makeUntrackedMachine();
  const helper = `pid:${HELPER_PID}`;
  const untracked = "only" as const;
  const asked = { filters: ["role=helper"], untracked };
  assert.deepEqual(await choose(machine, asked), [helper]);
  const all = await choose(machine, { filters: ["age>1s"], untracked });
  const filters = ["role!=supervisor"];
  assert.deepEqual(await choose(machine, { filters, untracked }), all);
  assert.equal(all.includes(helper), false);
});

test("filters take the pid of an agent as a whole", async () => {
  const machine = makeUntrackedMachine();
  addPerson(machine, CLAUDE_PID * 10, { args: ["claude"] });
  const list = (filter: string) =>
    listIds(machine, { filters: [filter], untracked: "only" });
  assert.deepEqual(await list(`id=pid:${CLAUDE_PID}`), [`pid:${CLAUDE_PID}`]);
  assert.deepEqual(await list("id=pid:3"), []);
  assert.ok((await list(`id!=pid:${CLAUDE_PID}`)).includes("pid:3000"));
});

test("wait tells an agent from an entry that has its handle as an id", async () => {
  const id = `pid:${CLAUDE_PID}`;
  const machine = makeUntrackedMachine(
    makeEntry({ id, pid: CODEX_PID, provider: "codex" }),
  );
  machine.onSleep = () => machine.processes.delete(CODEX_PID);
  const selection = {
    handles: [],
    filters: [`id=${id}`],
    untracked: "include",
  } as const;
  const context = createContext(machine);
  const report = await wait(context, selection, { timeoutMs: 5000 });
  assert.deepEqual(report.ended.map(({ entry }) => entry.pid), [CODEX_PID]);
  assert.deepEqual(report.running.map(({ pid }) => pid), [CLAUDE_PID]);
});

test("list says once why no environment can be read", async () => {
  const machine = makeUntrackedMachine();
  const claude = machine.processes.get(CLAUDE_PID) as ProcessFacts;
  machine.processes.set(CLAUDE_PID, { ...claude, markers: undefined });
  const context = createContext(machine);
  await list(context, { untracked: "only" });
  assert.equal(context.warnings.length, 1);
  assert.match(context.warnings[0] ?? "", /environment of process/);
  machine.sight = { complete: true, limit: "ps shows none; grant -A" };
  const limited = createContext(machine);
  await list(limited, { untracked: "only" });
  assert.deepEqual(limited.warnings, ["ps shows none; grant -A"]);
});

test("explain tells nothing of a title but its first word", async () => {
  const machine = makeUntrackedMachine();
  const claude = machine.processes.get(CLAUDE_PID) as ProcessFacts;
  const args = ["claude --api-key=sk-123 write a poem"];
  machine.processes.set(CLAUDE_PID, { ...claude, args });
  const found = await explain(createContext(machine), String(CLAUDE_PID));
  const text = renderExplanation(found);
  assert.match(text, /^Program: .*, claude$/m);
  assert.doesNotMatch(text + renderJsonExplanation(found), /sk-123|poem/);
});
