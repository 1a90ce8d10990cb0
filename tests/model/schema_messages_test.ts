import assert from "node:assert/strict";
import { test } from "node:test";
import { compileSchema } from "../../src/model/json_schema.ts";
import { parseStrictJson } from "../../src/model/strict_json.ts";

const DRAFT_04 = "http://json-schema.org/draft-04/schema#";
const DRAFT_06 = "http://json-schema.org/draft-06/schema#";
const DRAFT_07 = "http://json-schema.org/draft-07/schema#";
const DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema";

function validate(schema: unknown, text: string): string[] {
  const parsed = parseStrictJson(text);
  if (!parsed.ok) assert.fail(parsed.why);
  return compileSchema(schema).validate(parsed);
}

// What zag 0.18.0 prints for each, in its order.
const VIOLATIONS: [
  name: string,
  schema: unknown,
  text: string,
  ...lines: string[],
][] = [
  ["type", { type: "integer" }, '"abc"', '"abc" is not of type "integer"'],
  [
    "type at a pointer",
    {
      properties: {
        user: { properties: { age: { type: "integer" } } },
      },
    },
    '{"user": {"age": "abc"}}',
    '"abc" is not of type "integer" at /user/age',
  ],
  [
    "type of several, sorted",
    { type: ["string", "null", "integer"] },
    '[1, {"b": 1, "a": 2}]',
    '[1,{"a":2,"b":1}] is not of types "integer", "null", "string"',
  ],
  ["type of one in a list", { type: ["null"] }, "1", '1 is not of type "null"'],
  [
    "type with an escaped pointer",
    { additionalProperties: { type: "null" } },
    '{"a/b~c d": [1.0]}',
    '[1.0] is not of type "null" at /a~1b~0c d',
  ],
  [
    "required",
    { required: ["k\"'\\é", "a"] },
    "{}",
    '"k\\"\'\\\\é" is a required property',
    '"a" is a required property',
  ],
  [
    "dependentRequired",
    { dependentRequired: { a: ["b", "c"] } },
    '{"a": 1}',
    '"b" is a required property',
    '"c" is a required property',
  ],
  [
    "dependencies",
    {
      $schema: DRAFT_07,
      dependencies: { a: ["b", "c"], d: { type: "array" } },
    },
    '{"a": 1, "d": 1}',
    '"b" is a required property',
    '"c" is a required property',
    '{"a":1,"d":1} is not of type "array"',
  ],
  [
    "dependentSchemas",
    { dependentSchemas: { a: { required: ["b"] } } },
    '{"a": 1}',
    '"b" is a required property',
  ],
  [
    "additionalProperties",
    { properties: { a: true }, additionalProperties: false },
    '{"a": 1, "c": 2, "a b/c~d\'": 3}',
    "Additional properties are not allowed ('a b/c~d'', 'c' were unexpected)",
  ],
  [
    "additionalProperties beside a pattern",
    { patternProperties: { "^a": true }, additionalProperties: false },
    '{"a": 1, "b": 2}',
    "Additional properties are not allowed ('b' was unexpected)",
  ],
  [
    "unevaluatedProperties",
    { properties: { a: true }, unevaluatedProperties: false },
    '{"a": 1, "c": 3, "b": 4}',
    "Unevaluated properties are not allowed ('b', 'c' were unexpected)",
  ],
  [
    "propertyNames",
    { propertyNames: { pattern: "^a$", maxLength: 1 } },
    '{"cc": 1, "bb": 2, "a": 3}',
    '"bb" is longer than 1 character',
    '"bb" does not match "^a$"',
    '"cc" is longer than 1 character',
    '"cc" does not match "^a$"',
  ],
  [
    "additionalItems",
    { $schema: DRAFT_07, items: [{}], additionalItems: false },
    '[1, 2.0, "x"]',
    'Additional items are not allowed (2.0, "x" were unexpected)',
  ],
  [
    "items after prefixItems",
    { prefixItems: [{}], items: false },
    "[1, 2, 3.0]",
    "False schema does not allow 2 at /1",
    "False schema does not allow 3.0 at /2",
  ],
  [
    "unevaluatedItems",
    { prefixItems: [{}], unevaluatedItems: false },
    '[1, "x", {"b": 1, "a": 3}]',
    'Unevaluated items are not allowed (\'"x"\', \'{"a":3,"b":1}\' were unexpected)',
  ],
  [
    "enum",
    { enum: [1, "b", { z: 1, a: null }] },
    "5",
    '5 is not one of [1,"b",{"a":null,"z":1}]',
  ],
  ["an empty enum", { enum: [] }, "1", "1 is not one of []"],
  ["const", { const: { b: 1, a: [] } }, "5", '{"a":[],"b":1} was expected'],
  ["minLength 1", { minLength: 1 }, '""', '"" is shorter than 1 character'],
  [
    "minLength 2",
    { minLength: 2 },
    '"😀"',
    '"😀" is shorter than 2 characters',
  ],
  [
    "maxLength 1",
    { maxLength: 1 },
    '"é😀"',
    '"é😀" is longer than 1 character',
  ],
  ["maxLength 0", { maxLength: 0 }, '"a"', '"a" is longer than 0 characters'],
  ["minItems 1", { minItems: 1 }, "[]", "[] has less than 1 item"],
  ["minItems 2", { minItems: 2 }, "[1]", "[1] has less than 2 items"],
  ["maxItems 1", { maxItems: 1 }, "[1, 2]", "[1,2] has more than 1 item"],
  ["maxItems 0", { maxItems: 0 }, "[1]", "[1] has more than 0 items"],
  [
    "minProperties 1",
    { minProperties: 1 },
    "{}",
    "{} has less than 1 property",
  ],
  [
    "minProperties 2",
    { minProperties: 2 },
    "{}",
    "{} has less than 2 properties",
  ],
  [
    "maxProperties 1",
    { maxProperties: 1 },
    '{"b": 1, "a": 1}',
    '{"a":1,"b":1} has more than 1 property',
  ],
  [
    "maxProperties 0",
    { maxProperties: 0 },
    '{"a": 1}',
    '{"a":1} has more than 0 properties',
  ],
  ["minimum", { minimum: 8 }, "6.0", "6.0 is less than the minimum of 8"],
  ["maximum", { maximum: 5.5 }, "6", "6 is greater than the maximum of 5.5"],
  [
    "exclusiveMinimum",
    { exclusiveMinimum: 5 },
    "5",
    "5 is less than or equal to the minimum of 5",
  ],
  [
    "exclusiveMaximum",
    { exclusiveMaximum: 5 },
    "5",
    "5 is greater than or equal to the maximum of 5",
  ],
  [
    "exclusive limits of draft 4",
    {
      $schema: DRAFT_04,
      maximum: 5,
      exclusiveMaximum: true,
      minimum: 5,
      exclusiveMinimum: true,
    },
    "5",
    "5 is greater than or equal to the maximum of 5",
    "5 is less than or equal to the minimum of 5",
  ],
  ["multipleOf", { multipleOf: 0.5 }, "0.3", "0.3 is not a multiple of 0.5"],
  [
    "pattern",
    { pattern: '^\\d"$' },
    '"a\\n"',
    '"a\\n" does not match "^\\d"$"',
  ],
  [
    "format",
    { $schema: DRAFT_07, format: "email" },
    '"a b"',
    '"a b" is not a "email"',
  ],
  [
    "contentEncoding",
    { $schema: DRAFT_06, contentEncoding: "base64" },
    '"{"',
    '"{" is not compliant with "base64" content encoding',
  ],
  [
    "contentMediaType",
    { $schema: DRAFT_07, contentMediaType: "application/json" },
    '"{"',
    '"{" is not compliant with "application/json" media type',
  ],
  [
    "uniqueItems",
    { uniqueItems: true },
    "[1, 2, 1.0]",
    "[1,2,1.0] has non-unique elements",
  ],
  [
    "contains",
    { contains: { type: "string" } },
    "[1, 2]",
    "None of [1,2] are valid under the given schema",
  ],
  [
    "minContains",
    { contains: { type: "string" }, minContains: 2 },
    '["a", 1]',
    'None of ["a",1] are valid under the given schema',
  ],
  [
    "maxContains",
    { contains: { type: "string" }, maxContains: 1 },
    '["a", "b"]',
    'None of ["a","b"] are valid under the given schema',
  ],
  [
    "anyOf",
    { anyOf: [{ type: "string" }, { properties: { a: { type: "null" } } }] },
    '{"a": 1}',
    "{\"a\":1} is not valid under any of the schemas listed in the 'anyOf' keyword",
  ],
  [
    "oneOf without any",
    { oneOf: [{ type: "string" }, { type: "null" }] },
    "5",
    "5 is not valid under any of the schemas listed in the 'oneOf' keyword",
  ],
  [
    "oneOf with two",
    { oneOf: [{ type: "string" }, { minLength: 3 }] },
    '"aaa"',
    "\"aaa\" is valid under more than one of the schemas listed in the 'oneOf' keyword",
  ],
  [
    "not",
    { not: { type: "string", minLength: 1 } },
    '"a"',
    '{"minLength":1,"type":"string"} is not allowed for "a"',
  ],
  [
    "if and then",
    { if: { type: "string" }, then: { minLength: 3 }, else: { type: "null" } },
    '"a"',
    '"a" is shorter than 3 characters',
  ],
  [
    "if and else",
    { if: { type: "string" }, then: { minLength: 3 }, else: { type: "null" } },
    "5",
    '5 is not of type "null"',
  ],
  ["a false schema", false, "1.0", "False schema does not allow 1.0"],
  [
    "a false schema of a member",
    { properties: { x: false } },
    '{"x": {}}',
    "False schema does not allow {} at /x",
  ],
  [
    "a reference",
    { items: { $ref: "#/$defs/a" }, $defs: { a: { type: "string" } } },
    "[1, 2]",
    '1 is not of type "string" at /0',
    '2 is not of type "string" at /1',
  ],
  [
    "unevaluatedProperties behind branches",
    {
      $schema: DRAFT_2019,
      anyOf: [{ properties: { a: { type: "string" } } }, { required: ["b"] }],
      unevaluatedProperties: false,
    },
    '{"a": 1, "b": 2}',
    "Unevaluated properties are not allowed ('a', 'b' were unexpected)",
  ],
  [
    "many at once",
    {
      additionalProperties: false,
      required: ["x", "y"],
      properties: { b: { minLength: 3 }, a: { type: "string" } },
      type: "array",
    },
    '{"b": "", "a": 1, "c": 2}',
    '1 is not of type "string" at /a',
    '"" is shorter than 3 characters at /b',
    "Additional properties are not allowed ('c' was unexpected)",
    '"x" is a required property',
    '"y" is a required property',
    '{"a":1,"b":"","c":2} is not of type "array"',
  ],
  [
    "items with several violations each",
    { items: { type: "string", enum: ["a"] } },
    "[1, 2]",
    '1 is not one of ["a"] at /0',
    '1 is not of type "string" at /0',
    '2 is not one of ["a"] at /1',
    '2 is not of type "string" at /1',
  ],
];

for (const [name, schema, text, ...lines] of VIOLATIONS) {
  test(`describeErrors words ${name} as zag does`, () => {
    assert.deepEqual(validate(schema, text), lines);
  });
}

const NUMBERS = [
  ["1.0", "1.0"],
  ["1e2", "100.0"],
  ["-0", "-0.0"],
  ["9007199254740993", "9007199254740993"],
  ["123456789012345678901", "1.2345678901234568e+20"],
];

for (const [written = "", shown] of NUMBERS) {
  test(`describeErrors prints the number ${written} as zag does`, () => {
    const line = `${shown} is not of type "string"`;
    assert.deepEqual(validate({ type: "string" }, written), [line]);
    const inside = { items: { properties: { "a/b": { type: "string" } } } };
    assert.deepEqual(
      validate(inside, `[{"a/b": ${written}}]`),
      [`${line} at /0/a~1b`],
    );
  });
}

test("describeErrors lists a violation once", () => {
  const schema = { allOf: [{ type: "string" }, { type: "string" }] };
  assert.deepEqual(validate(schema, "5"), ['5 is not of type "string"']);
});

test("describeErrors names the extra properties of each schema apart", () => {
  const closed = (name: string) => ({
    properties: { [name]: true },
    additionalProperties: false,
  });
  assert.deepEqual(
    validate({ allOf: [closed("a"), closed("b")] }, '{"a": 1, "b": 2}'),
    [
      "Additional properties are not allowed ('b' was unexpected)",
      "Additional properties are not allowed ('a' was unexpected)",
    ],
  );
});

test("describeErrors tells what is wrong with unevaluated values", () => {
  assert.deepEqual(
    validate({ unevaluatedProperties: { type: "string" } }, '{"a": 1}'),
    ['1 is not of type "string" at /a'],
  );
  assert.deepEqual(
    validate({ unevaluatedItems: { type: "string" } }, '["a", 1]'),
    ['1 is not of type "string" at /1'],
  );
});

test("describeErrors keeps each line short, however large the value", () => {
  const text = JSON.stringify(Array.from({ length: 200_000 }, (_, i) => i));
  const [line = "", ...others] = validate({ maxItems: 1 }, text);
  assert.deepEqual(others, []);
  assert.match(line, /^\[0,1,2,.*\.\.\. \(cut\) has more than 1 item$/);
  assert.ok(line.length < 2100, String(line.length));
  const names = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, i) => [`n${i}`, i]),
  );
  const [extra = ""] = validate(
    { additionalProperties: false },
    JSON.stringify(names),
  );
  assert.match(extra, /\.\.\. \(cut\) were unexpected\)$/);
  assert.ok(extra.length < 2100, String(extra.length));
});

test("describeErrors lists every one of many violations", () => {
  const text = JSON.stringify(Array.from({ length: 10_000 }, (_, i) => i));
  const lines = validate({ items: { type: "string" } }, text);
  assert.equal(lines.length, 10_000);
  assert.equal(lines[9999], '9999 is not of type "string" at /9999');
});
