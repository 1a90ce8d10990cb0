import assert from "node:assert/strict";
import { test } from "node:test";
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
import { BASE_SESSIONS, HOME } from "../../support/zag_files.ts";

const FOUND: [
  name: string,
  files: Files,
  root: string | null,
  store: string,
][] = [
  [
    "in the store of its project",
    {
      [OWN]: [session("s")],
      [OTHER]: [session("s")],
      [BASE_SESSIONS]: [session("s")],
    },
    "/srv/app",
    OWN,
  ],
  [
    "in the store of its project, whose root is stored relative",
    {
      [`${HOME}/projects/app-/sessions.json`]: [session("s")],
      [BASE_SESSIONS]: [session("s")],
    },
    "app/",
    `${HOME}/projects/app-/sessions.json`,
  ],
  [
    "in the base store",
    {
      [OWN]: [session("t")],
      [BASE_SESSIONS]: [session("s")],
      [OTHER]: [session("t")],
    },
    "/srv/app",
    BASE_SESSIONS,
  ],
  [
    "in another project",
    {
      [OWN]: [],
      [OTHER]: [session("s")],
      [BASE_SESSIONS]: [],
    },
    "/srv/app",
    OTHER,
  ],
  [
    "in another project, without a store of its own",
    {
      [OTHER]: [session("s")],
    },
    "/srv/app",
    OTHER,
  ],
  ["without a root", { [OTHER]: [session("s")] }, null, OTHER],
  [
    "by the provider's id in its own store before another one's own id",
    {
      [OWN]: [session("a", { provider_session_id: "s" })],
      [OTHER]: [session("s")],
    },
    "/srv/app",
    OWN,
  ],
  [
    "by its id in another store before the provider's id in a third",
    {
      [BASE_SESSIONS]: [session("a", { provider_session_id: "s" })],
      [OTHER]: [session("s")],
    },
    null,
    OTHER,
  ],
  [
    "by the provider's id in another store",
    {
      [OWN]: [session("a")],
      [OTHER]: [session("a", { provider_session_id: "s" })],
    },
    "/srv/app",
    OTHER,
  ],
  [
    "beside a bad session with another id",
    {
      [OWN]: [session("a", BAD), session("s"), session("b", BAD)],
    },
    "/srv/app",
    OWN,
  ],
  [
    "beside a bad session without an id",
    {
      [OWN]: [session(5), session("s")],
    },
    "/srv/app",
    OWN,
  ],
  [
    "beside a stray file among the projects",
    {
      [`${HOME}/projects/.DS_Store`]: "x",
      [`${HOME}/projects/readme/notes.txt`]: "x",
      [OTHER]: [session("s")],
    },
    null,
    OTHER,
  ],
];

for (const [name, files, root, store] of FOUND) {
  test(`findSession finds it ${name}`, () => {
    const { found, warnings } = search(files, root);
    assert.equal(found.kind, "found");
    assert.ok(found.kind === "found");
    assert.equal(found.store, store);
    const { session_id, provider_session_id } = found.session;
    assert.ok(session_id === "s" || provider_session_id === "s");
    assert.deepEqual(warnings, []);
  });
}

test("findSession takes its id before the provider's in one store", () => {
  const byProvider = session("a", { provider_session_id: "s" });
  const { found } = search({ [OWN]: [byProvider, session("s", { x: 1 })] });
  assert.ok(found.kind === "found");
  assert.equal(found.session.session_id, "s");
});

const NONE: [name: string, files: Files, session_id?: string | null][] = [
  ["there are no files", {}, "s"],
  ["the entry names none", { [OWN]: [session("s")] }, null],
  ["the entry has no such field", { [OWN]: [session("s")] }],
  ["nobody knows the id", {
    [OWN]: [session("a"), session("b", BAD)],
    [OTHER]: [session("c", { provider_session_id: "d" })],
    [INDEX]: [indexed("e", "/x")],
  }, "s"],
  ["only a part of an id fits", { [OWN]: [session("ss")] }, "s"],
  [
    "only a stray file is among the projects",
    { [`${HOME}/projects/srv-app`]: "x", [`${HOME}/projects/y`]: "x" },
    "s",
  ],
];

for (const [name, files, ...ids] of NONE) {
  test(`findSession finds nothing where ${name}`, () => {
    const { found, warnings } = search(
      files,
      "/srv/app",
      ids.length === 0 ? {} : { session_id: ids[0] ?? null },
    );
    assert.deepEqual(found, { kind: "none" });
    assert.deepEqual(warnings, []);
  });
}
