import assert from "node:assert/strict";
import { test } from "node:test";
import { toSafeJson } from "../../src/model/escape.ts";
import {
  checkResult,
  type ExitConstraints,
  stripFences,
} from "../../src/model/exit_result.ts";

const ACCEPTED = { kind: "accepted" };
const EMPTY = {
  kind: "rejected",
  rule: "hint",
  violations: ["A non-empty result is required"],
};

/** Every character of Unicode White_Space. */
const SPACE =
  "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006" +
  "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

const UNCHECKED: [
  name: string,
  constraints: ExitConstraints | null | undefined,
][] = [
  ["no constraints", undefined],
  ["null", null],
  ["an empty object", {}],
  ["nulls", { hint: null, schema: null }],
  ["undefined members", { hint: undefined, json_mode: undefined }],
  ["a blank hint", { hint: SPACE }],
  ["an empty hint and no JSON mode", { hint: "", json_mode: false }],
];

for (const [name, constraints] of UNCHECKED) {
  test(`checkResult accepts everything with ${name}`, async () => {
    for (const result of [undefined, "", " ", "not json", "\0\ud800"]) {
      assert.deepEqual(await checkResult(constraints, result), ACCEPTED);
    }
  });
}

test("checkResult wants a non-blank result where there is a hint", async () => {
  const constraints = { hint: " the answer " };
  for (const result of [undefined, "", " \n", SPACE]) {
    assert.deepEqual(await checkResult(constraints, result), EMPTY);
  }
  for (const result of ["42", " x ", "\ufeff", "\u200b", "\0"]) {
    assert.deepEqual(await checkResult(constraints, result), ACCEPTED);
  }
});

test("checkResult looks at the hint before the schema and JSON mode", async () => {
  const constraints = { hint: "a number", json_mode: true, schema: 5 };
  assert.deepEqual(await checkResult(constraints, ""), EMPTY);
});

test("checkResult wants JSON in JSON mode", async () => {
  const constraints = { json_mode: true };
  for (
    const result of ["42", '"a"', "null", " [1]\n", '```json\n{"a":1}\n```']
  ) {
    assert.deepEqual(await checkResult(constraints, result), ACCEPTED, result);
  }
  assert.deepEqual(await checkResult(constraints, "not json"), {
    kind: "rejected",
    rule: "json",
    violations: ["Invalid JSON: expected ident at line 1 column 2"],
  });
  assert.deepEqual(await checkResult(constraints, undefined), {
    kind: "rejected",
    rule: "json",
    violations: ["Invalid JSON: EOF while parsing a value at line 1 column 0"],
  });
});

test("checkResult applies the schema, whatever JSON mode says", async () => {
  for (const json_mode of [true, false, undefined]) {
    const constraints = { json_mode, schema: { type: "integer" } };
    assert.deepEqual(await checkResult(constraints, "```\n42\n```"), ACCEPTED);
    assert.deepEqual(await checkResult(constraints, '"a"'), {
      kind: "rejected",
      rule: "schema",
      violations: ['"a" is not of type "integer"'],
    });
    assert.deepEqual(await checkResult(constraints, ""), {
      kind: "rejected",
      rule: "schema",
      violations: [
        "Invalid JSON: EOF while parsing a value at line 1 column 0",
      ],
    });
  }
});

test("checkResult takes false for a schema", async () => {
  const verdict = await checkResult({ schema: false }, "1");
  assert.deepEqual(verdict, {
    kind: "rejected",
    rule: "schema",
    violations: ["False schema does not allow 1"],
  });
  assert.deepEqual(await checkResult({ schema: true }, "1"), ACCEPTED);
});

test("checkResult blames the result before the schema, as zag does", async () => {
  const verdict = await checkResult({ schema: { type: 5 } }, "x");
  assert.equal(verdict.kind, "rejected");
});

test("checkResult lists every violation", async () => {
  const schema = {
    properties: { user: { properties: { age: { type: "integer" } } } },
    required: ["name"],
    additionalProperties: false,
  };
  const verdict = await checkResult(
    { schema },
    '{"user": {"age": "abc"}, "extra": 1}',
  );
  assert.deepEqual(verdict, {
    kind: "rejected",
    rule: "schema",
    violations: [
      '"abc" is not of type "integer" at /user/age',
      "Additional properties are not allowed ('extra' was unexpected)",
      '"name" is a required property',
    ],
  });
});

const FAULTS: [name: string, schema: unknown, reason: string][] = [
  ["a number", 0, 'Invalid JSON schema: 0 is not of types "boolean", "object"'],
  [
    "an empty text",
    "",
    'Invalid JSON schema: "" is not of types "boolean", "object"',
  ],
  [
    "a remote reference",
    { $ref: "https://example.com/a.json" },
    "Invalid JSON schema: Resource 'https://example.com/a.json' is not available: references are not fetched",
  ],
  [
    "a look-ahead",
    { pattern: "^(?!x)" },
    'Invalid JSON schema: Pattern "^(?!x)" cannot be evaluated: look-ahead is not supported',
  ],
  [
    "a loop",
    { $ref: "#" },
    "Validation was given up: the schema is too large or refers to itself without end",
  ],
];

for (const [name, schema, reason] of FAULTS) {
  test(`checkResult cannot evaluate a schema with ${name}`, async () => {
    assert.deepEqual(await checkResult({ schema }, "1"), {
      kind: "unevaluable",
      reason,
    });
  });
}

test("checkResult takes documents that a reference may name", async () => {
  const documents = new Map([["http://example.com/a", { type: "string" }]]);
  const constraints = { schema: { $ref: "http://example.com/a" } };
  assert.deepEqual(
    await checkResult(constraints, '"a"', { documents }),
    ACCEPTED,
  );
  const verdict = await checkResult(constraints, "1", { documents });
  assert.equal(verdict.kind, "rejected");
});

const FENCED: [text: string, stripped: string][] = [
  ["{}", "{}"],
  [`${SPACE}{}${SPACE}`, "{}"],
  ["```json\n{}\n```", "{}"],
  ["```\n{}\n```", "{}"],
  ["```json{}```", "{}"],
  ["```{}```", "{}"],
  [" \n```json \u0085{}\u00a0 ```\n ", "{}"],
  ["```json\n{}", "{}"],
  ["```\n{}", "{}"],
  ["```json```", ""],
  ["``````", ""],
  ["```", ""],
  ["`````", "``"],
  ["```json\n{}\n``` ```", "{}\n```"],
  ["```JSON\n{}\n```", "JSON\n{}"],
  ["```js\n{}\n```", "js\n{}"],
  ["```jsonc\n{}\n```", "c\n{}"],
  ["```json5\n{}\n```", "5\n{}"],
  ["``` json\n{}\n```", "json\n{}"],
  ["~~~json\n{}\n~~~", "~~~json\n{}\n~~~"],
  ["Here:\n```json\n{}\n```", "Here:\n```json\n{}\n```"],
  ["{}\n```", "{}\n```"],
  ["\ufeff{}", "\ufeff{}"],
  ["", ""],
  [SPACE, ""],
];

for (const [text, stripped] of FENCED) {
  test(`stripFences reads ${toSafeJson(text)} as zag does`, () => {
    assert.equal(stripFences(text), stripped);
  });
}

test("stripFences takes megabytes of white space", () => {
  const space = " ".repeat(3_000_000);
  assert.equal(stripFences(`${space}a${space}b${space}`), `a${space}b`);
});

test("checkResult takes a result of ten megabytes", async () => {
  const items = Array.from({ length: 500_000 }, (_, index) => ({ index }));
  const schema = {
    type: "array",
    items: { type: "object", required: ["index"] },
  };
  const text = JSON.stringify(items).padEnd(10_000_000);
  assert.deepEqual(await checkResult({ schema }, text), ACCEPTED);
});

for (const opening of ["[", '{"a":']) {
  for (const depth of [10_000, 1_000_000]) {
    test(`checkResult rejects ${depth} times ${opening}`, async () => {
      const verdict = await checkResult({ schema: {} }, opening.repeat(depth));
      assert.equal(verdict.kind, "rejected");
    });
  }
}

test("checkResult never throws on a seeded mixture of hostile pieces", async () => {
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"__proto__"',
    '"constructor"',
    '"a"',
    "1e400",
    "-0",
    "9007199254740993",
    "null",
    '"\\ud800"',
    "\ufeff",
    "\0",
    "```",
    "```json",
    " ",
    "\ud800",
  ];
  const schemas = [
    undefined,
    {},
    { additionalProperties: false },
    { properties: { __proto__: { type: "null" } }, required: ["constructor"] },
    { items: { enum: [null, {}, []] }, uniqueItems: true },
  ];
  let state = 20261122;
  const draw = (count: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * count);
  };
  const kinds = new Set<string>();
  for (let round = 0; round < 2000; round++) {
    const text = Array.from(
      { length: draw(12) },
      () => pieces[draw(pieces.length)],
    ).join("");
    const schema = schemas[round % 20 === 0 ? draw(schemas.length) : 0];
    const verdict = await checkResult({ json_mode: true, schema }, text);
    kinds.add(verdict.kind);
  }
  assert.deepEqual([...kinds].sort(), ["accepted", "rejected"]);
  assert.deepEqual(Object.keys(Object.prototype), []);
});
