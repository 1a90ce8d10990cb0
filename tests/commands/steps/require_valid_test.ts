import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionSearch } from "../../../src/commands/steps/find_session.ts";
import { requireValid } from "../../../src/commands/steps/require_valid.ts";
import { createMemory } from "../../support/memory_system.ts";
import {
  createContext,
  HOME,
  ID,
  isError,
  makeEntry,
  SESSION_ID,
} from "../../support/zag_files.ts";

const STORE = `${HOME}/sessions.json`;
const SESSION = { session_id: SESSION_ID, provider: "claude" };

async function check(
  found: SessionSearch,
  result: string | undefined,
  skip = false,
  entry = makeEntry(),
) {
  const context = createContext(createMemory());
  const circumstances = { skip, retry: "zag-ps kill self", entry };
  const session = await requireValid(context, found, result, circumstances);
  return { session, warnings: context.warnings };
}

function findWith(exit: object | null | undefined): SessionSearch {
  return { kind: "found", session: { ...SESSION, exit }, store: STORE };
}

const SCHEMA = {
  type: "object",
  required: ["name"],
  properties: {
    name: {},
    user: { properties: { age: { type: "integer" } } },
  },
};

const ACCEPTED: [
  name: string,
  exit: object | null | undefined,
  result: string | undefined,
][] = [
  ["nothing asked for", undefined, "x"],
  ["exit null", null, "x"],
  ["an empty exit", {}, undefined],
  ["a hint that is met", { hint: "words" }, "x"],
  ["a blank hint", { hint: " \n" }, undefined],
  ["JSON", { json_mode: true }, "[1]"],
  ["a schema that is met", { schema: SCHEMA }, '{"name": 1}'],
];

for (const [name, exit, result] of ACCEPTED) {
  test(`requireValid takes a result with ${name}`, async () => {
    const { session, warnings } = await check(findWith(exit), result);
    assert.deepEqual(session, { entry: { ...SESSION, exit }, store: STORE });
    assert.deepEqual(warnings, []);
  });
}

const REJECTED: [
  name: string,
  exit: object,
  result: string | undefined,
  lines: string[],
][] = [
  ["a missing result", { hint: "a\nsummary " }, undefined, [
    "Cannot terminate: a non-empty result is required",
    "Expected: a\\nsummary",
  ]],
  ["a blank result", { hint: "x", schema: SCHEMA }, " \n", [
    "Cannot terminate: a non-empty result is required",
    "Expected: x",
  ]],
  ["no JSON", { json_mode: true, hint: "numbers" }, "{", [
    "Result is not valid JSON: ",
    "It must be one JSON value: an object, array, string, number, boolean or null",
    "Expected: numbers",
  ]],
  ["every violation of a schema", { schema: SCHEMA }, '{"user":{"age":"4"}}', [
    "Result failed JSON-schema validation:",
    '  - "name" is a required property',
    '  - "4" is not of type "integer" at /user/age',
    `Schema: ${JSON.stringify(SCHEMA)}`,
  ]],
];

for (const [name, exit, result, lines] of REJECTED) {
  for (const skip of [false, true]) {
    test(`requireValid rejects ${name}, --skip-validation ${skip}`, async () => {
      await assert.rejects(check(findWith(exit), result, skip), (error) => {
        assert.ok(isError("rejected")(error));
        const { message } = error as Error;
        const all = message.split("\n");
        for (const line of lines) {
          assert.ok(all.some((other) => other.startsWith(line)), message);
        }
        assert.deepEqual(all.slice(-3), [
          "Nothing was recorded and the process is still running. Fix the result and run:",
          "  zag-ps kill self '<result>'",
          "  zag-ps kill self --file <path>",
        ]);
        return true;
      });
    });
  }
}

test("requireValid escapes what a launch and a result hold", async () => {
  const exit = { hint: "\x1b[31m", schema: { const: "\x1b\u202e" } };
  await assert.rejects(check(findWith(exit), '"\\u001b"'), (error) => {
    const { message } = error as Error;
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(message, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    assert.match(message, /^Expected: \\x1b\[31m$/m);
    assert.match(message, /^Schema: \{"const":"\\u001b\\u202e"\}$/m);
    return true;
  });
});

test("requireValid rejects by a schema that is too deep to be shown", async () => {
  let schema = {};
  for (let depth = 0; depth < 200_000; depth++) schema = { not: schema };
  await assert.rejects(
    check(findWith({ schema }), "no JSON"),
    isError("rejected", /\nSchema: [^]*\n {2}zag-ps kill self --file <path>$/),
  );
});

const UNEVALUABLE: [name: string, found: SessionSearch, reason: RegExp][] = [
  [
    "an invalid schema",
    findWith({ schema: { type: "no such type" } }),
    /schema/i,
  ],
  [
    "a reference that is not at hand",
    findWith({ schema: { $ref: "https://example.com/a.json" } }),
    /https:\/\/example\.com\/a\.json/,
  ],
  [
    "a session that cannot be read",
    {
      kind: "unreadable",
      reason: "It is torn",
      session: SESSION,
      store: STORE,
    },
    /It is torn/,
  ],
];

for (const [name, found, reason] of UNEVALUABLE) {
  test(`requireValid refuses ${name}`, async () => {
    await assert.rejects(check(found, "{}"), (error) => {
      assert.ok(isError("unevaluable", reason)(error));
      const { message } = error as Error;
      assert.match(
        message,
        /^Cannot check the result against what the launch asked for: /,
      );
      assert.match(
        message,
        /\nNothing was recorded or signalled\. Mend that, or kill with --skip-validation$/,
      );
      return true;
    });
  });

  test(`requireValid goes past ${name} if told to, and says so`, async () => {
    const { session, warnings } = await check(found, "{}", true);
    assert.equal(session?.entry.session_id, SESSION_ID);
    assert.equal(session?.store, STORE);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^Validation of the result was skipped: /);
    assert.match(warnings[0] ?? "", reason);
  });
}

test("requireValid refuses an unreadable session without a result too", async () => {
  const found: SessionSearch = {
    kind: "unreadable",
    reason: "It is torn",
    session: SESSION,
    store: STORE,
  };
  await assert.rejects(check(found, undefined), isError("unevaluable"));
});

test("requireValid rejects by the hint before it looks at a schema", async () => {
  const exit = { hint: "x", schema: { type: "no such type" } };
  await assert.rejects(check(findWith(exit), "", true), isError("rejected"));
});

test("requireValid lets a kill without session and result pass", async () => {
  const { session } = await check({ kind: "none" }, undefined);
  assert.equal(session, undefined);
});

for (const skip of [false, true]) {
  for (const result of ["", "x"]) {
    test(`requireValid never drops the result "${result}", --skip-validation ${skip}`, async () => {
      await assert.rejects(
        check({ kind: "none" }, result, skip),
        isError(
          "no-session",
          new RegExp(
            `^Cannot record the result of process ${ID}: session "${SESSION_ID}" was not found in any store below "${HOME}"\nNothing was signalled\\. `,
          ),
        ),
      );
    });
  }
}

test("requireValid says if the entry names no session", async () => {
  for (const session_id of [null, undefined]) {
    const entry = makeEntry({ session_id });
    await assert.rejects(
      check({ kind: "none" }, "x", false, entry),
      isError("no-session", /: its entry names no session\n/),
    );
  }
});
