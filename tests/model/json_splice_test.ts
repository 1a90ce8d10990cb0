import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type MemberChanges,
  spliceMembers,
} from "../../src/model/json_splice.ts";

interface Row {
  name: string;
  before: string;
  after: string;
  index?: number;
  changes?: MemberChanges;
}

/** What kill writes, shorter. */
const END: MemberChanges = { status: '"killed"', exit_code: "null" };

const ROWS: Row[] = [
  {
    name: "keeps the rest of a file as zag writes it",
    before:
      '{\n  "processes": [\n    {\n      "id": "a",\n      "status": "running",\n      "exit_code": 1\n    }\n  ]\n}',
    after:
      '{\n  "processes": [\n    {\n      "id": "a",\n      "status": "killed",\n      "exit_code": null\n    }\n  ]\n}',
  },
  {
    name: "changes the element that is meant",
    before:
      '{"processes":[{"status":"running","exit_code":0},{"status":"running","exit_code":0},{"status":"running","exit_code":0}]}',
    after:
      '{"processes":[{"status":"running","exit_code":0},{"status":"killed","exit_code":null},{"status":"running","exit_code":0}]}',
    index: 1,
  },
  {
    name: "counts elements that are no objects",
    before:
      '{"processes":[null, 1, "]}{", [{"status":"x"}], true, {"status":"r", "exit_code":7}]}',
    after:
      '{"processes":[null, 1, "]}{", [{"status":"x"}], true, {"status":"killed", "exit_code":null}]}',
    index: 5,
  },
  {
    name: "keeps numbers beyond 2^53, exponents and escapes as they are typed",
    before:
      '{"processes":[{"n":9007199254740993,"f":1.0e+2,"z":-0,"s":"\\u0041\\/","status":"r","exit_code":1.50}]}',
    after:
      '{"processes":[{"n":9007199254740993,"f":1.0e+2,"z":-0,"s":"\\u0041\\/","status":"killed","exit_code":null}]}',
  },
  {
    name: "keeps unknown members of the root, before and behind",
    before:
      '{"v": {"processes": [{"status": "no"}]}, "processes": [{"status": "r", "exit_code": 1}], "z": [1 , 2]}',
    after:
      '{"v": {"processes": [{"status": "no"}]}, "processes": [{"status": "killed", "exit_code": null}], "z": [1 , 2]}',
  },
  {
    name: "keeps comments and trailing commas",
    before:
      '// "processes": [\n{ /* { */ "processes": [ // first [\n  {"status" /* : */ : /* "x" */ "r", // it is "running"\n "exit_code": 1 /* } */, }, ], }\n// end }',
    after:
      '// "processes": [\n{ /* { */ "processes": [ // first [\n  {"status" /* : */ : /* "x" */ "killed", // it is "running"\n "exit_code": null /* } */, }, ], }\n// end }',
  },
  {
    name: "ends line comments at a carriage return, as the parser does",
    before: '{"processes": [ // one\r {"status": "r", "exit_code": 1}]}',
    after: '{"processes": [ // one\r {"status": "killed", "exit_code": null}]}',
  },
  {
    name: "keeps CRLF and tabs, and adds in the same manner",
    before:
      '{\r\n\t"processes": [\r\n\t\t{\r\n\t\t\t"id": "a",\r\n\t\t\t"status": "r"\r\n\t\t}\r\n\t]\r\n}\r\n',
    after:
      '{\r\n\t"processes": [\r\n\t\t{\r\n\t\t\t"id": "a",\r\n\t\t\t"status": "killed",\r\n\t\t\t"exit_code": null\r\n\t\t}\r\n\t]\r\n}\r\n',
  },
  {
    name: "keeps a byte order mark",
    before: '\ufeff{"processes": [{"status": "r", "exit_code": 1}]}\n',
    after: '\ufeff{"processes": [{"status": "killed", "exit_code": null}]}\n',
  },
  {
    name: "changes the last of several members with one name",
    before:
      '{"processes": [{"status": "r", "exit_code": 1, "status": "s", "x": 0}]}',
    after:
      '{"processes": [{"status": "r", "exit_code": null, "status": "killed", "x": 0}]}',
  },
  {
    name: "changes the last of several lists with one name",
    before:
      '{"processes": [{"status": "r"}], "processes": [{"status": "s", "exit_code": 2}]}',
    after:
      '{"processes": [{"status": "r"}], "processes": [{"status": "killed", "exit_code": null}]}',
  },
  {
    name: "knows a member whose name is written with escapes",
    before:
      '{"proc\\u0065sses": [{"st\\u0061tus": "r", "exit\\u005fcode": 1}]}',
    after:
      '{"proc\\u0065sses": [{"st\\u0061tus": "killed", "exit\\u005fcode": null}]}',
  },
  {
    name: "adds members to an object on one line",
    before: '{"processes":[{"id":"a","x":1}]}',
    after:
      '{"processes":[{"id":"a","x":1,"status": "killed","exit_code": null}]}',
  },
  {
    name: "adds to an object with one member on its own line",
    before: '{"processes": [{\n    "id": "a"\n  }]}',
    after:
      '{"processes": [{\n    "id": "a",\n    "status": "killed",\n    "exit_code": null\n  }]}',
  },
  {
    name: "adds before a trailing comma and a comment",
    before: '{"processes": [{"id": "a", "x": {}, // note\n}]}',
    after:
      '{"processes": [{"id": "a", "x": {}, "status": "killed", "exit_code": null, // note\n}]}',
  },
  {
    name: "adds behind a comment between members",
    before: '{"processes": [{"id": "a" /* , */, // one\n  "x": 1}]}',
    after:
      '{"processes": [{"id": "a" /* , */, // one\n  "x": 1, "status": "killed", "exit_code": null}]}',
  },
  {
    name: "adds to an empty object",
    before: '{"processes": [{}]}',
    after: '{"processes": [{"status": "killed", "exit_code": null}]}',
  },
  {
    name: "adds to an empty object with space and a comment",
    before: '{"processes": [{ /* none */ }, {}]}',
    after:
      '{"processes": [{"status": "killed", "exit_code": null /* none */ }, {}]}',
  },
  {
    name: "changes one member and adds another",
    before: '{"processes": [{"status": "r", "id": "a"}]}',
    after:
      '{"processes": [{"status": "killed", "id": "a", "exit_code": null}]}',
  },
  {
    name: "replaces values of every type, nested ones included",
    before:
      '{"processes": [{"status": {"a": ["}", {"b": "\\\\\\""}]}, "exit_code": [[], {}]}]}',
    after: '{"processes": [{"status": "killed", "exit_code": null}]}',
  },
  {
    name: "is not misled by a string that ends in backslashes",
    before:
      '{"processes": [{"p": "\\\\", "q": "\\\\\\"", "status": "\\\\\\\\", "exit_code": 1}]}',
    after:
      '{"processes": [{"p": "\\\\", "q": "\\\\\\"", "status": "killed", "exit_code": null}]}',
  },
  {
    name: "sets a member called __proto__",
    before: '{"processes": [{"__proto__": {"a": 1}, "b": 2}]}',
    after: '{"processes": [{"__proto__": 3, "b": 2}]}',
    changes: Object.fromEntries([["__proto__", "3"]]),
  },
  {
    name: "takes out a member in the middle",
    before: '{"processes": [{"a": 1, "b": 2, "c": 3}]}',
    after: '{"processes": [{"a": 1, "c": 3}]}',
    changes: { b: undefined },
  },
  {
    name: "takes out the first members",
    before: '{"processes": [{"a": 1, "b": 2, "c": 3}]}',
    after: '{"processes": [{"c": 3}]}',
    changes: { a: undefined, b: undefined },
  },
  {
    name: "takes out the first and the last member",
    before: '{"processes": [{"a": 1, "b": 2, "c": 3}]}',
    after: '{"processes": [{"b": 2}]}',
    changes: { c: undefined, a: undefined },
  },
  {
    name: "takes out every member",
    before: '{"processes": [{ "a": 1, "b": 2, "c": 3 }]}',
    after: '{"processes": [{  }]}',
    changes: { a: undefined, b: undefined, c: undefined },
  },
  {
    name: "takes out nothing where there is no such member",
    before: '{"processes": [{"a": 1}]}',
    after: '{"processes": [{"a": 1}]}',
    changes: { status: undefined },
  },
];

for (const { name, before, after, index = 0, changes = END } of ROWS) {
  test(`spliceMembers ${name}`, () => {
    const { text } = spliceMembers(before, "processes", index, changes);
    assert.equal(text, after);
  });
}

const SETTING = ROWS.filter(({ changes = END }) =>
  Object.values(changes).every((value) => value !== undefined)
);

for (const { name, before, index = 0, changes = END } of SETTING) {
  test(`spliceMembers takes back what ${name}`, () => {
    const spliced = spliceMembers(before, "processes", index, changes);
    const { text, previous } = spliced;
    const back = spliceMembers(text, "processes", index, previous);
    assert.equal(back.text, before);
    assert.deepEqual(Object.entries(back.previous), Object.entries(changes));
  });
}

test("spliceMembers tells the members as they were typed", () => {
  const { previous } = spliceMembers(
    '{"processes": [{"pid": 9007199254740993, "status": "r\\u0041"}]}',
    "processes",
    0,
    { pid: "1", status: '"x"', exit_code: "null" },
  );
  assert.deepEqual(previous, {
    pid: "9007199254740993",
    status: '"r\\u0041"',
    exit_code: undefined,
  });
});

test("spliceMembers passes values nested a million deep", () => {
  const deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
  const before = `{"processes": [{"x": ${deep}, "status": "r"}]}`;
  const { text } = spliceMembers(before, "processes", 0, { status: "0" });
  assert.ok(text === `{"processes": [{"x": ${deep}, "status": 0}]}`);
});

const REFUSED: [name: string, text: string, index: number][] = [
  ["a text without the list", '{"other": []}', 0],
  ["an index behind the end", '{"processes": [{}]}', 1],
  ["an index behind a trailing comma", '{"processes": [{},]}', 1],
  ["an element that is no object", '{"processes": [5]}', 0],
  ["a root that is no object", "[]", 0],
  ["a string without an end", '{"processes": ["', 1],
  ["a value without an end", '{"processes": [[', 1],
];

for (const [name, text, index] of REFUSED) {
  test(`spliceMembers refuses ${name}`, () => {
    assert.throws(
      () => spliceMembers(text, "processes", index, END),
      RangeError,
    );
  });
}
