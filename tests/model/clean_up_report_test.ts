import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CleanUpOutcome,
  countRows,
} from "../../src/model/clean_up_report.ts";
import { makeRow } from "../support/clean_up.ts";

const ROWS: [outcomes: CleanUpOutcome[], counts: number[]][] = [
  [[], [0, 0, 0, 0]],
  [["found", "found"], [2, 0, 0, 0]],
  [["planned"], [1, 0, 0, 0]],
  [["exited", "killed", "gone", "removed"], [4, 4, 0, 0]],
  [["survived", "exited", "refused", "refused"], [4, 1, 1, 2]],
];

for (const [outcomes, [found, ended, survived, refused]] of ROWS) {
  test(`countRows counts ${outcomes.join(", ") || "nothing"}`, () => {
    const rows = outcomes.map((outcome) => makeRow({ outcome }));
    assert.deepEqual(countRows(rows), { found, ended, survived, refused });
  });
}
