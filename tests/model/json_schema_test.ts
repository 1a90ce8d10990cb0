import assert from "node:assert/strict";
import { test } from "node:test";
import { compileSchema, SchemaError } from "../../src/model/json_schema.ts";
import { parseStrictJson } from "../../src/model/strict_json.ts";

type Documents = ReadonlyMap<string, unknown>;

function validate(
  schema: unknown,
  text: string,
  documents?: Documents,
): string[] {
  const parsed = parseStrictJson(text);
  if (!parsed.ok) assert.fail(parsed.why);
  return compileSchema(schema, documents).validate(parsed);
}

function readReason(schema: unknown, text = "1"): string {
  try {
    validate(schema, text);
  } catch (error) {
    assert.ok(error instanceof SchemaError, String(error));
    return error.message;
  }
  assert.fail("The schema was evaluated");
}

const DRAFTS: [name: string, address: string][] = [
  ["4", "http://json-schema.org/draft-04/schema"],
  ["6", "http://json-schema.org/draft-06/schema"],
  ["7", "http://json-schema.org/draft-07/schema"],
  ["2019-09", "https://json-schema.org/draft/2019-09/schema"],
  ["2020-12", "https://json-schema.org/draft/2020-12/schema"],
];

for (const [name, address] of DRAFTS) {
  for (const $schema of [address, `${address}#`]) {
    test(`compileSchema knows draft ${name} by ${$schema}`, () => {
      const schema = { $schema, type: "object", required: ["a"] };
      assert.deepEqual(validate(schema, '{"a": 1}'), []);
      assert.deepEqual(validate(schema, "{}"), ['"a" is a required property']);
      assert.match(
        readReason({ $schema, type: "nonsense" }),
        /^Invalid JSON schema: "nonsense" is not valid under any .* at \/type$/,
      );
    });
  }
}

// The value is valid in those drafts only that are named.
const DIFFERENCES: [
  name: string,
  schema: Record<string, unknown>,
  text: string,
  validIn: string[],
][] = [
  ["format", { format: "ipv4" }, '"x"', ["2019-09", "2020-12"]],
  ["const", { const: 1 }, "2", ["4"]],
  ["contains", { contains: { type: "null" } }, "[1]", ["4"]],
  ["propertyNames", { propertyNames: { maxLength: 1 } }, '{"ab": 1}', ["4"]],
  ["if", { if: {}, then: { type: "null" } }, "1", ["4", "6"]],
  ["dependentRequired", { dependentRequired: { a: ["b"] } }, '{"a": 1}', [
    "4",
    "6",
    "7",
  ]],
  ["unevaluatedProperties", { unevaluatedProperties: false }, '{"a": 1}', [
    "4",
    "6",
    "7",
  ]],
  ["prefixItems", { prefixItems: [{ type: "null" }] }, "[1]", [
    "4",
    "6",
    "7",
    "2019-09",
  ]],
  [
    "keywords beside $ref",
    { $ref: "#/definitions/a", definitions: { a: {} }, type: "null" },
    "1",
    ["4", "6", "7"],
  ],
  [
    "contentMediaType",
    { contentMediaType: "application/json" },
    '"{"',
    ["4", "2019-09", "2020-12"],
  ],
  ["contentEncoding", { contentEncoding: "base64" }, '"YQ="', [
    "4",
    "2019-09",
    "2020-12",
  ]],
];

for (const [keyword, schema, text, validIn] of DIFFERENCES) {
  test(`compileSchema applies ${keyword} by the draft`, () => {
    const found = DRAFTS.filter(([, $schema]) =>
      validate({ $schema, ...schema }, text).length === 0
    );
    assert.deepEqual(found.map(([name]) => name), validIn);
  });
}

test("compileSchema takes 2020-12 without $schema", () => {
  assert.deepEqual(validate({ prefixItems: [{ type: "null" }] }, "[1]"), [
    '1 is not of type "null" at /0',
  ]);
  assert.match(readReason({ items: [{}] }), /of types "boolean", "object"/);
});

const RIGHT: [name: string, schema: unknown, valid: string[], not: string[]][] =
  [
    ["decimal fractions", { multipleOf: 0.01 }, ["19.99", "0", "-1.1", "1e3"], [
      "0.001",
      "19.999",
    ]],
    ["huge multiples", { multipleOf: 3 }, ["3e300", "9007199254740993e2"], [
      "1e300",
    ]],
    ["equal numbers", { enum: [1, [2]] }, ["1.0", "[2e0]"], ["2", "[1]"]],
    ["members in any order", { const: { a: 1, b: 2 } }, ['{"b":2,"a":1}'], [
      '{"a":1}',
    ]],
    ["unique items", { uniqueItems: true }, ['[1,"1",[1],true]', "[]"], [
      '[{"a":1,"b":2},{"b":2,"a":1}]',
      "[0,-0]",
    ]],
    ["items that may repeat", { uniqueItems: false }, ["[1,1]"], []],
    ["no nullable", { type: "string", nullable: true }, ['"a"'], ["null"]],
    ["no nullable without type", { nullable: false }, ["null", "1"], []],
    ["no $async", { $async: true, type: "string" }, ['"a"'], ["1"]],
    ["no id", { id: "x", properties: { id: { id: "y" } } }, ['{"id":1}'], []],
    ["unknown keywords", { type: "string", "x-y": { type: 1 } }, ['"a"'], [
      "1",
    ]],
    [
      "unknown formats",
      {
        $schema: "http://json-schema.org/draft-07/schema#",
        format: "nope",
      },
      ['"a"'],
      [],
    ],
    ["patterns with needless escapes", { pattern: "^[\\w\\-]+\\_\\@$" }, [
      '"a-_@"',
    ], ['"a"']],
    [
      "several patterns",
      {
        patternProperties: {
          "^a$": { type: "null" },
          "^b$": { type: "string" },
        },
      },
      ['{"a":null,"b":""}'],
      ['{"a":""}', '{"b":null}'],
    ],
    [
      "if without then",
      {
        if: { properties: { a: { type: "string" } }, required: ["a"] },
        unevaluatedProperties: false,
      },
      ['{"a":"x"}', "{}"],
      ['{"a":1}', '{"b":1}'],
    ],
    [
      "branches before patterns",
      {
        oneOf: [{ properties: { a: { type: "string" } } }, { type: "number" }],
        patternProperties: { "^b": true },
        unevaluatedProperties: false,
      },
      ['{"a":"x","b":1}'],
      ['{"a":1,"b":1}', '{"c":1}'],
    ],
    [
      "a dynamic reference to the only candidate",
      {
        $id: "http://example.com/list",
        items: { $dynamicRef: "#item" },
        $defs: { item: { $dynamicAnchor: "item", type: "string" } },
      },
      ['["a"]'],
      ["[1]"],
    ],
    [
      "a tree",
      {
        type: "object",
        properties: { children: { items: { $ref: "#" } } },
        required: ["name"],
      },
      ['{"name":1,"children":[{"name":2}]}'],
      [
        '{"name":1,"children":[{"name":2,"children":[{}]}]}',
      ],
    ],
  ];

for (const [name, schema, valid, invalid] of RIGHT) {
  test(`compileSchema evaluates ${name}`, () => {
    for (const text of valid) {
      assert.deepEqual(validate(schema, text), [], text);
    }
    for (const text of invalid) {
      assert.notDeepEqual(validate(schema, text), [], text);
    }
  });
}

for (const key of ["__proto__", "constructor", "valueOf", "toString"]) {
  test(`compileSchema takes ${key} for a name like others`, () => {
    const make = (json: string) => JSON.parse(json.replaceAll("KEY", key));
    const member = `{"${key}":1}`;
    const invalid: [schema: string, text: string][] = [
      ['{"required":["KEY"]}', "{}"],
      ['{"properties":{"KEY":{"type":"string"}}}', member],
      ['{"additionalProperties":false}', member],
      ['{"additionalProperties":{"type":"string"}}', member],
      ['{"unevaluatedProperties":false}', member],
      [
        '{"anyOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}',
        member,
      ],
      ['{"propertyNames":{"maxLength":1}}', member],
      ['{"const":{}}', member],
      ['{"enum":[{"a":1}]}', member],
      ['{"not":{"enum":[{"KEY":1}]}}', member],
      ['{"uniqueItems":true}', `[${member},${member}]`],
      ['{"$defs":{"KEY":{"type":"string"}},"$ref":"#/$defs/KEY"}', "1"],
      ['{"dependentRequired":{"a":["KEY"]}}', '{"a":1}'],
    ];
    for (const [schema, text] of invalid) {
      assert.equal(validate(make(schema), text).length, 1, schema);
    }
    const valid: [schema: string, text: string][] = [
      ['{"required":["KEY"],"properties":{"KEY":{"type":"number"}}}', member],
      ['{"properties":{"KEY":true},"additionalProperties":false}', member],
      ['{"properties":{"KEY":true},"unevaluatedProperties":false}', member],
      [
        '{"anyOf":[{"properties":{"KEY":true}}],"unevaluatedProperties":false}',
        member,
      ],
      ['{"const":{"KEY":1}}', member],
      ['{"KEY":{"type":"string"}}', "1"],
    ];
    for (const [schema, text] of valid) {
      assert.deepEqual(validate(make(schema), text), [], schema);
    }
    assert.equal(({} as Record<string, unknown>)["type"], undefined);
    assert.deepEqual(Object.keys(Object.prototype), []);
  });
}

const chain = Array.from({ length: 60 }, (_, level) => [
  `a${level}`,
  {
    allOf: [{ $ref: `#/$defs/a${level + 1}` }, {
      $ref: `#/$defs/a${level + 1}`,
    }],
  },
]);
const cyclic: Record<string, unknown> = {};
cyclic["not"] = cyclic;
const nest = (depth: number): unknown =>
  JSON.parse('{"not":'.repeat(depth) + "{}" + "}".repeat(depth));

const UNEVALUABLE: [name: string, schema: unknown, reason: RegExp][] = [
  [
    "a number",
    5,
    /^Invalid JSON schema: 5 is not of types "boolean", "object"$/,
  ],
  ["a string", "x", /"x" is not of types/],
  ["an array", [], /\[\] is not of types/],
  [
    "a wrong limit",
    { minimum: "a" },
    /"a" is not of type "number" at \/minimum/,
  ],
  ["required twice", { required: ["a", "a"] }, /non-unique elements/],
  [
    "multiples of nothing",
    { multipleOf: 0 },
    /the minimum of 0 at \/multipleOf/,
  ],
  [
    "an error far inside",
    { properties: { "a/b": { items: { maxLength: -1 } } } },
    /-1 is less than the minimum of 0 at \/properties\/a~1b\/items\/maxLength$/,
  ],
  [
    "an unknown draft",
    { $schema: "http://example.com/own" },
    /^Invalid JSON schema: Unknown specification: http:\/\/example\.com\/own$/,
  ],
  [
    "draft 3",
    { $schema: "http://json-schema.org/draft-03/schema#" },
    /Unknown specification: http:\/\/json-schema\.org\/draft-03\/schema#$/,
  ],
  [
    "a remote reference",
    { $ref: "http://example.com/x.json#/a" },
    /^Invalid JSON schema: Resource 'http:\/\/example\.com\/x\.json' is not available: references are not fetched$/,
  ],
  [
    "a file",
    { items: { $ref: "file:///etc/passwd" } },
    /Resource 'file:\/\/\/etc\/passwd' is not available: references are not fetched$/,
  ],
  [
    "a relative reference",
    { $ref: "other.json" },
    /Resource 'other\.json' is not available: references are not fetched$/,
  ],
  ["no such pointer", { $ref: "#/a/b" }, /Pointer '\/a\/b' does not exist$/],
  ["no such anchor", { $ref: "#a" }, /Anchor 'a' does not exist$/],
  [
    "no such anchor in a named schema",
    { $id: "http://example.com/a", $ref: "#b" },
    /Anchor 'b' does not exist$/,
  ],
  [
    "look-ahead",
    { pattern: "(?=a)b" },
    /^Invalid JSON schema: Pattern "\(\?=a\)b" cannot be evaluated: look-ahead is not supported$/,
  ],
  [
    "a back-reference in patternProperties",
    { patternProperties: { "(a)\\1": { type: "null" } } },
    /Pattern "\(a\)\\\\1" cannot be evaluated: back-references/,
  ],
  [
    "an unclosed group",
    { $schema: "http://json-schema.org/draft-07/schema#", pattern: "(a" },
    /Pattern "\(a" cannot be evaluated: it has an unclosed group$/,
  ],
  ["a loop of one", { $ref: "#" }, /^Validation was given up: .*without end$/],
  [
    "a loop of two",
    {
      $ref: "#/$defs/a",
      $defs: {
        a: { $ref: "#/$defs/b" },
        b: { anyOf: [{ $ref: "#/$defs/a" }] },
      },
    },
    /^Validation was given up: .*without end$/,
  ],
  [
    "exponential references",
    {
      $ref: "#/$defs/a0",
      $defs: { ...Object.fromEntries(chain), a60: { type: "integer" } },
    },
    /^Validation was given up: it took more than 10000000 steps$/,
  ],
  [
    "exponentially many violations",
    {
      $ref: "#/$defs/a0",
      $defs: { ...Object.fromEntries(chain), a60: { type: "string" } },
    },
    /^Validation was given up: it found more than 100000 violations$/,
  ],
  ["10,000 levels", nest(10_000), /nested deeper than 127 levels$/],
  ["itself inside", cyclic, /nested deeper than 127 levels$/],
  [
    "10,000 subschemas",
    { anyOf: Array.from({ length: 10_000 }, (_, index) => ({ const: index })) },
    /^Validation was given up: the schema holds more than 5000 subschemas$/,
  ],
  ["a huge pattern", { pattern: "a".repeat(1e6) }, /longer than 20000 charac/],
  ["counted repeats", { pattern: "((a{99}){99}){99}" }, /too large$/],
  ["a bigint", { const: 5n }, /holds a bigint that JSON has not$/],
  ["a function", { const: () => 1 }, /holds a function that JSON has not$/],
  ["not a number", { minimum: NaN }, /holds a number that JSON has not$/],
  [
    "the id of a metaschema",
    { $id: "https://json-schema.org/draft/2020-12/schema" },
    /^The JSON schema cannot be evaluated: .*already exists$/,
  ],
  ["a broken reference", { $ref: "#/%zz" }, /^The JSON schema cannot be eval/],
];

for (const [name, schema, reason] of UNEVALUABLE) {
  test(`compileSchema names the fault of a schema with ${name}`, () => {
    assert.match(readReason(schema), reason);
  });
}

test("compileSchema gives up on a hundred thousand violations", () => {
  const text = JSON.stringify(Array.from({ length: 150_000 }, () => 1));
  for (const keyword of ["items", "unevaluatedItems"]) {
    assert.match(
      readReason({ [keyword]: { type: "string" } }, text),
      /^Validation was given up: it found more than 100000 violations$/,
    );
  }
});

test("compileSchema gives up on too much text for a large pattern", () => {
  const text = JSON.stringify("ab".repeat(300_000));
  assert.match(
    readReason({ pattern: "^[ab]*a[ab]{5000}c$" }, text),
    /^Validation was given up: its patterns take too long$/,
  );
});

test("compileSchema evaluates the largest schemas that it takes", () => {
  const branches = Array.from(
    { length: 2000 },
    (_, index) => ({ const: index }),
  );
  assert.deepEqual(validate({ oneOf: branches }, "1999"), []);
  assert.deepEqual(validate({ anyOf: branches }, "1999"), []);
  assert.equal(validate({ oneOf: branches }, "-1").length, 1);
  assert.deepEqual(validate(nest(100), "1"), []);
  const values = Array.from({ length: 100_000 }, (_, index) => `v${index}`);
  assert.deepEqual(validate({ enum: values }, '"v99999"'), []);
});

test("compileSchema follows references into the documents at hand only", () => {
  const documents = new Map<string, unknown>([
    ["http://example.com/word.json", {
      $defs: { word: { pattern: "^\\w+$" } },
      $ref: "#/$defs/word",
    }],
    ["http://example.com/list.json", { items: { $ref: "word.json" } }],
    ["http://example.com/own", {
      $schema: "http://json-schema.org/draft-07/schema#",
    }],
  ]);
  const schema = { $ref: "http://example.com/list.json" };
  assert.deepEqual(validate(schema, '["a"]', documents), []);
  assert.deepEqual(validate(schema, '["a b"]', documents), [
    '"a b" does not match "^\\w+$" at /0',
  ]);
  // Somebody's own metaschema tells the draft.
  assert.deepEqual(
    validate(
      { $schema: "http://example.com/own", format: "ipv4" },
      '"x"',
      documents,
    ),
    ['"x" is not a "ipv4"'],
  );
  assert.throws(
    () => validate({ $ref: "http://example.com/none" }, "1", documents),
    /Resource 'http:\/\/example\.com\/none' is not available/,
  );
});

test("compileSchema leaves the schema as it was", () => {
  const schema = {
    nullable: true,
    type: ["string"],
    if: { type: "string" },
    unevaluatedProperties: false,
    properties: JSON.parse('{"__proto__": true}'),
    $dynamicRef: "#a",
    $defs: { a: { $anchor: "a" } },
  };
  const before = JSON.stringify(schema);
  validate(schema, '"a"');
  assert.equal(JSON.stringify(schema), before);
});

test("compileSchema makes a schema that can be applied again and again", () => {
  const compiled = compileSchema({
    items: { $ref: "#/$defs/a" },
    $defs: { a: { type: "string" } },
  });
  for (
    const [text, count] of [["[1]", 1], ['["a"]', 0], ["[1, 2]", 2]] as const
  ) {
    const parsed = parseStrictJson(text);
    if (!parsed.ok) assert.fail(parsed.why);
    assert.equal(compiled.validate(parsed).length, count);
  }
});

test("compileSchema lists 50,000 violations behind references", () => {
  const schema = {
    items: { $ref: "#/$defs/a" },
    $defs: { a: { type: "string", properties: { a: { $ref: "#/$defs/a" } } } },
  };
  const text = JSON.stringify(Array.from({ length: 50_000 }, () => 1));
  assert.equal(validate(schema, text).length, 50_000);
});
