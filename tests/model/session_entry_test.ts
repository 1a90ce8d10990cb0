import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeSessionIndex,
  decodeSessionStore,
} from "../../src/model/session_entry.ts";
import { formatSessions, isError, makeSession } from "../support/zag_files.ts";

const PATH = "/z/sessions.json";

test("decodeSessionStore reads sessions with all that they hold", () => {
  const session = makeSession({
    log_path: "/z/logs/sessions/x.jsonl",
    exit: { hint: "x", json_mode: true, schema: { type: "object" }, more: 1 },
    other: [1],
  });
  const store = decodeSessionStore(formatSessions(session), PATH);
  assert.deepEqual(store, { sessions: [session], bad: [] });
});

test("decodeSessionStore needs nothing that zag-ps does not use", () => {
  const session = { session_id: "s", provider: "p" };
  const store = decodeSessionStore(formatSessions(session), PATH);
  assert.deepEqual(store.sessions, [session]);
});

const GOOD: [name: string, session: string][] = [
  ["exit null", '"exit": null'],
  ["an empty exit", '"exit": {}'],
  ["hint null", '"exit": {"hint": null}'],
  ["a blank hint", '"exit": {"hint": " "}'],
  ["schema null", '"exit": {"schema": null}'],
  ["schema false", '"exit": {"schema": false}'],
  ["a schema that is none", '"exit": {"schema": 5}'],
  ["a schema with __proto__", '"exit": {"schema": {"__proto__": {}}}'],
  ["json_mode false", '"exit": {"json_mode": false}'],
  ["provider_session_id null", '"provider_session_id": null'],
  ["log_path null", '"log_path": null'],
];

for (const [name, members] of GOOD) {
  test(`decodeSessionStore takes ${name}`, () => {
    const text =
      `{"sessions": [{"session_id": "s", "provider": "p", ${members}}]}`;
    const store = decodeSessionStore(text, PATH);
    assert.deepEqual(store.bad, []);
    assert.equal(
      JSON.stringify(store.sessions),
      JSON.stringify(JSON.parse(text).sessions),
    );
  });
}

const BAD: [name: string, members: string, reason: RegExp][] = [
  ["a session_id that is a number", '"session_id": 5', /^session_id: /],
  ["a provider that is null", '"provider": null', /^provider: /],
  ["a log_path that is a number", '"log_path": 5', /^log_path: /],
  ["an exit that is a text", '"exit": "x"', /^exit: /],
  ["an exit that is true", '"exit": true', /^exit: /],
  ["an exit that is an array", '"exit": []', /^exit: .*received Array/],
  ["a hint that is a number", '"exit": {"hint": 5}', /^exit\.hint: /],
  ["a hint that is an array", '"exit": {"hint": []}', /^exit\.hint: /],
  ["json_mode null", '"exit": {"json_mode": null}', /^exit\.json_mode: /],
  ["json_mode 1", '"exit": {"json_mode": 1}', /^exit\.json_mode: /],
  ["json_mode text", '"exit": {"json_mode": "true"}', /^exit\.json_mode: /],
];

for (const [name, members, reason] of BAD) {
  test(`decodeSessionStore reports ${name}, and only that session`, () => {
    const good = JSON.stringify(makeSession());
    const bad = `{"session_id": "b", "provider": "p", ${members}}`;
    const store = decodeSessionStore(
      `{"sessions": [${good}, ${bad}, ${good}]}`,
      PATH,
    );
    assert.equal(store.sessions.length, 2);
    assert.equal(store.bad.length, 1);
    assert.equal(store.bad[0]?.index, 1);
    assert.match(store.bad[0]?.reason ?? "", reason);
  });
}

test("decodeSessionStore tells what is known of a bad session", () => {
  const known = {
    session_id: "s",
    provider: "p",
    provider_session_id: "q",
    log_path: "/l",
  };
  const bad = { ...known, exit: 5, worktree_path: "/w" };
  const text = formatSessions(
    bad,
    { session_id: 5, provider: [], exit: { session_id: "no" } },
    null,
    7,
    [],
  );
  const store = decodeSessionStore(text, PATH);
  assert.deepEqual(
    store.bad.map(({ known }) => known),
    [known, {}, {}, {}, {}],
  );
});

test("decodeSessionStore takes nothing known from a prototype", () => {
  const text =
    '{"sessions": [{"__proto__": {"session_id": "s", "provider": "p"}}]}';
  const store = decodeSessionStore(text, PATH);
  assert.deepEqual(store.sessions, []);
  assert.deepEqual(store.bad[0]?.known, {});
});

test("decodeSessionStore takes comments and trailing commas", () => {
  const text = '{"sessions": [/* x */ {"session_id": "s", "provider": "p",},]}';
  assert.equal(decodeSessionStore(text, PATH).sessions.length, 1);
});

for (const text of ["{}", "[]", '{"sessions": null}', '{"sessions": [']) {
  test(`decodeSessionStore and decodeSessionIndex refuse ${text}`, () => {
    for (const decode of [decodeSessionStore, decodeSessionIndex]) {
      assert.throws(() => decode(text, PATH), isError("store", /at line 1, /));
    }
  });
}

test("decodeSessionIndex passes over lines of another shape", () => {
  const good = {
    session_id: "s",
    project: "p",
    log_path: "/l",
    provider: "claude",
    started_at: "x",
  };
  const text = formatSessions(null, good, { ...good, log_path: null }, [], {});
  assert.deepEqual(decodeSessionIndex(text, PATH), [good]);
});
