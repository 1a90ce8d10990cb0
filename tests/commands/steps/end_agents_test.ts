import assert from "node:assert/strict";
import { test } from "node:test";
import { LEAD_MS } from "../../../src/commands/steps/climb_ladder.ts";
import {
  endAgents,
  previewAgents,
} from "../../../src/commands/steps/end_agents.ts";
import type { EndOptions } from "../../../src/commands/steps/end_options.ts";
import { judgeEntries } from "../../../src/commands/steps/judge.ts";
import type { EndReport } from "../../../src/commands/steps/report_end.ts";
import { KILL_WAIT_MS } from "../../../src/model/ladder.ts";
import type { ProcessEntry } from "../../../src/model/process_entry.ts";
import {
  addProcess,
  type Answer,
  createEndingMachine,
  dies,
  type EndingMachine,
  isReplaced,
  resists,
  rots,
  stays,
} from "../../support/ending_machine.ts";
import { systemError } from "../../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  PID,
  STORE,
} from "../../support/zag_files.ts";

const STOP = { first: "SIGHUP" } as const;
const WAIT = 4000;
const LADDER = { ...STOP, timeoutMs: WAIT };
const OTHER_ID = "6d3f0c6e-1b7a-4a52-9c1e-0f6b8f2d7a22";
const MARKERS = { ZAG_PROCESS_ID: ID };

/** A machine with the agent of `makeEntry`, which carries its id. */
function makeMachine(answer: Answer): EndingMachine {
  const machine = createEndingMachine();
  addProcess(machine, PID, answer, { markers: MARKERS });
  machine.put(STORE, formatStore(makeEntry()));
  return machine;
}

async function end(
  machine: EndingMachine,
  options: EndOptions,
  entries: ProcessEntry[] = [makeEntry()],
): Promise<EndReport[]> {
  const context = createContext(machine);
  return await endAgents(
    context,
    await judgeEntries(context, entries),
    options,
  );
}

async function endOne(
  machine: EndingMachine,
  options: EndOptions,
): Promise<EndReport> {
  const [report, ...others] = await end(machine, options);
  assert.ok(report);
  assert.deepEqual(others, []);
  return report;
}

const RUNGS: [
  name: string,
  answer: Answer,
  options: EndOptions,
  outcome: string,
  signals: string,
][] = [
  ["a single signal", dies, STOP, "signalled", "SIGHUP"],
  ["a single signal that is ignored", stays, STOP, "signalled", "SIGHUP"],
  ["-s", dies, { ...STOP, signal: "SIGINT" }, "signalled", "SIGINT"],
  ["an obedient one", dies, LADDER, "exited", "SIGHUP"],
  ["a zombie", rots, LADDER, "exited", "SIGHUP"],
  ["a stubborn one", resists, LADDER, "killed", "SIGHUP SIGTERM SIGKILL"],
  [
    "a stubborn one of kill",
    resists,
    { ...LADDER, first: "SIGTERM" },
    "killed",
    "SIGTERM SIGKILL",
  ],
  ["one that cannot end", stays, LADDER, "survived", "SIGHUP SIGTERM SIGKILL"],
  ["--now", dies, { ...STOP, now: true }, "killed", "SIGKILL"],
  ["--now that fails", stays, { ...STOP, now: true }, "survived", "SIGKILL"],
  ["one whose pid changes hands", isReplaced, LADDER, "recycled", "SIGHUP"],
];

for (const [name, answer, options, outcome, signals] of RUNGS) {
  for (const tree of [false, true]) {
    test(`endAgents ${tree ? "with the tree " : ""}of ${name} says ${outcome}`, async () => {
      const machine = makeMachine(answer);
      const report = await endOne(machine, { ...options, tree });
      // A look at the tree sees what a plain signal does not wait for.
      const seen = tree && outcome === "signalled" && answer === dies;
      assert.equal(report.outcome, seen ? "exited" : outcome);
      assert.equal(report.signals.join(" "), signals);
      assert.deepEqual(report.entry, makeEntry());
      assert.deepEqual([report.members, report.spared], [[], []]);
      assert.deepEqual(
        machine.signals,
        report.signals.map((signal) => [PID, signal]),
      );
      assert.equal(machine.text(STORE), formatStore(makeEntry()));
    });
  }
}

test("endAgents gives each step its time, and no more", async () => {
  const machine = makeMachine(stays);
  const sent: [string, number][] = [];
  const start = machine.clock;
  await endOne(machine, {
    ...LADDER,
    onStep: ({ signal, pids, entry }) => {
      assert.deepEqual([pids, entry.id], [[PID], ID]);
      sent.push([signal, machine.clock - start]);
    },
  });
  assert.deepEqual(sent, [["SIGHUP", 0], ["SIGTERM", WAIT], [
    "SIGKILL",
    2 * WAIT,
  ]]);
  assert.equal(machine.clock - start, 2 * WAIT + KILL_WAIT_MS);
});

test("endAgents stops waiting soon after the end", async () => {
  const machine = makeMachine(stays);
  const start = machine.clock;
  const waits: number[] = [];
  machine.onSleep = (elapsed) => {
    if (elapsed >= 1000) machine.processes.delete(PID);
  };
  const report = await endOne(machine, {
    ...LADDER,
    onWait: (remaining) => waits.push(remaining),
  });
  assert.equal(report.outcome, "exited");
  assert.ok(machine.clock - start < 1200, `${machine.clock - start} ms`);
  assert.equal(waits[0], WAIT);
  assert.deepEqual(waits, waits.toSorted((a, b) => b - a));
});

test("endAgents takes the steps of several agents together", async () => {
  const machine = makeMachine(resists);
  addProcess(machine, 5000, dies, { markers: { ZAG_PROCESS_ID: OTHER_ID } });
  const entries = [makeEntry(), makeEntry({ id: OTHER_ID, pid: 5000 })];
  const start = machine.clock;
  const reports = await end(machine, LADDER, entries);
  assert.deepEqual(reports.map(({ outcome }) => outcome), ["killed", "exited"]);
  assert.ok(machine.clock - start < 2 * WAIT + 100);
});

test("endAgents signals a process once that two entries name", async () => {
  const machine = makeMachine(resists);
  const twin = makeEntry({ id: OTHER_ID, parent_process_id: ID });
  addProcess(machine, PID, resists);
  const reports = await end(machine, { ...LADDER, tree: true }, [
    makeEntry(),
    twin,
  ]);
  assert.deepEqual(reports.map(({ outcome }) => outcome), ["killed", "killed"]);
  assert.deepEqual(machine.signals.map(([, signal]) => signal), [
    "SIGHUP",
    "SIGTERM",
    "SIGKILL",
  ]);
});

test("endAgents says gone of what ended before its signal", async () => {
  const machine = makeMachine(dies);
  const context = createContext(machine);
  const judged = await judgeEntries(context, [makeEntry()]);
  machine.processes.delete(PID);
  const [report] = await endAgents(context, judged, LADDER);
  assert.deepEqual([report?.outcome, report?.signals], ["gone", []]);
});

for (const timeoutMs of [undefined, WAIT]) {
  test(`endAgents spares what got the pid after the judgement (${timeoutMs})`, async () => {
    const machine = makeMachine(dies);
    const context = createContext(machine);
    const judged = await judgeEntries(context, [makeEntry()]);
    isReplaced(machine, PID, "SIGHUP");
    const [report] = await endAgents(context, judged, { ...STOP, timeoutMs });
    assert.deepEqual([report?.outcome, report?.signals], ["recycled", []]);
    assert.deepEqual(machine.signals, []);
  });
}

test("endAgents reports a signal that is denied, and takes no further step", async () => {
  const machine = makeMachine(stays);
  machine.onCall = (name) => {
    if (name === "signal") throw systemError("EPERM");
  };
  const report = await endOne(machine, LADDER);
  assert.equal(report.outcome, "denied");
  assert.equal(
    report.reason,
    "operation not permitted (EPERM): it belongs to ada",
  );
  assert.equal(
    machine.calls.filter((call) => call.startsWith("signal")).length,
    1,
  );
});

test("endAgents signals nothing of which nothing proves that it is the agent", async () => {
  const machine = makeMachine(dies);
  addProcess(machine, PID, dies, { startedAt: 0 });
  const report = await endOne(machine, { ...LADDER, tree: true });
  assert.equal(report.outcome, "denied");
  assert.match(report.reason ?? "", /may not be the one that was recorded/);
  assert.deepEqual(machine.signals, []);
  const forced = await endOne(machine, { ...LADDER, unverified: true });
  assert.equal(forced.outcome, "exited");
});

test("endAgents takes no step more after an interrupt", async () => {
  const machine = makeMachine(stays);
  let arrived = false;
  const system = {
    ...machine.system,
    deferSignals: <T>(work: (arrived: () => boolean) => Promise<T>) =>
      work(() => arrived),
  };
  machine.onSleep = () => arrived = true;
  const context = { ...createContext(machine), system };
  const judged = await judgeEntries(context, [makeEntry()]);
  const [report] = await endAgents(context, judged, LADDER);
  assert.deepEqual([report?.outcome, report?.signals], ["survived", [
    "SIGHUP",
  ]]);
});

test("endAgents signals the agent of a tree first, then what it left", async () => {
  const machine = makeMachine(({ processes }) => {
    // It ends one child in order.
    processes.delete(PID);
    processes.delete(5001);
    processes.set(5002, { ...processes.get(5002), ppid: 1 } as never);
  });
  addProcess(machine, 5001, dies, { ppid: PID });
  addProcess(machine, 5002, dies, { ppid: PID });
  addProcess(machine, 5003, dies, { markers: MARKERS });
  addProcess(machine, 6000, dies);
  const report = await endOne(machine, { ...LADDER, tree: true });
  assert.deepEqual(machine.signals, [
    [PID, "SIGHUP"],
    [5002, "SIGHUP"],
    [5003, "SIGHUP"],
  ]);
  assert.deepEqual(
    report.members.map(({ pid, outcome }) => [pid, outcome]),
    [[5001, "exited"], [5002, "exited"], [5003, "exited"]],
  );
  assert.ok(machine.processes.has(6000));
});

test("endAgents gives an agent time for its children", async () => {
  const machine = makeMachine(stays);
  addProcess(machine, 5001, dies, { ppid: PID });
  const start = machine.clock;
  machine.answers.set(5001, (_, pid) => {
    assert.equal(machine.clock - start, LEAD_MS);
    machine.processes.delete(pid);
  });
  const { outcome, members } = await endOne(machine, { ...STOP, tree: true });
  assert.equal(outcome, "signalled");
  assert.deepEqual(members.map(({ outcome }) => outcome), ["exited"]);
});

test("endAgents finds what a tree gives birth to meanwhile", async () => {
  const machine = makeMachine(dies);
  let next = 5001;
  const breeds: Answer = ({ processes }, pid) => {
    processes.delete(pid);
    next++;
    if (next < 5010) addProcess(machine, next, breeds, { markers: MARKERS });
  };
  addProcess(machine, 5001, breeds, { markers: MARKERS });
  const report = await endOne(machine, { ...STOP, now: true, tree: true });
  assert.equal(report.members.length, 9);
  assert.deepEqual(
    new Set(report.members.map(({ outcome }) => outcome)),
    new Set(["killed"]),
  );
  assert.equal(machine.processes.size, 2);
});

test("endAgents gives up a tree that grows for ever", async () => {
  const machine = makeMachine(dies);
  let next = 5001;
  const breeds: Answer = ({ processes }, pid) => {
    processes.delete(pid);
    addProcess(machine, ++next, breeds, { markers: MARKERS });
  };
  addProcess(machine, next, breeds, { markers: MARKERS });
  const report = await endOne(machine, { ...STOP, now: true, tree: true });
  assert.equal(report.outcome, "killed");
  assert.ok(report.members.some(({ outcome }) => outcome === "survived"));
});

test("endAgents follows nested agents to any depth", async () => {
  const machine = makeMachine(dies);
  const [inner, third] = ["inner-0001", "third-0001"];
  machine.put(
    STORE,
    formatStore(
      makeEntry({ id: third, pid: 5002, parent_process_id: inner }),
      makeEntry(),
      makeEntry({ id: inner, pid: 5001, parent_process_id: ID }),
      makeEntry({ id: "else-0001", pid: 6000, parent_process_id: "nobody" }),
    ),
  );
  addProcess(machine, 5001, dies, { markers: { ZAG_PROCESS_ID: inner } });
  addProcess(machine, 5002, dies, { markers: { ZAG_PROCESS_ID: third } });
  addProcess(machine, 5003, dies, { markers: { ZAG_PROCESS_ID: third } });
  addProcess(machine, 6000, dies, { markers: { ZAG_PROCESS_ID: "else-0001" } });
  const { members } = await endOne(machine, { ...LADDER, tree: true });
  assert.deepEqual(members.map(({ pid }) => pid).sort(), [5001, 5002, 5003]);
  assert.ok(machine.processes.has(6000));
});

test("endAgents does not take a nested entry's word for a pid", async () => {
  const machine = makeMachine(dies);
  const inner = makeEntry({
    id: "inner-0001",
    pid: 5001,
    parent_process_id: ID,
  });
  machine.put(STORE, formatStore(makeEntry(), inner));
  addProcess(machine, 5001, dies, { startedAt: 0 });
  const { members } = await endOne(machine, { ...LADDER, tree: true });
  assert.deepEqual(members, []);
  assert.ok(machine.processes.has(5001));
});

test("endAgents names what it leaves alone, and why", async () => {
  const machine = makeMachine(dies);
  addProcess(machine, 5001, dies, {
    markers: MARKERS,
    args: ["/usr/bin/ssh-agent", "-s"],
  });
  const { spared, members } = await endOne(machine, { ...LADDER, tree: true });
  assert.deepEqual(members, []);
  assert.deepEqual(spared, [{
    pid: 5001,
    command: "ssh-agent",
    reason:
      "it is a ssh-agent: it holds keys that other programs of the user need",
  }]);
});

test("endAgents refuses what zag-ps runs in unless it is named", async () => {
  const machine = makeMachine(dies);
  addProcess(machine, 4800, dies, { ppid: PID });
  addProcess(machine, machine.system.pid, dies, { ppid: 4800 });
  await assert.rejects(
    end(machine, LADDER),
    isError(
      "refused",
      new RegExp(`zag-ps itself runs in process ${PID} .*\n.*-f id!=${ID}`),
    ),
  );
  assert.deepEqual(machine.signals, []);
  const named = { ...LADDER, tree: true, named: new Set([ID]) };
  const { outcome, members } = await endOne(machine, named);
  assert.equal(outcome, "exited");
  assert.deepEqual(members.map(({ pid }) => pid), [4800]);
  assert.ok(machine.processes.has(machine.system.pid));
});

for (const own of [ID, OTHER_ID]) {
  test(`endAgents refuses what the mark of zag-ps names, ${own === ID ? "itself" : "or what started it"}`, async () => {
    const machine = makeMachine(dies);
    const other = makeEntry({
      id: OTHER_ID,
      pid: 4900,
      parent_process_id: ID,
    });
    machine.put(STORE, formatStore(makeEntry(), other));
    // A shell in the background lost its parent: no line leads to the agent.
    machine.env.ZAG_PROCESS_ID = own;
    await assert.rejects(
      end(machine, LADDER),
      isError("refused", new RegExp(`runs in process ${PID} `)),
    );
    assert.deepEqual(machine.signals, []);
    const named = { ...LADDER, named: new Set([ID]) };
    assert.equal((await endOne(machine, named)).outcome, "exited");
  });
}

for (const named of [false, true]) {
  test(`endAgents ${named ? "ends" : "spares"} the agents that zag-ps runs in by their entries (named: ${named})`, async () => {
    const machine = makeMachine(stays);
    // zag-ps was detached: no parent link leads to the agents.
    const [outer, inner] = ["outer-0001", "inner-0001"];
    machine.env.ZAG_PROCESS_ID = inner;
    machine.put(
      STORE,
      formatStore(
        makeEntry(),
        makeEntry({ id: outer, pid: 5001 }),
        makeEntry({ id: inner, pid: 5002, parent_process_id: outer }),
        makeEntry({ id: "other-0001", pid: 5003 }),
      ),
    );
    const pids = [5001, 5002, 5003];
    for (const [i, id] of [outer, inner, "other-0001"].entries()) {
      const markers = { ZAG_PROCESS_ID: id };
      addProcess(machine, 5001 + i, dies, { ppid: PID, markers });
    }
    const { members, spared } = await endOne(machine, {
      ...LADDER,
      tree: true,
      named: named ? new Set([ID]) : undefined,
    });
    assert.deepEqual(
      members.map(({ pid }) => pid),
      named ? pids : [5003],
    );
    assert.deepEqual(spared.map(({ pid }) => pid), named ? [] : [5001, 5002]);
    assert.deepEqual(
      pids.filter((pid) => machine.processes.has(pid)),
      named ? [] : [5001, 5002],
    );
  });
}

test("endAgents drops a member that the latest look spares", async () => {
  const machine = makeMachine(stays);
  addProcess(machine, 5001, stays, { ppid: PID });
  machine.onSleep = (elapsed) => {
    if (elapsed < 1000) return;
    const facts = machine.processes.get(5001);
    machine.processes.set(5001, { ...facts, args: ["ssh-agent"] } as never);
  };
  const { members, spared } = await endOne(machine, { ...LADDER, tree: true });
  assert.deepEqual(members, []);
  assert.deepEqual(spared.map(({ pid }) => pid), [5001]);
  assert.deepEqual(machine.signals.filter(([pid]) => pid !== PID), []);
});

test("endAgents does not wait between the steps of a timeout of 0", async () => {
  const machine = makeMachine(resists);
  addProcess(machine, 5001, resists, { ppid: PID });
  const start = machine.clock;
  const { outcome, members } = await endOne(machine, {
    ...STOP,
    timeoutMs: 0,
    tree: true,
  });
  assert.deepEqual([outcome, members[0]?.outcome], ["killed", "killed"]);
  assert.ok(machine.clock - start < 200, `${machine.clock - start} ms`);
  assert.equal(machine.signals.length, 6);
});

test("endAgents goes on by what the store said before it was garbled", async () => {
  const machine = makeMachine((machine, pid, signal) => {
    machine.put(STORE, '{"processes": [');
    resists(machine, pid, signal);
  });
  const inner = makeEntry({ id: OTHER_ID, pid: 5001, parent_process_id: ID });
  machine.put(STORE, formatStore(makeEntry(), inner));
  addProcess(machine, 5001, resists, {
    markers: { ZAG_PROCESS_ID: OTHER_ID },
  });
  const context = createContext(machine);
  // It is born only when the store cannot be read any more.
  machine.onSleep = (elapsed) => {
    if (elapsed < 1000 || machine.answers.has(5002)) return;
    addProcess(machine, 5002, dies, { markers: { ZAG_PROCESS_ID: OTHER_ID } });
  };
  const judged = await judgeEntries(context, [makeEntry()]);
  const [report] = await endAgents(context, judged, { ...LADDER, tree: true });
  assert.equal(report?.outcome, "killed");
  assert.deepEqual(
    report?.members.map(({ pid, outcome }) => [pid, outcome]),
    [[5001, "killed"], [5002, "exited"]],
  );
  assert.equal(context.warnings.length, 1);
  assert.match(context.warnings[0] ?? "", /^The store could not be read again/);
});

test("endAgents does not say that nothing was signalled after it was", async () => {
  const machine = makeMachine(stays);
  const context = createContext(machine);
  const judged = await judgeEntries(context, [makeEntry()]);
  const system = {
    ...machine.system,
    observeAll: () =>
      machine.signals.length === 0
        ? machine.system.observeAll()
        : Promise.resolve({ processes: new Map(), complete: false }),
  } as typeof machine.system;
  await assert.rejects(
    endAgents({ ...context, system }, judged, { ...LADDER, tree: true }),
    isError("unseen", /processes cannot be listed\nWith Deno/),
  );
});

test("endAgents refuses a tree where processes cannot be listed", async () => {
  const machine = makeMachine(dies);
  const context = createContext(machine);
  const judged = await judgeEntries(context, [makeEntry()]);
  const system = {
    ...machine.system,
    observeAll: () =>
      Promise.resolve({ processes: new Map(), complete: false, limit: "Dark" }),
  };
  await assert.rejects(
    endAgents({ ...context, system }, judged, { ...LADDER, tree: true }),
    isError("unseen", /^Cannot find what belongs to an agent: .*\n.*--tree/),
  );
  assert.deepEqual([context.warnings, machine.signals], [["Dark"], []]);
});

test("previewAgents finds the same and signals nothing", async () => {
  const machine = makeMachine(dies);
  addProcess(machine, 5001, dies, { ppid: PID, args: ["node", "/x/mcp.js"] });
  const context = createContext(machine);
  const judged = await judgeEntries(context, [makeEntry()]);
  const [plan] = await previewAgents(context, judged, {
    ...LADDER,
    tree: true,
  });
  assert.equal(plan?.entry.id, ID);
  assert.deepEqual(
    plan?.members.map(({ pid, command }) => [pid, command]),
    [[5001, "node mcp.js"]],
  );
  assert.deepEqual(machine.signals, []);
});
