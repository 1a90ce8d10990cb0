import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeUtf8, parseZagFile, readArray } from "../../src/model/decode.ts";
import { ZagPsError } from "../../src/model/errors.ts";

const PATH = "/home/ada/.zag/processes.json";

function readMessage(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof ZagPsError, String(error));
    assert.equal(error.kind, "store");
    assert.equal(error.exitStatus, 1);
    return error.message;
  }
  assert.fail("Nothing was thrown");
}

test("decodeUtf8 keeps every character, a byte order mark included", () => {
  const text = '\ufeff{"a": "é😀\\u0000\0"}\r\n';
  assert.equal(decodeUtf8(new TextEncoder().encode(text), PATH), text);
});

const NOT_UTF8: [name: string, bytes: number[], place: string][] = [
  ["a lone byte at once", [0xff], "line 1, column 1"],
  [
    "a byte of Latin-1 in line 2",
    [0x7b, 0x0a, 0xc3, 0xa9, 0x20, 0xe9, 0x20],
    "line 2, column 3",
  ],
  ["a character cut off by the end", [0x61, 0xf0, 0x9f], "line 1, column 2"],
  ["a character cut off by a line's end", [0xc3, 0x0a], "line 1, column 1"],
  ["an encoded surrogate", [0x0a, 0x0a, 0xed, 0xa0, 0x80], "line 3, column 1"],
];

for (const [name, bytes, place] of NOT_UTF8) {
  test(`decodeUtf8 tells the place of ${name}`, () => {
    const message = readMessage(() => decodeUtf8(new Uint8Array(bytes), PATH));
    assert.equal(
      message,
      `Cannot read "${PATH}" at ${place}: it is not valid UTF-8\n` +
        "Restore it from a backup or move it away; zag-ps leaves it as it is",
    );
  });
}

const PARSED: [name: string, text: string, value: unknown][] = [
  ["strict JSON", ' {"a": [1, null, "x"]}\r\n', { a: [1, null, "x"] }],
  ["JSON behind a byte order mark", '\ufeff{"a": 1}', { a: 1 }],
  ["line and block comments", '// x\n{/* y */"a": 1 // z\r}', { a: 1 }],
  ["trailing commas", '{"a": [1, 2,],}', { a: [1, 2] }],
  ["comments behind a byte order mark", "\ufeff// x\n[1,]", [1]],
  ["brackets in strings and comments", '["[[[", /* {{{ */ "{",]', ["[[[", "{"]],
  ["the last of several members", '{"a": 1, "a": 2,}', { a: 2 }],
];

for (const [name, text, value] of PARSED) {
  test(`parseZagFile takes ${name}`, () => {
    assert.deepEqual(parseZagFile(text, PATH), value);
  });
}

for (const comma of ["", ","]) {
  test(`parseZagFile makes __proto__ a member "${comma}"`, () => {
    const value = parseZagFile(`{"__proto__": {"x": 1}${comma}}`, PATH);
    assert.deepEqual(Object.keys(value as object), ["__proto__"]);
    assert.equal((value as { x?: unknown }).x, undefined);
    assert.equal(({} as { x?: unknown }).x, undefined);
  });
}

const BROKEN: [name: string, text: string, place: string, what: string][] = [
  ["an empty file", "", "line 1, column 1", "unexpected end of JSONC input"],
  [
    "a torn file",
    '{\n  "processes": [\n    {"id": "a",',
    "line 3, column 16",
    "unexpected end of JSONC input",
  ],
  ["a torn string", '{\n "a": "bc', "line 2, column 7", 'token ""bc"'],
  ["a missing comma", '{\n\n "é😀": 1 "b": 2}', "line 3, column 10", '""b""'],
  ["an unknown word", '{"a": nul}', "line 1, column 7", '"nul"'],
  ["a second value", "{}\n{}", "line 2, column 1", 'token "{"'],
  ["a comment without an end", "[\n/*", "line 2, column 3", "unexpected end"],
  ["a comma alone", "[,]", "line 1, column 2", 'token ","'],
  ["a leading zero", "[\n01]", "line 2, column 1", 'token "01"'],
  ["a single quote", "['a']", "line 1, column 2", "token \"'a'\""],
  [
    "a text that looks like a position",
    '{"a": 1,\n "b": "position 3\\x"}',
    "line 2, column 7",
    'unexpected token ""position 3',
  ],
  ["a place behind a byte order mark", "\ufeffx", "line 1, column 1", '"x"'],
  ["a place behind CRLF", "[\r\n\r\nx]", "line 3, column 1", '"x"'],
];

for (const [name, text, place, what] of BROKEN) {
  test(`parseZagFile tells the place of ${name}`, () => {
    const message = readMessage(() => parseZagFile(text, PATH));
    const [first = "", last] = message.split("\n");
    assert.ok(
      first.startsWith(`Cannot parse "${PATH}" at ${place}: `),
      message,
    );
    assert.ok(first.includes(what), message);
    assert.doesNotMatch(first, /in JSONC at position|Cannot parse JSONC/);
    assert.equal(
      last,
      "Mend the file or move it away; zag-ps leaves it as it is",
    );
  });
}

test("parseZagFile escapes what it quotes, the path included", () => {
  const path = "/tmp/\x1b[31m";
  const message = readMessage(() => parseZagFile("[\x1b[2J\u202e]", path));
  assert.ok(message.startsWith('Cannot parse "/tmp/\\x1b[31m" at'), message);
  assert.ok(message.includes('"\\x1b"'), message);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(message, /[\x00-\x09\x0b-\x1f\u202e]/);
});

function nest(depth: number, inner: string): string {
  return "[".repeat(depth) + inner + "]".repeat(depth);
}

test("parseZagFile takes strict JSON nested 100,000 deep", () => {
  let value = parseZagFile(nest(100_000, ""), PATH);
  let depth = 0;
  for (; Array.isArray(value); value = value[0]) depth++;
  assert.equal(depth, 100_000);
});

test("parseZagFile takes comments down to 511 levels", () => {
  assert.ok(Array.isArray(parseZagFile(nest(511, "// x\n"), PATH)));
});

for (const depth of [512, 100_000]) {
  test(`parseZagFile refuses comments in ${depth} levels`, () => {
    const message = readMessage(() =>
      parseZagFile(nest(depth, "// x\n"), PATH)
    );
    assert.match(message, /nested deeper than 512 levels/);
  });
}

const LONG = 10 * 1024 * 1024;

test("parseZagFile takes a string of 10 MB beside a comment", () => {
  const text = `{"a": "${"x".repeat(LONG)}"} // done`;
  const value = parseZagFile(text, PATH) as { a: string };
  assert.equal(value.a.length, LONG);
});

test("parseZagFile gives up on a torn string of 10 MB", () => {
  const text = `{"a": "${'\\"'.repeat(LONG / 2)}`;
  const message = readMessage(() => parseZagFile(text, PATH));
  assert.match(message, /at line 1, column 7: unexpected token/);
  assert.ok(message.length < 300, message.slice(0, 1000));
});

test("readArray gives the array of the root", () => {
  assert.deepEqual(readArray({ sessions: [1, {}] }, "sessions", PATH), [1, {}]);
});

const WITHOUT_ARRAY: [name: string, root: unknown][] = [
  ["an empty object", {}],
  ["null", null],
  ["an array", []],
  ["a string", "processes"],
  ["an object in its place", { processes: {} }],
  ["null in its place", { processes: null }],
  ["an inherited array", Object.create({ processes: [] })],
];

for (const [name, root] of WITHOUT_ARRAY) {
  test(`readArray refuses ${name}`, () => {
    assert.equal(
      readMessage(() => readArray(root, "processes", PATH)),
      `Cannot read "${PATH}" at line 1, column 1: it should hold {"processes": [...]}\n` +
        "Mend the file or move it away; zag-ps leaves it as it is",
    );
  });
}
