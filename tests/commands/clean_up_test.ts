import assert from "node:assert/strict";
import { test } from "node:test";
import { cleanUp, type CleanUpOptions } from "../../src/commands/clean_up.ts";
import { PROCESS_ID_MARKER } from "../../src/model/process_facts.ts";
import { addAgent, makeCiMachine, MARKERS } from "../support/ci_machine.ts";
import {
  type EndingMachine,
  resists,
  stays,
} from "../support/ending_machine.ts";
import { createContext, ID, isError, makeEntry } from "../support/zag_files.ts";

const OPTIONS: CleanUpOptions = {
  command: "list",
  scopes: ["runner"],
  filters: [],
  includeUntracked: true,
  includeDetached: false,
  timeoutMs: 1000,
  tree: false,
  max: 50,
  dryRun: false,
};

const run = (machine: EndingMachine, options: Partial<CleanUpOptions> = {}) =>
  cleanUp(createContext(machine), { ...OPTIONS, ...options });

/** A machine with an agent of each kind: pid 301 for the first, and so on. */
function makeFull(): EndingMachine {
  const machine = makeCiMachine();
  Object.keys(MARKERS).forEach((whose, i) => addAgent(machine, 301 + i, whose));
  return machine;
}

const SCOPES: [options: Partial<CleanUpOptions>, ownerships: string[]][] = [
  [{ scopes: ["job"] }, ["this-job"]],
  [{ scopes: ["runner"] }, ["leftover"]],
  [{ scopes: ["runner"], includeDetached: true }, ["leftover", "detached"]],
  [{ scopes: ["host"], olderThan: "10s" }, ["leftover", "person"]],
  [{ scopes: ["host"], olderThan: "1m" }, []],
  [{ scopes: ["runner"], filters: ["provider=claude"] }, []],
  [{ scopes: ["runner"], filters: ["ci.run=4710"] }, ["leftover"]],
  [{ scopes: ["runner"], includeUntracked: false }, []],
  // A filter only narrows what the scope means.
  [{ scopes: ["runner"], filters: ["ownership=person"] }, []],
  [
    {
      scopes: ["runner"],
      filters: ["ownership=person", "ownership=leftover"],
    },
    ["leftover"],
  ],
];

for (const [options, ownerships] of SCOPES) {
  for (const command of ["list", "stop", "kill", "reap"] as const) {
    test(`cleanUp ${command} means by ${JSON.stringify(options)} only ${ownerships}`, async () => {
      const machine = makeFull();
      const before = [...machine.processes.keys()];
      const report = await run(machine, { ...options, command });
      assert.deepEqual(
        report.rows.map(({ ownership }) => ownership).sort(),
        ownerships.toSorted(),
      );
      const gone = before.filter((pid) => !machine.processes.has(pid));
      assert.equal(gone.length, command === "list" ? 0 : ownerships.length);
      assert.deepEqual(
        gone.sort(),
        command === "list" ? [] : report.rows.map(({ pid }) => pid).sort(),
      );
      const wanted = command === "list" ? "found" : "exited";
      assert.ok(report.rows.every(({ outcome }) => outcome === wanted));
    });

    test(`cleanUp ${command} plans by ${JSON.stringify(options)}, and signals nothing`, async () => {
      const machine = makeFull();
      const report = await run(machine, { ...options, command, dryRun: true });
      assert.equal(report.rows.length, ownerships.length);
      const wanted = command === "list" ? "found" : "planned";
      assert.ok(report.rows.every(({ outcome }) => outcome === wanted));
      assert.deepEqual(machine.signals, []);
    });
  }
}

test("cleanUp counts what is none of its business", async () => {
  const { others } = await run(makeFull(), { scopes: ["runner"] });
  assert.deepEqual([...others].sort(), [
    ["detached on purpose", 1],
    ["of other runners", 1],
    ["of persons", 1],
    ["of this job", 1],
    ["of whom nothing is known", 1],
  ]);
});

test("cleanUp says what it knows of an agent", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "leftover");
  const { rows: [row] } = await run(machine);
  assert.deepEqual(row, {
    id: "pid:301",
    pid: 301,
    provider: "codex",
    ageMs: 30_000,
    memoryBytes: 2 ** 20,
    ownership: "leftover",
    why: "it has the tracking id of another job of this runner",
    evidence: row?.evidence,
    outcome: "found",
    reason: undefined,
    runUrl: "https://github.com/acme/shop/actions/runs/4710/attempts/1",
    prompt: undefined,
  });
  assert.match(row?.evidence.join() ?? "", /codex/);
});

test("cleanUp leaves the agents of another user alone", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "leftover", undefined, { uid: 0 });
  const { rows, others } = await run(machine, { command: "kill" });
  assert.deepEqual([rows, machine.signals], [[], []]);
  assert.deepEqual([...others], [["of other users", 1]]);
});

test("cleanUp leaves the agent that zag-ps runs in alone, by its pid", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "this-job");
  const { pid } = machine.system;
  const own = machine.processes.get(pid);
  assert.ok(own);
  machine.processes.set(pid, { ...own, ppid: 301 });
  for (const command of ["stop", "kill", "reap"] as const) {
    const { rows, others } = await run(machine, { command, scopes: ["job"] });
    assert.deepEqual([rows, machine.signals], [[], []]);
    assert.deepEqual([...others], [["that zag-ps runs in", 1]]);
  }
});

test("cleanUp leaves the agent that zag-ps runs in alone, by its mark", async () => {
  const machine = makeCiMachine(makeEntry({ id: ID, pid: 301 }));
  const marked = { ...MARKERS["this-job"], [PROCESS_ID_MARKER]: ID };
  addAgent(machine, 301, "this-job", undefined, { markers: marked });
  machine.env[PROCESS_ID_MARKER] = ID;
  const { rows } = await run(machine, { command: "kill", scopes: ["job"] });
  assert.deepEqual([rows, machine.signals], [[], []]);
});

for (const command of ["stop", "kill", "reap"] as const) {
  test(`cleanUp ${command} refuses all where more than max are meant`, async () => {
    const machine = makeCiMachine();
    for (const pid of [301, 302, 303]) addAgent(machine, pid, "leftover");
    const { rows, refusal } = await run(machine, { command, max: 2 });
    assert.match(refusal ?? "", /^Nothing was signalled: 3 agents are meant/);
    assert.deepEqual(rows.map(({ outcome }) => outcome), [
      ...["refused", "refused", "refused"],
    ]);
    assert.deepEqual(machine.signals, []);
  });
}

test("cleanUp tells which agents survived", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "leftover", stays);
  addAgent(machine, 302, "leftover", resists);
  const { rows } = await run(machine, { command: "stop" });
  assert.deepEqual(
    rows.map(({ pid, outcome }) => [pid, outcome]).sort(),
    [[301, "survived"], [302, "killed"]],
  );
});

/** A program that an agent has started, and is no agent itself. */
const CHILD = {
  ppid: 301,
  name: "sleep",
  executable: "/usr/bin/sleep",
  args: ["sleep", "99"],
};

/** An agent that another one has started. */
const CLAUDE = {
  ppid: 301,
  name: "claude",
  executable: "/usr/local/bin/claude",
  args: ["claude", "-p"],
};

const BELOW: [
  whose: string,
  options: Partial<CleanUpOptions>,
  spared: boolean,
][] = [
  ["leftover", {}, false],
  ["this-job", {}, true],
  ["this-job", { scopes: ["job", "runner"] }, false],
  ["detached", {}, true],
  ["detached", { includeDetached: true }, false],
  ["other-runner", {}, true],
  ["other-runner", { id: "pid:301" }, true],
  // Servers are started with an environment that tells nothing.
  ["person", {}, false],
  ["unknown", {}, false],
];

for (const [whose, options, spared] of BELOW) {
  for (const command of ["stop", "kill", "reap"] as const) {
    if (command === "reap" && options.id !== undefined) continue;
    for (const [what, facts] of [["a program", CHILD], ["an agent", CLAUDE]]) {
      test(`cleanUp ${command} by ${JSON.stringify(options)} ${spared ? "spares" : "ends"} ${what} below a leftover that is ${whose}`, async () => {
        const machine = makeCiMachine();
        addAgent(machine, 301, "leftover");
        addAgent(machine, 302, whose, undefined, facts as typeof CHILD);
        const { rows } = await run(machine, {
          ...options,
          command,
          tree: true,
        });
        assert.ok(rows.some(({ pid }) => pid === 301));
        assert.ok(rows.every(({ outcome }) => outcome === "exited"));
        assert.deepEqual(
          [301, 302].filter((pid) => machine.processes.has(pid)),
          spared ? [302] : [],
        );
      });
    }
  }
}

test("cleanUp takes what has no tracking id for a part of the leftover that it is below", async () => {
  const machine = makeCiMachine();
  const { RUNNER_TRACKING_ID: _, ...markers } = MARKERS["leftover"] ?? {};
  addAgent(machine, 301, "leftover");
  addAgent(machine, 302, "leftover", undefined, { ...CHILD, markers });
  await run(machine, { command: "reap", tree: true });
  assert.ok(!machine.processes.has(302));
});

for (const command of ["stop", "kill", "reap"] as const) {
  test(`cleanUp ${command} says what of a tree it left alone, and why`, async () => {
    const machine = makeCiMachine();
    addAgent(machine, 301, "leftover");
    for (let pid = 302; pid < 307; pid++) {
      addAgent(machine, pid, "other-runner", undefined, CHILD);
    }
    const { rows } = await run(machine, { command, tree: true });
    assert.deepEqual(rows.map(({ outcome }) => outcome), ["exited"]);
    assert.match(
      rows[0]?.reason ?? "",
      /^of its tree left alone: 302 \(sleep: [^,]+\), 303 \(.*\), 304 \(.*\) and 2 more$/,
    );
    assert.deepEqual(machine.signals.map(([pid]) => pid), [301]);
  });
}

test("cleanUp says both what survived of a tree and what it left alone", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "leftover");
  addAgent(machine, 302, "leftover", stays, CHILD);
  addAgent(machine, 303, "detached", undefined, CHILD);
  const { rows } = await run(machine, { command: "kill", tree: true });
  assert.match(
    rows[0]?.reason ?? "",
    /^302 \(sleep\) of its tree survived; of its tree left alone: 303 \(sleep: /,
  );
});

test("cleanUp says in a dry run what of a tree it would leave alone", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "leftover");
  addAgent(machine, 302, "detached", undefined, CHILD);
  const { rows } = await run(machine, {
    ...{ command: "kill", tree: true, dryRun: true },
  });
  assert.equal(rows[0]?.outcome, "planned");
  assert.match(rows[0]?.reason ?? "", /^of its tree left alone: 302 /);
});

const ROLES: [filter: string, pids: number[]][] = [
  ["role!=server", [301]],
  ["role!=agent", []],
  ["role=server", [302]],
];

for (const [filter, pids] of ROLES) {
  test(`cleanUp means by ${filter} only ${pids}`, async () => {
    const machine = makeCiMachine();
    addAgent(machine, 301, "leftover");
    addAgent(machine, 302, "leftover", undefined, {
      args: ["codex", "app-server"],
    });
    const found = await run(machine, { filters: [filter] });
    assert.deepEqual(found.rows.map(({ pid }) => pid), pids);
  });
}

test("cleanUp tells of a process of a tree that survived", async () => {
  const machine = makeCiMachine();
  addAgent(machine, 301, "leftover");
  addAgent(machine, 302, "leftover", stays, CHILD);
  const { rows } = await run(machine, { command: "kill", tree: true });
  assert.deepEqual(rows.map(({ outcome, reason }) => [outcome, reason]), [
    ["survived", "302 (sleep) of its tree survived"],
  ]);
});

const HOST: Partial<CleanUpOptions> = { scopes: ["host"], olderThan: "10s" };

const NAMED: [
  whose: string,
  options: Partial<CleanUpOptions>,
  refusal: RegExp | undefined,
  recorded: RegExp | undefined,
][] = [
  ["this-job", {}, undefined, undefined],
  ["leftover", {}, undefined, undefined],
  ["detached", {}, /only with include-detached$/, undefined],
  ["detached", HOST, /only with include-detached$/, undefined],
  ["detached", { includeDetached: true }, undefined, undefined],
  ["person", {}, /only with scope "host" and an age$/, undefined],
  ["person", { includeDetached: true }, /scope "host" and/, undefined],
  ["person", HOST, undefined, undefined],
  ["person", { ...HOST, olderThan: "1h" }, /longer ago than 1h$/, undefined],
  ["other-runner", HOST, /which is never ended$/, /which is never ended$/],
  ["unknown", HOST, /which is never ended$/, /which is never ended$/],
];

for (const [whose, options, refusal, recorded] of NAMED) {
  for (
    const [what, id, why] of [
      ["that nobody recorded", "pid:301", refusal],
      ["that is recorded", ID, recorded],
    ] as const
  ) {
    test(`cleanUp ${why ? "refuses" : "ends"} by ${JSON.stringify(options)} an agent ${what} and is named: ${whose}`, async () => {
      const machine = id === ID
        ? makeCiMachine(makeEntry({ id: ID, pid: 301 }))
        : makeCiMachine();
      const markers = {
        ...MARKERS[whose],
        ...id === ID && { [PROCESS_ID_MARKER]: ID },
      };
      addAgent(machine, 301, whose, undefined, { markers });
      const listed = await run(machine, { ...options, id });
      assert.equal(listed.rows[0]?.outcome, "found");
      const { rows: [row] } = await run(machine, {
        ...options,
        command: "kill",
        id,
      });
      assert.equal(row?.outcome, why ? "refused" : "exited", row?.reason);
      assert.equal(machine.processes.has(301), why !== undefined);
      if (why) assert.match(row?.reason ?? "", why);
    });
  }
}

for (const whose of ["other-runner", "detached", "this-job"]) {
  test(`cleanUp leaves an agent alone whose launcher is ${whose}`, async () => {
    const machine = makeCiMachine();
    addAgent(machine, 301, whose, undefined, {
      name: "node",
      executable: "/usr/bin/node",
      args: ["node", "/usr/lib/node_modules/@openai/codex/bin/codex.js"],
    });
    addAgent(machine, 302, "leftover", undefined, { ppid: 301 });
    const { rows, others } = await run(machine, { command: "reap" });
    assert.deepEqual([rows, machine.signals], [[], []]);
    assert.equal([...others.values()].join(), "1");
  });
}

const COUNTED: [whose: string, tree: boolean, others: string[]][] = [
  ["person", true, []],
  ["person", false, ["of persons"]],
  ["detached", true, ["detached on purpose"]],
];

for (const [whose, tree, words] of COUNTED) {
  test(`cleanUp tells ${words.join() || "nothing"} of an agent below one that it ends${tree ? " with its tree" : ""}: ${whose}`, async () => {
    const machine = makeCiMachine();
    addAgent(machine, 301, "leftover");
    addAgent(machine, 302, "leftover", undefined, CHILD);
    addAgent(machine, 303, whose, undefined, { ...CLAUDE, ppid: 302 });
    const { others } = await run(machine, { command: "kill", tree });
    assert.deepEqual([...others.keys()], words);
    assert.equal(machine.processes.has(303), words.length > 0);
  });
}

test("cleanUp throws what keeps the only agent from being found", async () => {
  const machine = makeCiMachine();
  await assert.rejects(
    run(machine, { command: "kill", id: "pid:999" }),
    isError("not-found", /999/),
  );
  await assert.rejects(
    run(machine, { command: "kill", id: "abcdef" }),
    isError("not-found", /abcdef/),
  );
});

test("cleanUp refuses what may not be signalled, and ends the others", async () => {
  // Nothing proves that this process is the one that was recorded.
  const entry = makeEntry({ pid: 301, started_at: "?" });
  for (const command of ["stop", "kill", "reap"] as const) {
    const machine = makeCiMachine(entry);
    addAgent(machine, 301, "leftover", undefined, { startedAt: undefined });
    addAgent(machine, 302, "leftover");
    const { rows } = await run(machine, { command });
    assert.deepEqual(
      rows.map(({ pid, outcome }) => [pid, outcome]).sort(),
      [[301, "refused"], [302, "exited"]],
      command,
    );
    assert.ok(machine.processes.has(301));
  }
});
