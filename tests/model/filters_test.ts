import assert from "node:assert/strict";
import { test } from "node:test";
import { gatherFamily } from "../../src/model/ancestors.ts";
import { FILTER_KEYS, type Subject } from "../../src/model/filter_keys.ts";
import { matches, parseFilter } from "../../src/model/filters.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import { judge } from "../support/judged.ts";
import { isError, makeEntry } from "../support/zag_files.ts";

const NOW = Date.UTC(2026, 10, 22, 12);

const PARENT = makeEntry({
  id: "aaaaaaaa-parent",
  session_id: "parent-session",
  parent_process_id: "bbbbbbbb-top",
});
const TOP = makeEntry({ id: "bbbbbbbb-top", session_id: "top-session" });

const ENTRY = makeEntry({
  id: "cccccccc-own",
  session_id: "own-session",
  provider: "codex",
  model: "gpt=5",
  command: "exec",
  root: "/srv/shop/web",
  started_at: "2026-11-22T10:00:00+00:00",
  parent_process_id: "aaaaaaaa-parent",
  parent_session_id: "parent-session",
});

/** An entry of which all is known. */
function describe(changes: Partial<Subject> = {}): Subject {
  return {
    entry: ENTRY,
    now: NOW,
    family: () => gatherFamily([ENTRY, PARENT, TOP]),
    realPath: () => undefined,
    verdict: judge({}, { liveStatus: "running", identity: "verified" }).verdict,
    labels: { name: "Night shift", tags: ["ci", "Nightly"] },
    sessionIds: ["own-session", "provider-1"],
    finished: true,
    agent: {
      facts: { pid: ENTRY.pid, zombie: false },
      launchers: [],
      recognition: {
        provider: "claude",
        role: "agent",
        launcher: false,
        confidence: "high",
        evidence: [],
      },
      partOf: undefined,
      treeMemoryBytes: undefined,
      orphan: "its shell is gone",
      supervision: undefined,
      ownership: {
        kind: "leftover",
        reason: "another job",
        runner: "left",
        run: "77",
        job: "build",
      },
    },
    ...changes,
  };
}

function holds(filters: string[], subject = describe()): boolean {
  return matches(filters.map((text) => parseFilter(text)), subject);
}

/** Of each key: filters that match the subject, and that do not. */
const ROWS: Record<string, [yes: string[], no: string[]]> = {
  id: [
    ["id=cccccccc-own", "id=cccc", "id!=aaaaaaaa-parent", "id!=cccccccc-x"],
    ["id=ccc", "id=own", "id=cccccccc-own1", "id!=cccccccc-own", "id!=cccc"],
  ],
  status: [
    ["status=running", "status!=dead"],
    ["status=dead", "status!=running"],
  ],
  provider: [
    ["provider=codex", "provider!=Codex"],
    ["provider=Codex", "provider=code", "provider!=codex"],
  ],
  model: [
    ["model=gpt=5", "model!=gpt"],
    ["model=gpt", "model!=gpt=5"],
  ],
  command: [
    ["command=exec", "command!=run"],
    ["command=run", "command!=exec"],
  ],
  session: [
    [
      "session=own-session",
      "session=own-",
      "session=provider-1",
      "session!=parent-session",
    ],
    ["session=parent-session", "session!=own-session", "session!=provider-1"],
  ],
  name: [
    ["name=Night shift", "name!=night shift"],
    ["name=night shift", "name=Night", "name!=Night shift"],
  ],
  tag: [
    ["tag=ci", "tag=CI", "tag=nightly", "tag!=keep"],
    ["tag=c", "tag!=ci", "tag!=NIGHTLY"],
  ],
  root: [
    ["root=/srv/shop/web", "root=/srv/", "root=/", "root!=/srv/shop/w"],
    ["root=/srv/shop/web/x", "root=/srv/shop/w", "root!=/srv"],
  ],
  parent: [
    ["parent=aaaaaaaa-parent", "parent=aaaa", "parent=parent-session"],
    ["parent=bbbbbbbb-top", "parent!=aaaaaaaa-parent", "parent!=parent-sess"],
  ],
  ancestor: [
    [
      "ancestor=aaaa",
      "ancestor=bbbbbbbb-top",
      "ancestor=top-session",
      "ancestor!=cccccccc-own",
    ],
    ["ancestor=cccccccc-own", "ancestor!=bbbb", "ancestor!=parent-session"],
  ],
  age: [
    ["age>1h", "age<3h", "age>1h59m59s999ms"],
    ["age>2h", "age<2h", "age>1d", "age<15m"],
  ],
  finished: [
    ["finished=true", "finished!=false"],
    ["finished=false", "finished!=true"],
  ],
  identity: [
    ["identity=verified", "identity!=recycled"],
    ["identity=recycled", "identity!=verified"],
  ],
  role: [["role=agent", "role!=server"], ["role=worker", "role!=agent"]],
  orphan: [["orphan=true", "orphan!=false"], ["orphan=false"]],
  ownership: [
    ["ownership=leftover", "ownership!=person"],
    ["ownership=unknown", "ownership!=leftover"],
  ],
  "ci.runner": [["ci.runner=left", "ci.runner!=Left"], ["ci.runner=right"]],
  "ci.run": [["ci.run=77", "ci.run!=7"], ["ci.run=7", "ci.run!=77"]],
  "ci.job": [["ci.job=build", "ci.job!=test"], ["ci.job=test"]],
};

test("FILTER_KEYS has a row for each key that the tests know", () => {
  assert.deepEqual(FILTER_KEYS.map(({ key }) => key), Object.keys(ROWS));
});

for (const [yes, no] of Object.values(ROWS)) {
  for (const filter of yes) {
    test(`matches "${filter}"`, () => assert.equal(holds([filter]), true));
  }
  for (const filter of no) {
    test(`matches not "${filter}"`, () => {
      assert.equal(holds([filter]), false);
    });
  }
}

/** Subjects of which a fact is not known, and the keys of that fact. */
const UNKNOWN: [what: string, changes: Partial<Subject>, keys: string[]][] = [
  ["before the processes were looked at", { verdict: undefined }, [
    "status=running",
    "identity=verified",
  ]],
  ["without a session entry", { labels: undefined }, ["name=x", "tag=x"]],
  ["without a readable log", { finished: undefined }, ["finished=true"]],
];

const MISSING: [field: keyof ProcessEntry, value: unknown, filter: string][] = [
  ["model", "", "model=x"],
  ["session_id", null, "session=x"],
  ["root", null, "root=/x"],
  ["root", undefined, "root=/x"],
  ["root", "relative", "root=/x"],
  ["parent_process_id", undefined, "parent=x"],
];

for (const [what, changes, filters] of UNKNOWN) {
  for (const filter of filters) {
    test(`matches neither "${filter}" nor its contrary ${what}`, () => {
      const subject = describe(changes);
      assert.equal(holds([filter], subject), false);
      assert.equal(holds([filter.replace("=", "!=")], subject), false);
    });
  }
}

for (const [field, value, filter] of MISSING) {
  test(`matches neither "${filter}" nor its contrary where ${field} is ${value}`, () => {
    const entry = { ...ENTRY, parent_session_id: undefined, [field]: value };
    const subject = describe({ entry });
    assert.equal(holds([filter], subject), false);
    assert.equal(holds([filter.replace("=", "!=")], subject), false);
  });
}

test("matches neither side of an age that cannot be read", () => {
  const subject = describe({ entry: { ...ENTRY, started_at: "yesterday" } });
  assert.equal(holds(["age>0s"], subject), false);
  assert.equal(holds(["age<100d"], subject), false);
});

test("matches what has no parent as another's", () => {
  const subject = describe({
    entry: { ...ENTRY, parent_process_id: null, parent_session_id: null },
  });
  for (const key of ["parent", "ancestor"]) {
    assert.equal(holds([`${key}!=aaaa`], subject), true);
    assert.equal(holds([`${key}=aaaa`], subject), false);
  }
});

test("matches the known part of a line of ancestors that breaks off", () => {
  const subject = describe({ family: () => gatherFamily([ENTRY, PARENT]) });
  assert.equal(holds(["ancestor=bbbbbbbb-top"], subject), true);
  assert.equal(holds(["ancestor=somebody"], subject), false);
  assert.equal(holds(["ancestor!=somebody"], subject), false);
});

test("matches a session that a closed store may know by another id", () => {
  const subject = describe({ sessionIds: undefined });
  assert.equal(holds(["session=own-session"], subject), true);
  assert.equal(holds(["session!=provider-1"], subject), false);
});

test("matches a session that has no name and no tags", () => {
  const subject = describe({ labels: { name: undefined, tags: [] } });
  assert.equal(holds(["name!=x", "tag!=x"], subject), true);
  assert.equal(holds(["name=x"], subject), false);
});

test("matches what may not be looked at as it is shown, and no contrary", () => {
  const unseen = (liveStatus: "unknown" | "exited") =>
    describe({
      verdict: judge({}, { liveStatus, identity: "unseen" }).verdict,
    });
  assert.equal(holds(["status=unknown"], unseen("unknown")), true);
  assert.equal(holds(["identity=unseen"], unseen("unknown")), true);
  for (const filter of ["status!=running", "identity!=recycled"]) {
    assert.equal(holds([filter], unseen("unknown")), false);
  }
  // What has ended has ended, seen or not.
  assert.equal(holds(["status!=running"], unseen("exited")), true);
});

const TOGETHER: [filters: string[], match: boolean][] = [
  [[], true],
  [["provider=codex", "provider=claude"], true],
  [["provider=gemini", "provider=claude"], false],
  [["provider=codex", "command=run"], false],
  [["provider=gemini", "tag=ci", "provider=codex", "tag=x"], true],
  [["provider!=gemini", "provider!=claude"], true],
  [["provider!=gemini", "provider!=codex"], false],
  [["provider=codex", "provider!=codex"], false],
  [["provider!=codex", "provider=codex"], false],
  [["tag!=keep", "tag=x", "tag=ci"], true],
  [["tag=ci", "tag!=keep"], true],
  [["tag=ci", "tag!=nightly"], false],
  [["age>1h", "age<3h"], true],
  [["age>1h", "age<90m"], false],
  [["age<1h", "age<3h"], false],
];

for (const [filters, match] of TOGETHER) {
  test(`matches ${match ? "" : "not "}[${filters.join(", ")}] together`, () => {
    assert.equal(holds(filters), match);
  });
}

const REFUSED: [text: string, message: RegExp][] = [
  ["", /^Cannot read the filter "": It is not of the form KEY=VALUE\nKnown k/],
  ["running", /not of the form KEY=VALUE\nKnown keys: id, .*, ci\.job$/],
  ["state=x", /There is no key "state"\nKnown keys: id, status, .*, ci\.job$/],
  ["Status=x", /There is no key "Status"\nKnown keys: /],
  [" id=x", /There is no key " id"\n/],
  ["=x", /There is no key ""\n/],
  ["__proto__=x", /There is no key "__proto__"\n/],
  ["name=", /^Cannot read the filter "name=": It lacks its value$/],
  ["status=runing", /"runing" is no value of "status"\nKnown values: running,/],
  ["identity=x", /Known values: verified, consistent, .*, unseen$/],
  ["finished=yes", /Known values: true, false$/],
  ["age=2h", /"age" does not go with "="\nWrite age<VALUE or age>VALUE$/],
  ["age!=2h", /"age" does not go with "!="\n/],
  ["age>=2h", /Cannot read the duration "=2h"\n/],
  ["age>2", /^Cannot read the filter "age>2": Cannot read the duration "2"\n/],
  ["tag>a", /"tag" does not go with ">"\nWrite tag=VALUE or tag!=VALUE$/],
  ["a\x1b=b", /the filter "a\\x1b=b": There is no key "a\\x1b"/],
];

for (const [text, message] of REFUSED) {
  test(`parseFilter refuses ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseFilter(text), isError("usage", message));
  });
}

test("parseFilter cuts what is long in its message", () => {
  assert.throws(
    () => parseFilter("\u{1f916}".repeat(10_000)),
    (error: Error) =>
      error.message.length < 400 && error.message.isWellFormed(),
  );
});

test("parseFilter takes a value with operators and line breaks in it", () => {
  const { key, operator, value } = parseFilter("name=a=b!=c<d\ne");
  assert.equal(key.key, "name");
  assert.deepEqual([operator, value], ["=", "a=b!=c<d\ne"]);
});

test("parseFilter takes a key that was added to the table", () => {
  const owner = {
    key: "owner",
    kind: "text",
    help: "Who it belongs to",
    source: "store",
    read: () => ({ texts: ["ada"] }),
  } as const;
  const term = parseFilter("owner=ada", [...FILTER_KEYS, owner]);
  assert.equal(matches([term], describe()), true);
});
