import assert from "node:assert/strict";
import { test } from "node:test";
import { type AgentTable, findAgents } from "../../src/model/agent_table.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import type {
  AgentRole,
  Recognition,
  SeenAgent,
} from "../../src/model/seen_agent.ts";
import { BOOT_MS, byPid, makeFacts, makeInit } from "../support/ci_facts.ts";

interface Seen extends Partial<ProcessFacts> {
  /** `provider`, `provider role` or `provider launcher`. */
  is?: string;
  /** What it is if its child is surely that agent. */
  starts?: string;
}

/** A process, and what the rules say of it. */
type Process = [pid: number, ppid: number, line: string, seen?: Seen];

/** What `examine` says: the rules themselves have tests of their own. */
function recognize(is: string): Recognition {
  const [provider = "", what = "agent", confidence = "high"] = is.split(" ");
  return {
    provider,
    launcher: what === "launcher",
    ...provider === "gemini" && { relaunches: true },
    role: what === "launcher" ? "agent" : what as AgentRole,
    confidence: confidence === "medium" ? "medium" : "high",
    evidence: [`it is ${provider}`],
  };
}

function look(processes: Process[], asked: number[] = []): AgentTable {
  const known = new Map<number, Recognition>();
  const starting = new Map<number, Recognition>();
  const all = [makeInit(), makeFacts(50, 1, "-bash")];
  for (const [pid, ppid, line, { is, starts, ...facts } = {}] of processes) {
    all.push(makeFacts(pid, ppid, line, { cgroup: undefined, ...facts }));
    if (is !== undefined) known.set(pid, recognize(is));
    if (starts !== undefined) {
      starting.set(pid, { ...recognize(starts), launcher: true });
    }
  }
  return findAgents({
    processes: byPid(all),
    complete: true,
    examine: ({ pid }) => {
      asked.push(pid);
      return {
        recognition: known.get(pid),
        starting: starting.get(pid),
        trials: [],
      };
    },
    judgeOwnership: ({ pid, markers }) => ({
      kind: markers === undefined ? "unknown" : "person",
      reason: `pid ${pid}`,
    }),
  });
}

/** Each row as `launchers > pid role [of partOf]`. */
function draw({ agents }: AgentTable): string[] {
  return agents.map(({ launchers, facts, recognition, partOf }) =>
    [
      ...launchers.map(({ pid }) => `${pid} >`),
      facts.pid,
      recognition.role,
      ...partOf === undefined ? [] : ["of", partOf],
    ].join(" ")
  );
}

function row(table: AgentTable, pid: number): SeenAgent {
  const agent = table.byPid.get(pid);
  assert.ok(agent, `no agent has pid ${pid}`);
  return agent;
}

const GEMINI = "node /usr/bin/gemini -p hi";
const RELAUNCHED = "node --max-old-space-size=4096 /usr/bin/gemini -p hi";
const CODEX = "node /usr/bin/codex exec fix";
const NATIVE = "/opt/codex/codex exec fix";

const TREES: [name: string, rows: string[], processes: Process[]][] = [
  ["a lone agent", ["100 agent"], [[100, 50, "claude", { is: "claude" }]]],
  ["a launcher and its child", ["100 > 101 agent"], [
    [100, 50, CODEX, { is: "codex launcher" }],
    [101, 100, NATIVE, { is: "codex" }],
  ]],
  [
    "launchers of several levels",
    ["100 > 101 > 102 > 103 agent"],
    [
      [100, 50, "npm exec @openai/codex exec fix", { is: "codex launcher" }],
      [101, 100, "sh -c codex exec fix"],
      [102, 101, CODEX, { is: "codex launcher" }],
      [103, 102, NATIVE, { is: "codex" }],
    ],
  ],
  ["a launcher whose child is gone", ["100 agent"], [
    [100, 50, CODEX, { is: "codex launcher" }],
  ]],
  ["a launcher whose child is not recognised", ["100 agent"], [
    [100, 50, CODEX, { is: "codex launcher" }],
    [101, 100, "rg TODO"],
  ]],
  ["a launcher whose child is of another provider", [
    "100 agent",
    "101 agent",
  ], [
    [100, 50, CODEX, { is: "codex launcher" }],
    [101, 100, "claude", { is: "claude" }],
  ]],
  ["a launcher that is younger than the child", ["100 agent", "101 agent"], [
    [100, 50, CODEX, { is: "codex launcher", startedAt: BOOT_MS + 102_000 }],
    [101, 100, NATIVE, { is: "codex" }],
  ]],
  ["no shell with a script as part of a launcher", [
    "100 agent",
    "102 agent",
  ], [
    [100, 50, CODEX, { is: "codex launcher" }],
    [101, 100, "bash /opt/run.sh"],
    [102, 101, NATIVE, { is: "codex" }],
  ]],
  [
    "a launcher by its child",
    ["100 > 101 agent", "102 worker of 101", "121 server", "141 agent"],
    [
      [100, 50, "node /usr/bin/droid", { starts: "droid" }],
      [101, 100, "/opt/droid", { is: "droid" }],
      [102, 101, "/opt/droid", { is: "droid worker" }],
      // A child that does another thing, none, and one that may be another's.
      [120, 50, "node /usr/bin/droid", { starts: "droid" }],
      [121, 120, "/opt/droid", { is: "droid server" }],
      [130, 50, "sh /usr/bin/droid", { starts: "droid" }],
      [131, 130, "java -jar droid.jar"],
      [140, 50, "node /usr/bin/droid", { starts: "droid" }],
      [141, 140, "/opt/droid", { is: "droid agent medium" }],
    ],
  ],
  ["a launcher of a server", ["100 > 101 server"], [
    [100, 50, "node /usr/bin/codex app-server", { is: "codex launcher" }],
    [101, 100, "/opt/codex/codex app-server", { is: "codex server" }],
  ]],
  [
    "the agent among several children of a launcher",
    ["100 > 103 agent", "101 worker of 103", "102 agent"],
    [
      [100, 50, CODEX, { is: "codex launcher" }],
      [101, 100, "codex-worker", { is: "codex worker" }],
      [103, 100, NATIVE, { is: "codex" }],
      [102, 50, NATIVE, { is: "codex" }],
    ],
  ],
  [
    "the first of two children of a launcher",
    ["100 > 101 agent", "102 agent"],
    [
      [100, 50, CODEX, { is: "codex launcher" }],
      [101, 100, NATIVE, { is: "codex" }],
      [102, 100, NATIVE, { is: "codex" }],
    ],
  ],
  ["gemini, which starts itself anew", ["100 > 101 agent"], [
    [100, 50, GEMINI, { is: "gemini" }],
    [101, 100, RELAUNCHED, { is: "gemini" }],
  ]],
  ["gemini where no environment can be read", ["100 > 101 agent"], [
    [100, 50, GEMINI, { is: "gemini", markers: undefined }],
    [101, 100, RELAUNCHED, { is: "gemini", markers: undefined }],
  ]],
  ["gemini that starts a script of its package", [
    "100 > 101 agent",
    "110 agent",
    "111 agent",
    "120 agent",
    "121 agent",
  ], [
    [100, 50, GEMINI, { is: "gemini" }],
    [101, 100, "node /opt/gemini/cli.js -p hi", { is: "gemini" }],
    [110, 50, GEMINI, { is: "gemini" }],
    [111, 110, "node /opt/gemini/cli.js -p ho", { is: "gemini" }],
    [120, 50, "node /usr/bin/claude -p hi", { is: "claude" }],
    [121, 120, "node /opt/claude/cli.js -p hi", { is: "claude" }],
  ]],
  ["gemini with a title", ["100 > 101 agent"], [
    [100, 50, GEMINI, { is: "gemini" }],
    [101, 100, "gemini", { is: "gemini" }],
  ]],
  [
    "an agent that the shell of another became",
    ["100 > 101 agent", "102 > 103 agent"],
    [
      [100, 50, GEMINI, { is: "gemini" }],
      [101, 100, RELAUNCHED, { is: "gemini" }],
      [102, 101, GEMINI, { is: "gemini", markers: { GEMINI_CLI: "1" } }],
      [103, 102, RELAUNCHED, { is: "gemini", markers: { GEMINI_CLI: "1" } }],
    ],
  ],
  ["a nested agent with other arguments", ["100 agent", "101 agent"], [
    [100, 50, "claude -p one", { is: "claude" }],
    [101, 100, "claude -p two", { is: "claude" }],
  ]],
  ["a nested agent of unknown environment", ["100 agent", "101 agent"], [
    [100, 50, "claude", { is: "claude" }],
    [101, 100, "claude", { is: "claude", markers: undefined }],
  ]],
  ["a nested agent of another provider", ["100 agent", "102 agent"], [
    [100, 50, "claude", { is: "claude" }],
    [101, 100, "bash -c codex exec"],
    [102, 101, NATIVE, { is: "codex" }],
  ]],
  [
    "workers, helpers and servers below an agent",
    [
      "100 agent",
      "101 worker of 100",
      "103 helper of 100",
      "104 helper of 100",
      "105 server of 100",
    ],
    [
      [100, 50, "claude", { is: "claude" }],
      [101, 100, "claude --worker", { is: "claude worker" }],
      [102, 100, "bash"],
      [103, 102, "node mcp.js", { is: "mcp helper" }],
      [104, 101, "node mcp.js", { is: "mcp helper" }],
      [105, 100, "codex mcp-server", { is: "codex server" }],
    ],
  ],
  ["what is below a launcher as the agent's", [
    "100 > 101 agent",
    "102 helper of 101",
  ], [
    [100, 50, CODEX, { is: "codex launcher" }],
    [101, 100, NATIVE, { is: "codex" }],
    [102, 100, "node mcp.js", { is: "mcp helper" }],
  ]],
  ["the helper of a nested agent as its own", [
    "100 agent",
    "101 agent",
    "102 helper of 101",
  ], [
    [100, 50, "claude", { is: "claude" }],
    [101, 100, "codex exec", { is: "codex" }],
    [102, 101, "node mcp.js", { is: "mcp helper" }],
  ]],
  ["a lone server, its runner and a lone helper", [
    "100 server",
    "101 server of 100",
    "102 helper",
  ], [
    [100, 1, "ollama serve", { is: "ollama server" }],
    [101, 100, "ollama runner", { is: "ollama server" }],
    [102, 1, "node mcp.js", { is: "mcp helper" }],
  ]],
  ["agents of a supervisor", [
    "100 supervisor",
    "101 agent",
    "102 worker of 100",
  ], [
    [100, 1, "claude daemon run", { is: "claude supervisor" }],
    [101, 100, "claude", { is: "claude" }],
    [102, 100, "claude --w", { is: "claude worker" }],
  ]],
  ["no zombie", ["101 agent"], [
    [100, 50, "claude", { is: "claude", zombie: true }],
    [101, 50, "claude", { is: "claude" }],
  ]],
];

for (const [name, rows, processes] of TREES) {
  test(`findAgents knows ${name}`, () => {
    const table = look(processes);
    assert.deepEqual(draw(table).sort(), rows.toSorted());
    for (const agent of table.agents) {
      for (const { pid } of [agent.facts, ...agent.launchers]) {
        assert.equal(table.byPid.get(pid), agent);
      }
    }
  });
}

const session = (id: string) => ({ CLAUDE_CODE_SESSION_ID: id });
const recorded = (id: string) => ({ ZAG_PROCESS_ID: id });

const MARKED: [name: string, partOf: number | undefined, Process[]][] = [
  ["by the session of its agent", 100, [
    [100, 50, "claude", { is: "claude" }],
    [101, 100, "bash", { markers: session("s") }],
    [200, 1, "node mcp.js", { is: "mcp helper", markers: session("s") }],
  ]],
  ["by the session of a nested agent", 102, [
    [100, 50, "claude", { is: "claude" }],
    [101, 100, "bash", { markers: session("outer") }],
    [102, 101, "claude", { is: "claude", markers: session("outer") }],
    [103, 102, "bash", { markers: session("inner") }],
    [200, 1, "node mcp.js", { is: "mcp helper", markers: session("inner") }],
  ]],
  ["by the session of the outer agent", 100, [
    [100, 50, "claude", { is: "claude" }],
    [101, 100, "bash", { markers: session("outer") }],
    [102, 101, "codex", { is: "codex", markers: session("outer") }],
    [103, 102, "bash", { markers: session("outer") }],
    [200, 1, "node mcp.js", { is: "mcp helper", markers: session("outer") }],
  ]],
  ["to none of two agents that have one session", undefined, [
    [100, 50, "claude", { is: "claude" }],
    [101, 100, "bash", { markers: session("s") }],
    [110, 50, "claude", { is: "claude" }],
    [111, 110, "bash", { markers: session("s") }],
    [200, 1, "node mcp.js", { is: "mcp helper", markers: session("s") }],
  ]],
  ["to none by a session that no agent has", undefined, [
    [100, 50, "claude", { is: "claude" }],
    [200, 1, "node mcp.js", { is: "mcp helper", markers: session("s") }],
  ]],
  ["to none whose environment cannot be read", undefined, [
    [100, 50, "claude", { is: "claude", markers: undefined }],
    [101, 100, "bash", { markers: session("s") }],
    [200, 1, "node mcp.js", { is: "mcp helper", markers: session("s") }],
  ]],
  ["by the id that zag gave its agent", 100, [
    [100, 50, "claude", { is: "claude", markers: recorded("z") }],
    [101, 100, "codex", { is: "codex", markers: recorded("z") }],
    [200, 1, "node mcp.js", { is: "mcp helper", markers: recorded("z") }],
  ]],
  ["by the id that zag gave a launcher", 101, [
    [100, 50, CODEX, { is: "codex launcher", markers: recorded("z") }],
    [101, 100, NATIVE, { is: "codex", markers: undefined }],
    [200, 1, "node mcp.js", { is: "mcp helper", markers: recorded("z") }],
  ]],
  ["by its parent before any mark", 110, [
    [100, 50, "claude", { is: "claude", markers: recorded("z") }],
    [110, 50, "claude", { is: "claude" }],
    [200, 110, "node mcp.js", { is: "mcp helper", markers: recorded("z") }],
  ]],
];

for (const [name, partOf, processes] of MARKED) {
  test(`findAgents gives a helper ${name}`, () => {
    assert.equal(row(look(processes), 200).partOf, partOf);
  });
}

test("findAgents adds up the memory of a tree", () => {
  const table = look([
    [100, 50, CODEX, { is: "codex launcher", memoryBytes: 1 }],
    [101, 100, NATIVE, { is: "codex", memoryBytes: 10 }],
    [102, 101, "bash", { memoryBytes: 100 }],
    [103, 102, "claude", { is: "claude", memoryBytes: 1000 }],
    [104, 103, "rg", { memoryBytes: undefined }],
    [105, 103, "rg", { memoryBytes: 10_000, startedAt: BOOT_MS }],
  ]);
  assert.equal(row(table, 101).treeMemoryBytes, 1111);
  assert.equal(row(table, 103).treeMemoryBytes, 1000);
});

test("findAgents does not know the memory of what cannot be seen", () => {
  const table = look([
    [100, 50, "claude", { is: "claude", memoryBytes: undefined }],
  ]);
  assert.equal(row(table, 100).treeMemoryBytes, undefined);
});

test("findAgents ends where parent links go in a circle", () => {
  const at = { startedAt: BOOT_MS + 5000 };
  const table = look([
    [100, 101, "claude", { is: "claude", memoryBytes: 1, ...at }],
    [101, 100, "node mcp.js", { is: "mcp helper", memoryBytes: 2, ...at }],
  ]);
  assert.deepEqual(draw(table), ["100 agent", "101 helper of 100"]);
  assert.equal(row(table, 100).treeMemoryBytes, 3);
});

test("findAgents takes an orphaned launcher for an orphaned agent", () => {
  const table = look([
    [100, 1, CODEX, { is: "codex launcher", cgroup: "/a.slice/b.scope" }],
    [101, 100, NATIVE, { is: "codex" }],
    [110, 50, CODEX, { is: "codex launcher" }],
    [111, 110, NATIVE, { is: "codex" }],
  ]);
  assert.match(row(table, 101).orphan ?? "", /systemd \(pid 1\)/);
  assert.equal(row(table, 111).orphan, undefined);
});

test("findAgents reads a hidden environment off the launcher", () => {
  const table = look([
    [99, 50, "tmux", { name: "tmux: server" }],
    [100, 99, CODEX, { is: "codex launcher", markers: { TMUX_PANE: "%1" } }],
    [101, 100, NATIVE, { is: "codex", markers: undefined }],
    [102, 50, "codex", { is: "codex", markers: undefined }],
  ]);
  assert.deepEqual(row(table, 101).ownership.reason, "pid 100");
  assert.equal(row(table, 101).supervision?.name, "%1");
  assert.equal(row(table, 102).ownership.kind, "unknown");
});

test("findAgents is as sure of an agent as of its launcher", () => {
  const table = look([
    [100, 50, CODEX, { is: "codex launcher" }],
    [101, 100, NATIVE, { is: "codex agent medium" }],
    [102, 50, NATIVE, { is: "codex agent medium" }],
  ]);
  assert.equal(row(table, 101).recognition.confidence, "high");
  assert.deepEqual(row(table, 101).recognition.evidence, [
    "it is codex",
    "launcher (pid 100): it is codex",
  ]);
  assert.equal(row(table, 102).recognition.confidence, "medium");
});

test("findAgents tells the rules what is above a process, whatever their order", () => {
  const told: Record<number, string | undefined> = {};
  const all = [
    makeFacts(103, 102, "node mcp.js"),
    makeFacts(102, 101, "sh"),
    makeFacts(101, 100, "claude"),
    makeFacts(104, 100, "node mcp.js"),
    makeFacts(100, 1, "-bash"),
    makeInit(),
  ];
  const { agents } = findAgents({
    processes: byPid(all),
    complete: true,
    examine: ({ pid }, above) => {
      told[pid] = above?.provider;
      const is = pid === 101 ? "claude" : above && `${above.provider} helper`;
      return { recognition: is && recognize(is) || undefined, trials: [] };
    },
    judgeOwnership: () => ({ kind: "person", reason: "" }),
  });
  assert.deepEqual(told, {
    1: undefined,
    100: undefined,
    101: undefined,
    102: "claude",
    103: "claude",
    104: undefined,
  });
  assert.deepEqual(agents.map(({ facts }) => facts.pid), [103, 102, 101]);
});

test("findAgents examines every process once", () => {
  const asked: number[] = [];
  look([[100, 50, "claude", { is: "claude" }], [101, 100, "bash"]], asked);
  assert.deepEqual(asked, [1, 50, 100, 101]);
});

test("findAgents takes a machine of 5,000 processes", () => {
  const processes: Process[] = [];
  for (let pid = 100; pid < 5100; pid++) {
    // Fifty agents, each with a line of a hundred processes below it.
    const first = pid % 100 === 0;
    processes.push([pid, first ? 50 : pid - 1, first ? "claude" : "bash", {
      ...first && { is: "claude" },
      markers: first ? {} : session(`s${Math.floor(pid / 100)}`),
    }]);
  }
  const table = look(processes);
  assert.equal(table.agents.length, 50);
  assert.equal(row(table, 100).treeMemoryBytes, 100 * 1024);
});
