import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import {
  carryVerdicts,
  makeRows,
  nameLaunch,
  type RecordedRow,
} from "../../scripts/record/rows.ts";
import type { Look, Sighting } from "../../scripts/record/watch.ts";

const NAMES = {
  home: "/tmp/throw-away/home",
  python: "/somewhere/python",
  source: "recorded: tool@1.0.0, tool, pipe, Linux x64, Node 24",
};
const LAUNCH = { package: "tool", command: ["tool", "run"] };

function look(changes: Partial<Look> = {}): Look {
  return {
    name: "tool",
    executable: "/usr/bin/tool",
    args: ["tool", "run"],
    cwd: "/tmp/throw-away/home/shop",
    hasTerminal: false,
    session: 700,
    markers: {},
    ppid: 600,
    ...changes,
  };
}

function sighting(
  pid: number,
  ...looks: (Partial<Look> & { times?: number })[]
): Sighting {
  return {
    pid,
    startTicks: String(pid),
    looks: looks.map(({ times = 9, ...changes }) => ({
      look: look(changes),
      times,
    })),
  };
}

test("nameLaunch tells the command, the terminal and an older Node", () => {
  const command = ["node", "<lib>/tool/main.js"];
  assert.deepEqual(
    [
      nameLaunch({ package: "tool", command }),
      nameLaunch({
        package: "tool",
        command,
        terminal: true,
        variant: "Node 20",
      }),
    ],
    ["node main.js, pipe", "node main.js, terminal, Node 20"],
  );
});

test("makeRows counts pids anew and joins them in a tree", () => {
  const rows = makeRows(LAUNCH, [
    sighting(700, {}),
    sighting(712, { ppid: 700, args: ["tool", "watch", "700", "v700", "31"] }),
  ], NAMES);
  assert.deepEqual(
    rows.map(({ name, tree, facts: { pid, ppid, session, args } }) => ({
      name,
      tree,
      ids: [pid, ppid, session],
      args,
    })),
    [
      {
        name: "tool run, pipe: tool",
        tree: "tool run, pipe",
        ids: [5001, 1200, 5001],
        args: ["tool", "run"],
      },
      {
        name: "tool run, pipe: tool, 2",
        tree: "tool run, pipe",
        ids: [5002, 5001, 5001],
        args: ["tool", "watch", "5001", "v700", "31"],
      },
    ],
  );
});

test("makeRows keeps an orphan's parent", () => {
  const [row] = makeRows(LAUNCH, [sighting(700, { ppid: 1 })], NAMES);
  assert.equal(row?.facts.ppid, 1);
});

test("makeRows turns home, Python and random ids into those of nobody", () => {
  const [row] = makeRows(LAUNCH, [
    sighting(700, {
      executable: "/somewhere/python/bin/python3.12",
      args: ["/tmp/throw-away/home/bin/tool", "--resume=" + randomUUID()],
    }),
  ], NAMES);
  assert.deepEqual(
    [row?.facts.executable, row?.facts.cwd, row?.facts.args],
    ["/usr/bin/python3.12", "/home/ada/shop", [
      "/home/ada/bin/tool",
      "--resume=00000000-0000-4000-8000-000000000001",
    ]],
  );
});

test("makeRows has a row for each program and title of a process, not for a new name alone", () => {
  const rows = makeRows(LAUNCH, [
    sighting(
      700,
      { executable: "/usr/bin/node", args: ["node", "/usr/bin/tool"] },
      {
        executable: "/usr/bin/node",
        args: ["node", "/usr/bin/tool"],
        name: "MainThread",
      },
      { executable: "/usr/bin/node", args: ["tool-title", ""] },
    ),
  ], NAMES);
  assert.deepEqual(
    rows.map(({ name, tree, facts }) => [name, tree, facts.name]),
    [
      ["tool run, pipe: node tool, at first", undefined, "MainThread"],
      ["tool run, pipe: node as tool-title", "tool run, pipe", "tool"],
    ],
  );
});

test("makeRows leaves out what was seen by chance", () => {
  const rows = makeRows(LAUNCH, [
    sighting(700, { times: 2, args: ["clone"] }, {}),
    sighting(701, { times: 2 }),
    sighting(702, { executable: undefined }),
  ], NAMES);
  assert.deepEqual(rows.map(({ facts }) => facts.args), [["tool", "run"]]);
});

test("makeRows leaves out the shell that gives the terminal", () => {
  const rows = makeRows({ ...LAUNCH, terminal: true }, [
    sighting(
      700,
      { executable: "/usr/bin/dash", args: ["sh", "-c", "exec 'tool' 'run'"] },
      { hasTerminal: true },
    ),
  ], NAMES);
  assert.deepEqual(rows.map(({ facts }) => [facts.name, facts.tty]), [
    ["tool", "pts/1"],
  ]);
});

test("carryVerdicts keeps what a person said of the row of that name", () => {
  const row = (name: string): RecordedRow => ({
    name,
    source: NAMES.source,
    platform: "linux",
    facts: { pid: 5001, zombie: false },
  });
  const expect = { provider: "tool", role: "agent" } as const;
  assert.deepEqual(
    carryVerdicts([row("a"), row("b"), row("c")], [
      { ...row("a"), expect },
      { ...row("b"), expect: null },
      { ...row("d"), expect },
    ]),
    [{ ...row("a"), expect }, { ...row("b"), expect: null }, row("c")],
  );
});
