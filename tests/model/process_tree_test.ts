import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import {
  findTree,
  listAncestors,
  type TreeQuestion,
} from "../../src/model/process_tree.ts";

const ID = "agent";
const INNER = "inner";
const AGENT = 100;
const OWN = 900;
const UID = 1000;

/** The start of a process is its pid, unless said otherwise. */
function make(
  pid: number,
  ppid: number,
  more: Partial<ProcessFacts> & { id?: string } = {},
): ProcessFacts {
  const { id, ...facts } = more;
  return {
    pid,
    ppid,
    zombie: false,
    startTicks: `proc:${pid}`,
    startedAt: pid,
    uid: UID,
    args: ["node"],
    markers: id === undefined ? {} : { ZAG_PROCESS_ID: id },
    ...facts,
  };
}

const INIT = make(1, 0, { uid: 0 });
const SHELL = make(50, 1);
const ROOT = make(AGENT, 50, { id: ID });
const SELF = make(OWN, 50);

function ask(
  others: ProcessFacts[],
  question: Partial<TreeQuestion> = {},
): { members: Record<number, string>; spared: Record<number, string> } {
  const all = [INIT, SHELL, ROOT, SELF, ...others];
  const { members, spared } = findTree({
    // The last one with a pid is there.
    processes: new Map(all.map((facts) => [facts.pid, facts])),
    agent: ROOT,
    ids: new Set([ID]),
    nested: [],
    known: [],
    ownPid: OWN,
    runsIn: [],
    spareAncestors: true,
    ...question,
  });
  return {
    members: Object.fromEntries(
      members.map(({ facts, via }) => [facts.pid, via]),
    ),
    spared: Object.fromEntries(
      spared.map(({ facts, reason }) => [facts.pid, reason]),
    ),
  };
}

const MEMBERS: [
  name: string,
  others: ProcessFacts[],
  members: Record<number, string>,
  question?: Partial<TreeQuestion>,
][] = [
  ["the agent alone", [], {}],
  [
    "children and their children, marked or not",
    [make(101, AGENT), make(102, 101, { id: ID }), make(103, 102)],
    { 101: "parent", 102: "parent", 103: "parent" },
  ],
  [
    "what was re-parented and carries the mark, and what hangs below it",
    [make(101, 1, { id: ID }), make(102, 101)],
    { 101: "marker", 102: "parent" },
  ],
  [
    "a child of the same clock tick",
    [make(101, AGENT, { startedAt: AGENT })],
    { 101: "parent" },
  ],
  [
    "no child that is older than its parent",
    [make(101, AGENT, { startedAt: AGENT - 1 })],
    {},
  ],
  [
    "no child whose start is not known",
    [make(101, AGENT, { startedAt: undefined })],
    {},
  ],
  [
    "neither siblings nor other marks",
    [make(101, 50), make(102, 1, { id: "other" })],
    {},
  ],
  ["no zombies", [make(101, AGENT, { zombie: true })], {}],
  [
    "what is marked where the agent is gone",
    [make(AGENT, 50, { zombie: true }), make(101, 1, { id: ID })],
    { 101: "marker" },
  ],
  [
    "nothing of the program that got the agent's pid",
    [
      make(AGENT, 50, { startTicks: "proc:777", startedAt: 90 }),
      make(
        101,
        AGENT,
      ),
    ],
    {},
  ],
  [
    "what was known before and lost its parent",
    [make(101, 1), make(102, 101)],
    { 101: "known", 102: "parent" },
    { known: [make(101, AGENT)] },
  ],
  [
    "nothing of the program that got a known pid",
    [make(101, 1, { startTicks: "proc:777" })],
    {},
    { known: [make(101, AGENT)] },
  ],
  [
    "nested agents, what is below them and what carries their mark",
    [make(200, 1), make(201, 200), make(202, 1, { id: INNER })],
    { 200: "nested", 201: "parent", 202: "marker" },
    { ids: new Set([ID, INNER]), nested: [make(200, 1)] },
  ],
  [
    "not zag-ps, and nothing below it",
    [
      make(OWN, AGENT, { id: ID }),
      make(901, OWN, { id: ID }),
    ],
    {},
    { spareAncestors: false },
  ],
  [
    "what zag-ps runs in, if the agent was named",
    [make(101, AGENT), make(OWN, 101)],
    { 101: "parent" },
    { spareAncestors: false },
  ],
  [
    "the agent that zag-ps runs in by its entry, if it was named",
    [make(101, AGENT)],
    { 101: "parent" },
    { spareAncestors: false, runsIn: [make(101, AGENT)] },
  ],
  [
    "the child of another user's process, but not that one",
    [make(101, AGENT, { uid: 0 }), make(102, 101)],
    { 102: "parent" },
  ],
  [
    "a nested agent that runs what is a daemon elsewhere",
    [make(200, AGENT, { args: ["opencode", "serve"] })],
    { 200: "nested" },
    { nested: [make(200, 1)] },
  ],
];

for (const [name, others, members, question] of MEMBERS) {
  test(`findTree finds ${name}`, () => {
    const { [AGENT]: agent, ...found } = ask(others, question).members;
    assert.deepEqual(found, members);
    const there = others.every(({ pid }) => pid !== AGENT);
    assert.equal(agent, there ? "agent" : undefined);
  });
}

const TMUX = make(300, 1, { id: ID, name: "tmux: server", args: ["tmux"] });

const SPARED: [
  name: string,
  others: ProcessFacts[],
  spared: Record<number, RegExp>,
  question?: Partial<TreeQuestion>,
][] = [
  [
    "a shared daemon that inherited the mark, and what hangs under it by the mark alone",
    [TMUX, make(301, 300, { id: ID }), make(302, 301, { id: ID })],
    {
      300: /^it is a tmux server: it holds the terminals of others/,
      301: /^it runs under another program \(tmux server\), and only its env/,
      302: /^it runs under another program \(tmux server\)/,
    },
  ],
  [
    "a shared daemon that is a child still, and what is below it",
    [
      make(300, AGENT, { args: ["ssh-agent"] }),
      make(301, 300, { id: ID }),
    ],
    { 300: /^it is a ssh-agent/, 301: /^it runs under another program/ },
  ],
  [
    "other users' processes",
    [make(101, AGENT, { uid: 0 }), make(102, 1, { uid: 33, id: ID })],
    { 101: /another user/, 102: /another user/ },
  ],
  [
    "the runner of a CI job, and what is below it",
    [
      make(101, AGENT, { args: ["/r/bin/Runner.Worker", "spawnclient"] }),
      make(102, 101),
    ],
    { 101: /^it is a GitHub runner's worker: it runs the job/ },
  ],
  [
    "the jobs of a runner that the agent has started, and that has its mark",
    [
      make(101, 1, { id: ID, args: ["/r/bin/Runner.Listener", "run"] }),
      make(102, 101, { id: ID, args: ["/r/bin/Runner.Worker", "spawnclient"] }),
      make(103, 102, { id: ID }),
      make(104, 103, { id: ID }),
    ],
    {
      101: /^it is a GitHub runner's listener/,
      102: /^it runs under another program \(GitHub runner's listener\)/,
      103: /^it runs under another program \(GitHub runner's worker\)/,
      104: /^it runs under another program \(GitHub runner's worker\)/,
    },
  ],
  [
    "what is somebody else's, and what is below it",
    [make(101, AGENT, { name: "theirs" }), make(102, 101)],
    { 101: /^it is theirs$/ },
    {
      spare: ({ pid, name }) =>
        name === "theirs" || pid === AGENT ? "it is theirs" : undefined,
    },
  ],
  [
    "what zag-ps runs in, unless the agent was named",
    [make(101, 1, { id: ID }), make(OWN, 101)],
    { 101: /^zag-ps itself runs in it/ },
  ],
  [
    "the agent that zag-ps runs in by its entry alone, and what is below it",
    [make(101, AGENT), make(102, 101)],
    { 101: /^zag-ps itself runs in it/ },
    { runsIn: [make(101, AGENT)] },
  ],
];

for (const [name, others, spared, question] of SPARED) {
  test(`findTree spares ${name}`, () => {
    const found = ask(others, question);
    assert.deepEqual(found.members, { [AGENT]: "agent" });
    assert.deepEqual(Object.keys(found.spared), Object.keys(spared));
    for (const [pid, reason] of Object.entries(spared)) {
      assert.match(found.spared[Number(pid)] ?? "", reason);
    }
  });
}

test("findTree takes a nested agent under a shared daemon", () => {
  const { members, spared } = ask([TMUX, make(301, 300, { id: INNER })], {
    ids: new Set([ID, INNER]),
    nested: [make(301, 300)],
  });
  assert.deepEqual(members, { [AGENT]: "agent", 301: "nested" });
  assert.deepEqual(Object.keys(spared), ["300"]);
});

test("findTree comes to an end where parents form a ring", () => {
  const at = { startedAt: AGENT };
  const ring = [
    make(101, AGENT, { ...at, uid: 0, ppid: 102 }),
    make(102, 101, { ...at, uid: 0 }),
    make(AGENT, 102, { id: ID }),
  ];
  assert.deepEqual(ask(ring).members, { [AGENT]: "agent" });
});

test("listAncestors lists a process and those that it runs in", () => {
  const all = [INIT, SHELL, SELF, make(5, 6), make(6, 5)];
  const processes = new Map(all.map((facts) => [facts.pid, facts]));
  assert.deepEqual([...listAncestors(processes, OWN)], [OWN, 50, 1]);
  assert.deepEqual([...listAncestors(processes, 5)], [5, 6]);
  assert.deepEqual([...listAncestors(processes, 77)], [77]);
});
