/** The agents in what real launches looked like. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type AgentTable, findAgents } from "../../src/model/agent_table.ts";
import { examineProcess } from "../../src/model/recognize_process.ts";
import {
  type ProcessFactRow,
  readProcessFactRows,
  ROW_FILES,
} from "../support/process_fact_rows.ts";

/** Rows have no start times: the order of the pids is that of the starts. */
function look(rows: readonly ProcessFactRow[]): AgentTable {
  return findAgents({
    processes: new Map(
      rows.map(({ facts }) => [
        facts.pid,
        { ...facts, sid: facts.session, startedAt: facts.pid },
      ]),
    ),
    complete: true,
    examine: (facts, above) => examineProcess(facts, undefined, above),
    judgeOwnership: () => ({ kind: "person", reason: "" }),
  });
}

/** Each row as `launchers > pid provider role [of partOf]`. */
function draw({ agents }: AgentTable): string[] {
  return agents.map(({ launchers, facts, recognition, partOf }) =>
    [
      ...launchers.map(({ pid }) => `${pid} >`),
      facts.pid,
      recognition.provider,
      recognition.role,
      ...partOf === undefined ? [] : ["of", partOf],
    ].join(" ")
  );
}

const LAUNCHES = new Map<string, ProcessFactRow[]>();
for (const file of ROW_FILES) {
  for (const row of readProcessFactRows(file)) {
    if (row.tree === undefined) continue;
    const name = `${file}: ${row.tree}`;
    LAUNCHES.set(name, [...LAUNCHES.get(name) ?? [], row]);
  }
}

/** The launchers above a row, as the rows say, the outermost first. */
function listLaunchers(
  { facts }: ProcessFactRow,
  rows: readonly ProcessFactRow[],
): number[] {
  const parent = rows.find((row) => row.facts.pid === facts.ppid);
  return parent?.expect?.role === "launcher"
    ? [...listLaunchers(parent, rows), parent.facts.pid]
    : [];
}

test("findAgents is tried on enough launches", () => {
  assert.ok(LAUNCHES.size >= 55, `${LAUNCHES.size} launches`);
});

for (const [name, rows] of LAUNCHES) {
  test(`findAgents finds in ${name} each agent once, and what started it`, () => {
    const table = look(rows);
    const wanted = rows.filter(({ expect }) =>
      expect !== null && expect.role !== "launcher"
    );
    assert.deepEqual(
      table.agents.map(({ facts, recognition, launchers }) => [
        facts.pid,
        recognition.provider,
        recognition.role,
        // A shell between two steps is listed, too, and is no row's launcher.
        launchers.map(({ pid }) => pid).filter((pid) =>
          rows.some(({ facts, expect }) => facts.pid === pid && expect !== null)
        ),
      ]).sort(),
      wanted.map((row) => [
        row.facts.pid,
        row.expect?.provider,
        row.expect?.role,
        listLaunchers(row, rows),
      ]).sort(),
    );
    for (const { facts, expect } of rows) {
      const agent = table.byPid.get(facts.pid);
      if (expect === null) continue;
      assert.equal(agent?.recognition.provider, expect.provider);
      assert.equal(agent.facts.pid !== facts.pid, expect.role === "launcher");
    }
    // One launch is one agent: all else is a part of it.
    const leading = table.agents.filter(({ partOf, recognition }) =>
      partOf === undefined && recognition.role !== "supervisor"
    );
    if (!name.includes("qwen serve")) assert.ok(leading.length <= 1);
  });
}

/** Whole pictures of some. */
const PICTURES: Record<string, string[]> = {
  "codex, terminal, Node 20": [
    "5001 > 5002 codex agent",
    "5003 codex server of 5002",
    "5004 codex supervisor",
  ],
  "codex exec hello, pipe, Node 20": ["5001 > 5002 codex agent"],
  "gemini, terminal": ["5001 > 5002 gemini agent"],
  "gemini mcp list, pipe": [],
  "copilot, terminal": ["5001 > 5002 copilot agent"],
  "opencode mcp list, pipe": ["5002 opencode helper"],
  "qwen, terminal": [
    "5001 > 5002 > 5003 qwen agent",
    "5007 qwen helper of 5003",
  ],
  // The server has no work of its own: what it started has.
  "qwen serve, pipe": [
    "5001 qwen server",
    "5002 qwen agent",
    "5003 qwen helper of 5002",
  ],
  "droid, terminal": ["5001 > 5002 droid agent"],
  "droid daemon, pipe": ["5001 > 5002 droid server"],
  "claude -p hello, pipe": [
    "5001 claude agent",
    "5002 claude helper of 5001",
    "5003 claude worker of 5001",
  ],
  "mcp-server-filesystem ., pipe": [],
};

for (const [name, picture] of Object.entries(PICTURES)) {
  test(`findAgents draws ${name} as recorded`, () => {
    const rows = LAUNCHES.get(`recorded: ${name}`);
    assert.ok(rows, "there is no such launch");
    assert.deepEqual(draw(look(rows)), picture);
  });
}
