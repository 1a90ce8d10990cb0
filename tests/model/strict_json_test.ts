import assert from "node:assert/strict";
import { test } from "node:test";
import { toSafeJson } from "../../src/model/escape.ts";
import {
  MAX_NESTED_CONTAINERS,
  parseStrictJson,
  setMember,
} from "../../src/model/strict_json.ts";

function parse(text: string): unknown {
  const parsed = parseStrictJson(text);
  return parsed.ok ? parsed.value : assert.fail(parsed.why);
}

function readWhy(text: string): string {
  const parsed = parseStrictJson(text);
  return parsed.ok ? assert.fail(`${text} was accepted`) : parsed.why;
}

const VALID = [
  "null",
  "true",
  "false",
  "0",
  "-0",
  "-1.5e-3",
  "1E5",
  "1e+2",
  "123456789012345678901234567890",
  "1e-400",
  "0e999",
  '""',
  '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"',
  '"é😀\u007f\u2028"',
  "[]",
  "{}",
  ' \t\r\n[ 1 , "a" , [ ] , { } ]\n',
  '{"a":{"b":[1,{"c":null}]},"":0}',
  '{"a":1,"a":2}',
  '{"constructor":1,"toString":2}',
];

for (const text of VALID) {
  test(`parseStrictJson agrees with JSON.parse on ${toSafeJson(text)}`, () => {
    assert.deepEqual(parse(text), JSON.parse(text));
  });
}

// What serde_json 1.0.149 says of each.
const INVALID: [name: string, text: string, why: string][] = [
  ["an empty text", "", "EOF while parsing a value at line 1 column 0"],
  ["an open object", "{", "EOF while parsing an object at line 1 column 1"],
  ["an open array", "[", "EOF while parsing a list at line 1 column 1"],
  ["an open string", '"', "EOF while parsing a string at line 1 column 1"],
  ["a key alone", '{"a"', "EOF while parsing an object at line 1 column 4"],
  ["no value", '{"a":', "EOF while parsing a value at line 1 column 5"],
  [
    "an open member",
    '{"a":1',
    "EOF while parsing an object at line 1 column 6",
  ],
  ["an open comma", '{"a":1,', "EOF while parsing a value at line 1 column 7"],
  ["a comma before }", '{"a":1,}', "trailing comma at line 1 column 8"],
  ["a comma before ]", "[1,]", "trailing comma at line 1 column 4"],
  ["an open item", "[1", "EOF while parsing a list at line 1 column 2"],
  ["an open list", "[1,", "EOF while parsing a value at line 1 column 3"],
  ["no comma in a list", "[1 2]", "expected `,` or `]` at line 1 column 4"],
  ["no comma", '{"a":1 "b"}', "expected `,` or `}` at line 1 column 8"],
  ["a bare key", "{a:1}", "key must be a string at line 1 column 2"],
  ["only a comma", "{,}", "key must be a string at line 1 column 2"],
  ["no colon", '{"a" 1}', "expected `:` at line 1 column 6"],
  ["a cut word", "nul", "EOF while parsing a value at line 1 column 3"],
  ["another word", "nulx", "expected ident at line 1 column 4"],
  ["a longer word", "nullx", "trailing characters at line 1 column 5"],
  ["prose", "x", "expected value at line 1 column 1"],
  ["an apostrophe", "'a'", "expected value at line 1 column 1"],
  ["a comment", "/*a*/1", "expected value at line 1 column 1"],
  ["NaN", "NaN", "expected value at line 1 column 1"],
  ["a plus", "+1", "expected value at line 1 column 1"],
  ["a point first", ".5", "expected value at line 1 column 1"],
  ["a byte order mark", "\ufeff{}", "expected value at line 1 column 1"],
  ["a NUL", "1\0", "trailing characters at line 1 column 2"],
  ["a minus", "-", "EOF while parsing a value at line 1 column 1"],
  ["a minus and a letter", "-a", "invalid number at line 1 column 2"],
  ["a leading zero", "01", "invalid number at line 1 column 2"],
  ["a point last", "1.", "EOF while parsing a value at line 1 column 2"],
  ["a point and a letter", "1.x", "invalid number at line 1 column 3"],
  ["an open exponent", "1e+", "EOF while parsing a value at line 1 column 3"],
  ["a letter exponent", "1ex", "invalid number at line 1 column 3"],
  ["hexadecimal", "0x10", "trailing characters at line 1 column 2"],
  ["too large a number", "1e400", "number out of range at line 1 column 5"],
  ["too small a number", "-1e400", "number out of range at line 1 column 6"],
  ["two values", "1 2", "trailing characters at line 1 column 3"],
  ["an unknown escape", '"\\x"', "invalid escape at line 1 column 3"],
  ["a wrong digit", '"\\u12g4"', "invalid escape at line 1 column 7"],
  ["a cut escape", '"\\u12', "EOF while parsing a string at line 1 column 5"],
  [
    "a lone high surrogate",
    '"\\ud800"',
    "unexpected end of hex escape at line 1 column 8",
  ],
  [
    "a high surrogate before a letter",
    '"\\ud800\\u0041"',
    "lone leading surrogate in hex escape at line 1 column 13",
  ],
  [
    "a lone low surrogate",
    '"\\udc00"',
    "lone leading surrogate in hex escape at line 1 column 7",
  ],
  [
    "a line break in a string",
    '"a\nb"',
    "control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0",
  ],
  ["line 4", '\n\n {"a":\n  x}', "expected value at line 4 column 3"],
  ["CRLF", "[1\r\n,\r\nx]", "expected value at line 3 column 1"],
];

for (const [name, text, why] of INVALID) {
  test(`parseStrictJson refuses ${name}`, () => {
    assert.equal(readWhy(text), why);
  });
}

test("parseStrictJson counts columns in characters", () => {
  assert.equal(
    readWhy('["é😀" x'),
    "expected `,` or `]` at line 1 column 7",
  );
});

test("parseStrictJson refuses half a surrogate pair that is not escaped", () => {
  assert.equal(readWhy('["a\ud800"]'), "lone surrogate at line 1 column 4");
  assert.equal(readWhy('"\udc00"'), "lone surrogate at line 1 column 2");
});

test("parseStrictJson takes 127 nested containers and no more", () => {
  const nest = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.ok(Array.isArray(parse(nest(MAX_NESTED_CONTAINERS))));
  assert.equal(
    readWhy(nest(128)),
    "recursion limit exceeded at line 1 column 128",
  );
  // Siblings are not nested.
  assert.ok(Array.isArray(parse(`[${"[[]],".repeat(500)}0]`)));
});

for (const depth of [10_000, 1_000_000]) {
  for (const opening of ["[", '{"a":']) {
    test(`parseStrictJson refuses ${depth} times ${opening} without overflow`, () => {
      assert.match(readWhy(opening.repeat(depth)), /^recursion limit exceeded/);
    });
  }
}

test("parseStrictJson makes __proto__ a member like others", () => {
  const value = parse('{"__proto__": {"polluted": true}}') as object;
  assert.deepEqual(Object.keys(value), ["__proto__"]);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
});

test("parseStrictJson tells how zag prints numbers, and only those", () => {
  const parsed = parseStrictJson(
    '{"a": 1.0, "b": [1, 1e2, {"c": 9007199254740993}], "d": 1.5, "e": 7}',
  );
  if (!parsed.ok) assert.fail(parsed.why);
  const { a: _, ...rest } = parsed.value as Record<string, unknown[]>;
  const shown = new Map(parsed.numbers);
  assert.deepEqual(shown.get(parsed.value as object), new Map([["a", "1.0"]]));
  assert.deepEqual(shown.get(rest["b"] ?? null), new Map([["1", "100.0"]]));
  assert.equal(shown.size, 3);
});

test("parseStrictJson forgets the number of a key that comes again", () => {
  const parsed = parseStrictJson('{"a": 1.0, "a": 2}');
  if (!parsed.ok) assert.fail(parsed.why);
  assert.equal(parsed.numbers.get(parsed.value as object)?.get("a"), undefined);
});

test("parseStrictJson tells how a number that is the document is printed", () => {
  const parsed = parseStrictJson(" 1.0 ");
  if (!parsed.ok) assert.fail(parsed.why);
  assert.equal(parsed.numbers.get(null)?.get(""), "1.0");
});

test("setMember sets every key as an own member", () => {
  const members: Record<string, unknown> = {};
  for (const key of ["a", "__proto__", "constructor"]) {
    setMember(members, key, 1);
  }
  assert.deepEqual(Object.keys(members), ["a", "__proto__", "constructor"]);
  assert.equal(JSON.stringify(members).includes('"__proto__":1'), true);
});
