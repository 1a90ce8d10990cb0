import assert from "node:assert/strict";
import { test } from "node:test";
import {
  orderViolations,
  splitPointer,
  type Violation,
} from "../../src/model/violation_order.ts";

const POINTERS: [pointer: string, keys: string[]][] = [
  ["", []],
  ["/", [""]],
  ["/a/0", ["a", "0"]],
  ["/a~1b/~0~01", ["a/b", "~~1"]],
];

for (const [pointer, keys] of POINTERS) {
  test(`splitPointer reads "${pointer}"`, () => {
    assert.deepEqual(splitPointer(pointer), keys);
  });
}

// As zag orders them: what stands left comes first.
const ORDERS: [
  name: string,
  violations: [pointer: string, keyword: string][],
][] = [
  ["keywords of one value", [
    ["", "const"],
    ["", "enum"],
    ["", "required"],
    ["", "type"],
  ]],
  ["members before what comes after properties", [
    ["", "minProperties"],
    ["/a", "type"],
    ["/b/c", "type"],
    ["/b", "type"],
    ["", "additionalProperties"],
    ["", "required"],
  ]],
  ["items by number, at their place", [
    ["", "contains"],
    ["/2", "type"],
    ["/10", "type"],
    ["", "maxItems"],
    ["", "uniqueItems"],
  ]],
  ["keys by code points", [
    ["/a", "type"],
    ["/a b", "type"],
    ["/b", "type"],
    ["/\uffee", "type"],
    ["/\u{1f600}", "type"],
  ]],
];

for (const [name, violations] of ORDERS) {
  test(`orderViolations orders ${name}`, () => {
    const ordered = violations.map(([pointer, keyword]): Violation => ({
      pointer,
      keyword,
      message: "",
    }));
    for (const shuffled of [[...ordered].reverse(), rotate(ordered)]) {
      assert.deepEqual(orderViolations(shuffled), ordered);
    }
  });
}

test("orderViolations keeps the violations of one name together", () => {
  const describe = (propertyName: string, message: string): Violation => ({
    pointer: "",
    keyword: message,
    message,
    propertyName,
  });
  const ordered = [
    describe("a", "maxLength"),
    describe("a", "pattern"),
    describe("b", "maxLength"),
  ];
  assert.deepEqual(orderViolations([...ordered].reverse()), ordered);
});

function rotate<T>(items: T[]): T[] {
  return [...items.slice(2), ...items.slice(0, 2)];
}
