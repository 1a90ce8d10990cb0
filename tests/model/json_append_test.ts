import assert from "node:assert/strict";
import { test } from "node:test";
import { parseZagFile } from "../../src/model/decode.ts";
import { appendElement } from "../../src/model/json_append.ts";

const NEW = { id: "new", tags: [] };
const PRETTY = `{
      "id": "new",
      "tags": []
    }`;

const ROWS: [name: string, text: string, expected: string][] = [
  [
    "an empty list",
    '{\n  "processes": []\n}',
    `{\n  "processes": [\n    ${PRETTY}\n  ]\n}`,
  ],
  [
    "the layout of zag",
    '{\n  "processes": [\n    {\n      "id": "a"\n    }\n  ]\n}',
    `{\n  "processes": [\n    {\n      "id": "a"\n    },\n    ${PRETTY}\n  ]\n}`,
  ],
  [
    "another indentation",
    '{"processes": [\n\t{"id": "a"},\n\t{"id": "b"}\n]}\n',
    '{"processes": [\n\t{"id": "a"},\n\t{"id": "b"},\n\t{\n\t  "id": "new",\n\t  "tags": []\n\t}\n]}\n',
  ],
  [
    "a list on one line",
    '{"processes": [{"id": "a"}, 3]}',
    '{"processes": [{"id": "a"}, 3, {"id":"new","tags":[]}]}',
  ],
  [
    "one element without a space",
    '{"processes":[1]}',
    '{"processes":[1,{"id":"new","tags":[]}]}',
  ],
  [
    "a trailing comma",
    '{"processes": [{"id": "a"}, ], }',
    '{"processes": [{"id": "a"},{"id":"new","tags":[]}, ], }',
  ],
  [
    "comments",
    '// top ]\n{"processes": [ /* ] */ {"id": "]"} /* } */ // x\n]}',
    '// top ]\n{"processes": [ /* ] */ {"id": "]"}, {"id":"new","tags":[]} /* } */ // x\n]}',
  ],
  [
    "an empty list with a comment",
    '{"processes": [// none\n]}',
    `{"processes": [\n    ${PRETTY}\n  // none\n]}`,
  ],
  [
    "the last of two lists of the name",
    '{"processes": [1], "processes": [2]}',
    '{"processes": [1], "processes": [2,{"id":"new","tags":[]}]}',
  ],
  [
    "a byte order mark",
    '\ufeff{"x": {"processes": [1]}, "processes": [[1]]}',
    '\ufeff{"x": {"processes": [1]}, "processes": [[1],{"id":"new","tags":[]}]}',
  ],
];

for (const [name, text, expected] of ROWS) {
  test(`appendElement keeps ${name}`, () => {
    const changed = appendElement(text, "processes", NEW);
    assert.equal(changed, expected);
    const { processes } = parseZagFile(changed, "x") as {
      processes: unknown[];
    };
    assert.deepEqual(processes.at(-1), NEW);
  });
}

test("appendElement writes text of any kind as it is", () => {
  const value = { "a\n": "$& $1 \u2028 \ud83e\udd16", __proto: [{}, { b: 1 }] };
  const changed = appendElement('{"l": [\n  0\n]}', "l", value);
  assert.deepEqual(JSON.parse(changed).l, [0, value]);
});

test("appendElement refuses a text without such an array", () => {
  for (const text of ["{}", '{"processes": {}}', '{"other": []}']) {
    assert.throws(() => appendElement(text, "processes", NEW), RangeError);
  }
});
