import assert from "node:assert/strict";
import { test } from "node:test";
import { openSessions } from "../../../src/commands/steps/session_lookup.ts";
import type { ProcessEntry } from "../../../src/model/process_entry.ts";
import {
  createMemory,
  type Memory,
  systemError,
} from "../../support/memory_system.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatSessions,
  HOME,
  makeEntry,
  makeSession,
} from "../../support/zag_files.ts";

const OWN = `${HOME}/projects/srv-shop/sessions.json`;
const OTHER = `${HOME}/projects/aaa/sessions.json`;
const ROOTED = makeEntry({ session_id: "s", root: "/srv/shop" });
const ROOTLESS = makeEntry({ session_id: "s" });

/** A session with the place that it is in as its name. */
function session(name: string, changes: Record<string, unknown> = {}) {
  return makeSession({ session_id: "s", name, ...changes });
}

function makeMachine(stores: Record<string, unknown[]>): Memory {
  const memory = createMemory();
  for (const [path, sessions] of Object.entries(stores)) {
    memory.put(path, formatSessions(...sessions));
  }
  return memory;
}

function find(memory: Memory, entry: ProcessEntry) {
  const context = createContext(memory);
  const found = openSessions(context).find(entry);
  const where = typeof found === "object" ? found.store : found;
  return { where, warnings: context.warnings };
}

const BAD = { session_id: "s" };
const NAMELESS = { provider: 7 };

const ROWS: [
  what: string,
  stores: Record<string, unknown[]>,
  entry: ProcessEntry,
  where: string | undefined,
  warnings: number,
][] = [
  ["nowhere", {}, ROOTED, undefined, 0],
  [
    "nowhere for an entry without one",
    { [BASE_SESSIONS]: [session("a")] },
    {
      ...ROOTED,
      session_id: null,
    },
    undefined,
    0,
  ],
  [
    "in the store of its project",
    {
      [OTHER]: [session("a")],
      [BASE_SESSIONS]: [session("b")],
      [OWN]: [session("c")],
    },
    ROOTED,
    OWN,
    0,
  ],
  [
    "in its project by the provider's id, before another by its own",
    {
      [OTHER]: [session("a")],
      [OWN]: [session("c", { session_id: "x", provider_session_id: "s" })],
    },
    ROOTED,
    OWN,
    0,
  ],
  [
    "in the base store, before the projects",
    {
      [OTHER]: [session("a")],
      [BASE_SESSIONS]: [session("b")],
    },
    ROOTLESS,
    BASE_SESSIONS,
    0,
  ],
  [
    "by its own id, before the provider's",
    {
      [BASE_SESSIONS]: [
        session("b", { session_id: "x", provider_session_id: "s" }),
      ],
      [OTHER]: [session("a")],
    },
    ROOTLESS,
    OTHER,
    0,
  ],
  [
    "by the provider's id",
    {
      [OTHER]: [session("a", { session_id: "x", provider_session_id: "s" })],
    },
    ROOTED,
    OTHER,
    0,
  ],
  ["to be unreadable", { [OTHER]: [BAD] }, ROOTLESS, "unreadable", 1],
  [
    "to be unreadable, before a readable one of the same id",
    {
      [BASE_SESSIONS]: [BAD],
      [OTHER]: [session("a")],
    },
    ROOTLESS,
    "unreadable",
    1,
  ],
  [
    "beside another one that cannot be read",
    {
      [BASE_SESSIONS]: [{ session_id: "x" }],
      [OTHER]: [session("a")],
    },
    ROOTLESS,
    OTHER,
    1,
  ],
  [
    "perhaps in one that has no readable id",
    {
      [OTHER]: [NAMELESS],
    },
    ROOTLESS,
    "unreadable",
    1,
  ],
  [
    "in spite of one that has no readable id",
    {
      [OTHER]: [NAMELESS, session("a")],
    },
    ROOTLESS,
    OTHER,
    1,
  ],
];

for (const [what, stores, entry, where, warnings] of ROWS) {
  test(`openSessions finds a session ${what}`, () => {
    const found = find(makeMachine(stores), entry);
    assert.equal(found.where, where);
    assert.equal(found.warnings.length, warnings, found.warnings.join("\n"));
  });
}

test("openSessions takes a torn store of the entry's project for its place", () => {
  const memory = makeMachine({ [OTHER]: [session("a")] });
  memory.put(OWN, "{");
  assert.equal(find(memory, ROOTED).where, "unreadable");
  // Another entry's session may be in the readable ones.
  assert.equal(find(memory, ROOTLESS).where, OTHER);
  const other = makeEntry({ session_id: "unknown" });
  const { where, warnings } = find(memory, other);
  assert.equal(where, "unreadable");
  assert.match(warnings.join(), /^Cannot parse ".*srv-shop\/sessions\.json"/);
});

test("openSessions warns of projects that it cannot list", () => {
  const memory = makeMachine({ [BASE_SESSIONS]: [session("b")] });
  memory.onCall = (name) => {
    if (name === "listFolder") throw systemError("EACCES");
  };
  assert.equal(find(memory, ROOTLESS).where, BASE_SESSIONS);
  const { where, warnings } = find(memory, makeEntry({ session_id: "x" }));
  assert.equal(where, "unreadable");
  assert.match(warnings.join(), /^Failed to list ".*\/projects": permission/);
});

test("openSessions passes over a stray file among the projects", () => {
  const memory = makeMachine({ [BASE_SESSIONS]: [session("b")] });
  memory.put(`${HOME}/projects/notes.txt`, "x");
  const { where, warnings } = find(memory, makeEntry({ session_id: "x" }));
  assert.equal(where, undefined);
  assert.deepEqual(warnings, []);
});

test("openSessions reads nothing before it is asked, and each store once", () => {
  const memory = makeMachine({
    [BASE_SESSIONS]: [session("b")],
    [OWN]: [session("c")],
  });
  const sessions = openSessions(createContext(memory));
  assert.equal(memory.calls.length, 0);
  sessions.find(ROOTED);
  sessions.find(ROOTLESS);
  assert.equal(sessions.named("c").length, 1);
  assert.equal(sessions.withId("s")?.store, BASE_SESSIONS);
  const reads = memory.calls.filter((call) => call.startsWith("readFile"));
  assert.deepEqual(reads, [`readFile ${BASE_SESSIONS}`, `readFile ${OWN}`]);
});
