import assert from "node:assert/strict";
import { test } from "node:test";
import { editElements } from "../../src/model/json_elements.ts";
import { parseZagFile } from "../../src/model/decode.ts";

const NONE = new Map();

function remove(text: string, ...indexes: number[]): string {
  return editElements(text, "l", { removed: new Set(indexes), changed: NONE });
}

/** Every set of places in an array of three. */
const SUBSETS = Array.from(
  { length: 8 },
  (_, bits) => [0, 1, 2].filter((i) => bits & (1 << i)),
);

for (const gone of SUBSETS) {
  const name = gone.join(", ") || "nothing";
  test(`editElements takes ${name} out of zag's layout and leaves zag's layout`, () => {
    const format = (list: unknown[]) =>
      JSON.stringify({ v: 1, l: list, w: ["]"] }, null, 2);
    const list = [{ a: 1 }, { b: [2, { c: "}," }] }, { d: {} }];
    assert.equal(
      remove(format(list), ...gone),
      format(list.filter((_, i) => !gone.includes(i))),
    );
  });

  test(`editElements takes ${name} out of one line`, () => {
    const format = (list: unknown[]) => JSON.stringify({ l: list });
    const list = [{ a: 1 }, { b: 2 }, { c: 3 }];
    assert.equal(
      remove(format(list), ...gone),
      format(list.filter((_, i) => !gone.includes(i))),
    );
  });

  test(`editElements keeps every comment where ${name} goes`, () => {
    const text = `// head
{ "l": [ // open
  /* a1 */ {"n": 0, /* in 0 */ "s": "// no"}, // a2, with a comma
  // b1
  {"n": 1} /* b2 */ ,
  {"n": 2}, // c, last
  // end
] }
// tail
`;
    const left = remove(text, ...gone);
    const { l } = parseZagFile(left, "x") as { l: { n: number }[] };
    assert.deepEqual(
      l.map(({ n }) => n),
      [0, 1, 2].filter((n) => !gone.includes(n)),
    );
    for (
      const comment of [
        ...["// head", "// open", "/* a1 */", "// a2, with a comma", "// b1"],
        ...["/* b2 */", "// c, last", "// end", "// tail"],
      ]
    ) assert.ok(left.includes(comment), `${comment} in ${left}`);
    assert.equal(left.includes("/* in 0 */"), !gone.includes(0));
    assert.doesNotMatch(left, /\n[ \t]*\n/);
  });
}

test("editElements takes the lines of an element, and no more", () => {
  const text = '{"l": [\n  // a\n  {"n": 0},\n  // b\n  {"n": 1},\n\n' +
    '  {"n": 2} // c\n]}';
  assert.equal(
    remove(text, 1),
    '{"l": [\n  // a\n  {"n": 0},\n  // b\n\n  {"n": 2} // c\n]}',
  );
  assert.equal(
    remove(text, 2),
    '{"l": [\n  // a\n  {"n": 0},\n  // b\n  {"n": 1}\n\n   // c\n]}',
  );
});

test("editElements keeps a trailing comma where there was one", () => {
  assert.equal(remove('{"l":[{"n":0}, {"n":1},]}', 1), '{"l":[{"n":0},]}');
  assert.equal(remove('{"l":[{"n":0}, {"n":1} ]}', 1), '{"l":[{"n":0} ]}');
  assert.equal(remove('{"l":[{"n":0},]}', 0), '{"l":[]}');
  assert.equal(
    remove('{"l":[{"n":0}, {"n":1}, /* end */]}', 1),
    '{"l":[{"n":0},  /* end */]}',
  );
  assert.equal(
    remove('{"l":[{"n":0}, {"n":1} /* end */]}', 1),
    '{"l":[{"n":0}  /* end */]}',
  );
});

test("editElements changes members and takes others out in one pass", () => {
  const text = '\ufeff{"l":[{"n":0,"x":1e0}, {"n": 1}, {"n":2}],"m":[{}]}\r\n';
  assert.equal(
    editElements(text, "l", {
      removed: new Set([1]),
      changed: new Map([[0, { n: "7" }], [2, { n: '"]"', o: "[]" }]]),
    }),
    '\ufeff{"l":[{"n":7,"x":1e0}, {"n":"]","o": []}],"m":[{}]}\r\n',
  );
});

test("editElements refuses places and arrays that are not there", () => {
  assert.throws(() => remove('{"l":[{}]}', 1), RangeError);
  assert.throws(() => remove('{"m":[{}]}', 0), RangeError);
  assert.throws(() => remove('{"l":{}}', 0), RangeError);
});

test("editElements takes thousands out of thousands", () => {
  const list = Array.from({ length: 20_000 }, (_, n) => ({ n, s: "x" }));
  const text = JSON.stringify({ l: list }, null, 2);
  const odd = list.filter(({ n }) => n % 2 === 1).map(({ n }) => n);
  const left = JSON.parse(remove(text, ...odd));
  assert.deepEqual(left.l, list.filter(({ n }) => n % 2 === 0));
});
