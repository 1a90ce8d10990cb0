import assert from "node:assert/strict";
import { test } from "node:test";
import { findSession } from "../../../src/commands/steps/find_session.ts";
import { createMemory, systemError } from "../../support/memory_system.ts";
import {
  BAD,
  type Files,
  INDEX,
  indexed,
  OTHER,
  OWN,
  search,
  session,
} from "../../support/session_search.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatSessions,
  HOME,
  makeEntry,
} from "../../support/zag_files.ts";

const UNREADABLE: [
  name: string,
  files: Files,
  root: string | null,
  reason: RegExp,
  store: string,
][] = [
  [
    "its own store is torn, even if another one has the session",
    { [OWN]: "{", [OTHER]: [session("s")] },
    "/srv/app",
    /^Cannot parse ".*srv-app\/sessions\.json" at line 1, column 2: /,
    OWN,
  ],
  [
    "its own store holds no sessions",
    { [OWN]: "{}" },
    "/srv/app",
    /^Cannot read ".*srv-app\/sessions\.json" at line 1, column 1: /,
    OWN,
  ],
  [
    "another store is torn and nobody else has the session",
    { [OWN]: [], [OTHER]: "{" },
    "/srv/app",
    /^Cannot parse ".*home-x\/sessions\.json" at /,
    OWN,
  ],
  [
    "the base store is torn and there is no root",
    { [BASE_SESSIONS]: "{" },
    null,
    /^Cannot parse ".*\.zag\/sessions\.json" at /,
    BASE_SESSIONS,
  ],
  [
    "the session itself is bad",
    { [OWN]: [session("a"), session("s", BAD)] },
    "/srv/app",
    /^Session 1 of ".*srv-app\/sessions\.json" cannot be read: exit: /,
    OWN,
  ],
  [
    "the session is bad in another store",
    { [OTHER]: [session("s", BAD)] },
    "/srv/app",
    /^Session 0 of ".*home-x\/sessions\.json" cannot be read: exit: /,
    OTHER,
  ],
  [
    "the session with the provider's id is bad",
    { [OWN]: [session("a", { provider_session_id: "s", ...BAD })] },
    "/srv/app",
    /^Session 0 of ".*srv-app\/sessions\.json" cannot be read: exit: /,
    OWN,
  ],
  [
    "a bad session without an id may be it",
    { [OWN]: [], [OTHER]: [session("a"), session(5)] },
    "/srv/app",
    /^Session 1 of ".*home-x\/sessions\.json" cannot be read: session_id: /,
    OWN,
  ],
];

for (const [name, files, root, reason, store] of UNREADABLE) {
  test(`findSession refuses where ${name}`, () => {
    const { found } = search(files, root);
    assert.equal(found.kind, "unreadable");
    assert.ok(found.kind === "unreadable");
    assert.match(found.reason, reason);
    assert.equal(found.store, store);
  });
}

test("findSession takes what is known of a bad session", () => {
  const log_path = `${HOME}/logs/sessions/x.jsonl`;
  const known = { provider: "codex", provider_session_id: "s", log_path };
  const { found } = search({ [OTHER]: [session("a", { ...known, ...BAD })] });
  assert.ok(found.kind === "unreadable");
  assert.deepEqual(found.session, { session_id: "a", ...known });
});

test("findSession guesses from the entry if its store is torn", () => {
  const log_path = `${HOME}/projects/srv-app/logs/sessions/s.jsonl`;
  for (const [index, log] of [[[], undefined], [[log_path], log_path]]) {
    const { found } = search({
      [OWN]: "{",
      [INDEX]: (index as string[]).map((path) => indexed("s", path)),
    });
    assert.ok(found.kind === "unreadable");
    assert.deepEqual(found.session, {
      session_id: "s",
      provider: "claude",
      log_path: log,
    });
  }
});

test("findSession does not trust the index alone, but takes its last log", () => {
  const log_path = `${HOME}/projects/home-x/logs/sessions/s.jsonl`;
  const { found } = search({
    [INDEX]: [indexed("s", "/old"), indexed("s", log_path), indexed("t", "/t")],
  });
  assert.ok(found.kind === "unreadable");
  assert.equal(
    found.reason,
    `Only the index "${INDEX}" knows the session "s"`,
  );
  assert.equal(found.session.log_path, log_path);
});

test("findSession warns of other stores that cannot be read", () => {
  const torn = `${HOME}/projects/torn/sessions.json`;
  const { found, warnings } = search({
    [torn]: "{",
    [OTHER]: [session("s")],
    [INDEX]: "[",
    [BASE_SESSIONS]: "{}",
  });
  assert.equal(found.kind, "found");
  assert.deepEqual(warnings.map((warning) => warning.split('"')[1]), [
    BASE_SESSIONS,
    torn,
    INDEX,
  ]);
});

test("findSession does not look at others if its own store has it", () => {
  const { found, warnings } = search({ [OWN]: [session("s")], [OTHER]: "{" });
  assert.equal(found.kind, "found");
  assert.deepEqual(warnings, []);
});

for (const where of ["listFolder", `readFile ${OTHER}`]) {
  test(`findSession refuses if ${where} is denied`, () => {
    const memory = createMemory();
    memory.put(OTHER, formatSessions(session("a")));
    memory.onCall = (name, [path]) => {
      if (where === name || where === `${name} ${path}`) {
        throw systemError("EACCES");
      }
    };
    const entry = makeEntry({ session_id: "s", root: null });
    const found = findSession(createContext(memory), entry);
    assert.equal(found.kind, "unreadable");
    assert.ok(found.kind === "unreadable");
    assert.match(found.reason, /^Failed to .*permission denied \(EACCES\)$/);
  });
}

test("findSession finds it beside projects that cannot be listed", () => {
  const memory = createMemory();
  memory.put(BASE_SESSIONS, formatSessions(session("s")));
  memory.onCall = (name) => {
    if (name === "listFolder") throw systemError("EACCES");
  };
  const context = createContext(memory);
  const entry = makeEntry({ session_id: "s" });
  assert.equal(findSession(context, entry).kind, "found");
  assert.deepEqual(context.warnings, [
    `Failed to list "${HOME}/projects": permission denied (EACCES)`,
  ]);
});

test("findSession escapes what it quotes", () => {
  const memory = createMemory();
  memory.put(`${HOME}/projects/\x1b[31m/sessions.json`, "{");
  const entry = makeEntry({ session_id: "s" });
  const found = findSession(createContext(memory), entry);
  assert.ok(found.kind === "unreadable");
  assert.ok(found.reason.includes("projects/\\x1b[31m/"), found.reason);
});

test("findSession treats an index that cannot be read as one that may know it", () => {
  const { found } = search({ [INDEX]: "[" }, null);
  assert.ok(found.kind === "unreadable");
  assert.match(found.reason, /sessions_index\.json/);
});

test("findSession guesses the store that has a log of the session", () => {
  const broken = ["a", "b", "c"].map((name) => `${HOME}/projects/${name}`);
  const memory = createMemory();
  for (const folder of broken) memory.put(`${folder}/sessions.json`, "{");
  memory.put(`${broken[1]}/logs/sessions/s.jsonl`, "");
  const entry = makeEntry({ session_id: "s", root: null });
  const found = findSession(createContext(memory), entry);
  assert.ok(found.kind === "unreadable");
  assert.equal(found.store, `${broken[1]}/sessions.json`);
});
