import assert from "node:assert/strict";
import { test } from "node:test";
import {
  select,
  type Selection,
  selectOne,
} from "../../../src/commands/steps/select.ts";
import {
  createMemory,
  type Memory,
  systemError,
} from "../../support/memory_system.ts";
import {
  AGENTS,
  formatLog,
  LEAD_LOG,
  makeSelectionMachine,
  SHOP_SESSIONS,
} from "../../support/selection_machine.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatStore,
  HOME,
  isError,
  makeEntry,
  STORE,
} from "../../support/zag_files.ts";

async function selectNames(
  memory: Memory,
  selection: Partial<Selection>,
  warnings: string[] = [],
): Promise<string> {
  const context = createContext(memory);
  const rows = await select(context, {
    handles: [],
    filters: [],
    ...selection,
  });
  warnings.push(...context.warnings);
  return rows.map(({ entry }) => entry.id.split("-")[0]).join(" ");
}

const FILTERED: [filters: string[], names: string][] = [
  [["status=running"], "front back lead"],
  [["status=dead", "status=exited"], "gone done"],
  [["status!=running"], "gone done"],
  [["provider=claude", "status=running"], "front lead"],
  [["id!=back", "status=running"], "front lead"],
  [["id!=self", "status=running"], "front back"],
  [["parent=self"], "back"],
  [["ancestor=self"], "front back"],
  [["ancestor=session-lead-0001"], "front back"],
  [["ancestor!=self"], "gone done lead"],
  [["session=session-front"], "front"],
  [["session=provider-front"], "front"],
  [["session=session-lead-0001", "session=session-gone-0003"], "gone lead"],
  [["name=worker"], "front gone"],
  [["name=worker", "status=running"], "front"],
  [["name!=worker"], "back lead"],
  [["tag=ci"], "front lead"],
  [["tag=ci", "tag!=keep"], "lead"],
  [["tag!=keep"], "gone back lead".split(" ").sort().join(" ")],
  [["root=/srv/shop"], "back lead"],
  [["root!=/srv/shop"], "front"],
  [["age>1h40m"], "done lead"],
  [["age<20m"], "front"],
  [["age>9m", "age<1h"], "front back"],
  [["identity=consistent"], "front back lead"],
  [["identity=dead"], "gone done"],
  [["finished=true"], ""],
  [["provider=nobody"], ""],
];

for (const [filters, names] of FILTERED) {
  test(`select gives what [${filters.join(", ")}] means`, async () => {
    const memory = makeSelectionMachine();
    memory.env.ZAG_PROCESS_ID = "lead-0001";
    const warnings: string[] = [];
    const given = await selectNames(memory, { filters }, warnings);
    const sorted = (text: string) => text.split(" ").sort().join(" ");
    assert.equal(sorted(given), sorted(names));
    assert.deepEqual(warnings, []);
  });
}

test("select gives the newest first, judged", async () => {
  const context = createContext(makeSelectionMachine());
  const rows = await select(context, {
    handles: [],
    filters: ["age>0s"],
  });
  assert.deepEqual(
    rows.map(({ entry, verdict }) => `${entry.id} ${verdict.liveStatus}`),
    [
      "front-0005 running",
      "back-0004 running",
      "gone-0003 dead",
      "done-0002 exited",
      "lead-0001 running",
    ],
  );
});

const SELECTED: [what: string, selection: Partial<Selection>, names: string][] =
  [
    ["all", { all: true }, "front back gone done lead"],
    ["all that match", { all: true, filters: ["tag=ci"] }, "front lead"],
    ["what is older", { olderThan: "100m1s" }, "done lead"],
    ["what is older and matches", {
      olderThan: "1h",
      filters: ["status=running"],
    }, "lead"],
    [
      "ids in their order",
      { handles: ["done-0002", "front-0005"] },
      "done front",
    ],
    ["ids that match, in their order", {
      handles: ["lead", "done", "front"],
      filters: ["status=running"],
    }, "lead front"],
    [
      "ids of which none matches",
      { handles: ["done"], filters: ["tag=ci"] },
      "",
    ],
    ["one entry once", { handles: ["lead", "lead-0001", "self"] }, "lead"],
    ["a prefix", { handles: ["gone"] }, "gone"],
    ["self", { handles: ["self"] }, "lead"],
  ];

for (const [what, selection, names] of SELECTED) {
  test(`select gives ${what}`, async () => {
    const memory = makeSelectionMachine();
    memory.env.ZAG_PROCESS_ID = "lead-0001";
    assert.equal(await selectNames(memory, selection), names);
  });
}

test("select refuses to take nothing for everything", async () => {
  for (const all of [undefined, false]) {
    await assert.rejects(
      selectNames(makeSelectionMachine(), { all }),
      isError("usage", /^Nothing is selected\n/),
    );
  }
});

test("select fails for an id that is not there, beside one that is", async () => {
  await assert.rejects(
    selectNames(makeSelectionMachine(), { handles: ["lead", "nobody"] }),
    isError("not-found", /^Process not found: nobody$/),
  );
});

for (const key of ["id", "parent", "ancestor", "session"]) {
  test(`select fails for ${key}!=self outside an agent`, async () => {
    await assert.rejects(
      selectNames(makeSelectionMachine(), { filters: [`${key}!=self`] }),
      isError("not-found", /^Cannot resolve "self": ZAG_/),
    );
  });
}

test("select takes self for the agent's own session", async () => {
  const memory = makeSelectionMachine();
  memory.env.ZAG_PROCESS_ID = "lead-0001";
  memory.env.ZAG_SESSION_ID = "session-front";
  const filters = ["session=self"];
  assert.equal(await selectNames(memory, { filters }), "front");
});

for (
  const [what, selection] of [
    ["filter", { filters: ["tag=a", "stat=b"] }],
    ["duration", { olderThan: "2" }],
  ] as const
) {
  test(`select reads nothing where a ${what} cannot be understood`, async () => {
    const memory = makeSelectionMachine();
    await assert.rejects(selectNames(memory, selection), isError("usage"));
    assert.deepEqual(memory.calls, []);
  });
}

test("select takes the first of several entries with one id", async () => {
  const memory = makeSelectionMachine();
  const [lead, ...others] = AGENTS;
  const again = { ...lead, pid: 110, provider: "second" };
  memory.put(STORE, formatStore(lead, ...others, again));
  assert.equal(await selectNames(memory, { filters: ["provider=second"] }), "");
  assert.equal(await selectNames(memory, { filters: ["id=lead"] }), "lead");
});

test("select finds nothing where there is no store", async () => {
  const names = await selectNames(createMemory(), { filters: ["age>1s"] });
  assert.equal(names, "");
});

const ROOTS: [value: string, names: string][] = [
  ["/shortcut", "back lead"],
  [".", "back"],
  ["~/work", "front"],
];

for (const [value, names] of ROOTS) {
  test(`select follows the folder "${value}"`, async () => {
    const memory = makeSelectionMachine();
    for (const folder of ["/srv/shop", "/srv/shop/api"]) {
      memory.folders.add(folder);
    }
    memory.links.set("/shortcut", "/srv/shop");
    memory.links.set(".", "/srv/shop/api");
    memory.links.set("/home/ada/work", "/srv/shop2");
    memory.folders.add("/srv/shop2");
    const filters = [`root=${value}`];
    assert.equal(await selectNames(memory, { filters }), names);
  });
}

test("select refuses a relative folder that is not there", async () => {
  for (const operator of ["=", "!="]) {
    await assert.rejects(
      selectNames(makeSelectionMachine(), { filters: [`root${operator}shop`] }),
      isError("usage", /^Cannot filter by the folder "shop": .*\nWrite the/),
    );
  }
});

test("select compares folders as written that it may not look at", async () => {
  const memory = makeSelectionMachine();
  memory.onCall = (name) => {
    if (name === "realPath") throw systemError("EACCES");
  };
  const filters = ["root=/srv/shop"];
  assert.equal(await selectNames(memory, { filters }), "back lead");
});

const LOGS: [name: string, events: [string, number][], names: string][] = [
  ["a result", [["session_started", 18_000], ["session_result", 90]], "lead"],
  ["a fresh result", [["session_result", 30]], ""],
  ["a result of an earlier process", [["session_result", 18_001]], ""],
  ["a resumed session", [["session_ended", 900], ["session_started", 800]], ""],
  ["no event", [], ""],
];

for (const [name, events, names] of LOGS) {
  test(`select takes a living agent for finished by its log: ${name}`, async () => {
    const memory = makeSelectionMachine();
    memory.put(LEAD_LOG, formatLog(memory, ...events));
    const select = (filter: string) =>
      selectNames(memory, { filters: [filter] });
    assert.equal(await select("finished=true"), names);
    // Of the other living ones no log is there: nothing is known of them.
    const rest = names === "" ? "gone done lead" : "gone done";
    assert.equal(await select("finished=false"), rest);
  });
}

test("select does not know whether an agent is finished that it may not see", async () => {
  const memory = makeSelectionMachine();
  memory.processes.clear();
  memory.sight = { complete: false, limit: "It is dark" };
  for (const filter of ["finished=false", "finished=true"]) {
    assert.equal(await selectNames(memory, { filters: [filter] }), "");
  }
});

test("select does not know what a log says that cannot be read", async () => {
  const memory = makeSelectionMachine();
  memory.put(LEAD_LOG, formatLog(memory, ["session_result", 90]));
  memory.onCall = (name, [path]) => {
    if (name === "readRange" && path === LEAD_LOG) throw systemError("EACCES");
  };
  for (const filter of ["finished=true", "finished=false"]) {
    const names = await selectNames(memory, { filters: [filter] });
    assert.ok(!names.includes("lead"), names);
  }
});

test("select loads no more than the filters need", async () => {
  const memory = makeSelectionMachine();
  await selectNames(memory, { filters: ["provider=codex", "status=running"] });
  assert.deepEqual(memory.calls, [
    `status ${STORE}`,
    `readFile ${STORE}`,
    "observe [object Set]",
  ]);
  memory.calls.length = 0;
  await selectNames(memory, { filters: ["provider=nobody", "tag=ci"] });
  assert.ok(!memory.calls.some((call) => call.includes("sessions.json")));
  memory.calls.length = 0;
  await selectNames(memory, { filters: ["tag=ci", "name=lead"] });
  const reads = memory.calls.filter((call) =>
    call === `readFile ${SHOP_SESSIONS}`
  );
  assert.equal(reads.length, 1);
});

test("select looks at the processes of what the store leaves alone", async () => {
  const memory = makeSelectionMachine();
  let asked: unknown;
  memory.onCall = (name, [pids]) => {
    if (name === "observe") asked = [...pids as Set<number>];
  };
  await selectNames(memory, { filters: ["provider=codex", "tag!=a"] });
  assert.deepEqual(asked, [120]);
});

test("select knows no tag where a store cannot be read, and warns", async () => {
  const memory = makeSelectionMachine();
  memory.put(BASE_SESSIONS, "{");
  const warnings: string[] = [];
  const filters = ["tag!=keep", "status=running"];
  assert.equal(await selectNames(memory, { filters }, warnings), "lead");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /^Cannot parse ".*\/\.zag\/sessions\.json"/);
});

test("select knows no tag of a session that cannot be read", async () => {
  const memory = makeSelectionMachine();
  const session = { session_id: "session-lead-0001", tags: ["keep"] };
  memory.put(SHOP_SESSIONS, JSON.stringify({ sessions: [session] }));
  const warnings: string[] = [];
  const filters = ["tag!=keep"];
  assert.equal(await selectNames(memory, { filters }, warnings), "back gone");
  assert.match(warnings.join(), /^Session 0 of ".*" cannot be read: provider/);
});

test("select takes the session of an entry's own project first", async () => {
  const memory = makeSelectionMachine();
  const elsewhere = `${HOME}/projects/aaa/sessions.json`;
  memory.put(
    elsewhere,
    (memory.text(SHOP_SESSIONS) ?? "").replace('"ci"', '"other"'),
  );
  const filters = ["tag=ci", "root=/srv/shop"];
  assert.equal(await selectNames(memory, { filters }), "lead");
  assert.equal(await selectNames(memory, { filters: ["tag=other"] }), "");
});

test("select changes nothing", async () => {
  const memory = makeSelectionMachine();
  const look = () => [...memory.files.keys()].map((path) => memory.text(path));
  const before = look();
  await selectNames(memory, { filters: ["tag=ci", "finished=false"] });
  assert.deepEqual(look(), before);
  assert.deepEqual(memory.signals, []);
});

test("selectOne gives the one entry", async () => {
  const context = createContext(makeSelectionMachine());
  const { entry, verdict } = await selectOne(context, "worker");
  assert.equal(entry.id, "front-0005");
  assert.equal(verdict.alive, true);
});

test("selectOne refuses a session with two living processes", async () => {
  const memory = makeSelectionMachine();
  const entries = AGENTS.map((entry) => ({ ...entry, session_id: "shared" }));
  memory.put(STORE, formatStore(...entries));
  await assert.rejects(
    selectOne(createContext(memory), "shared"),
    isError(
      "ambiguous",
      /^"shared" is ambiguous, it fits 3 entries:\n {2}front-0005 .*\n.*\n.*\nGive the id/,
    ),
  );
});

test("select takes entries with no date for no age", async () => {
  const memory = makeSelectionMachine();
  memory.put(STORE, formatStore(makeEntry({ started_at: "never" })));
  assert.equal(await selectNames(memory, { olderThan: "0s" }), "");
});
