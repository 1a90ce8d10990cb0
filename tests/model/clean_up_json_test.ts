import assert from "node:assert/strict";
import { test } from "node:test";
import { renderCleanUpJson } from "../../src/model/clean_up_json.ts";
import { HOSTILE_TEXTS, makeRow, obeysCommand } from "../support/clean_up.ts";

const SERVER = "https://github.example";
const RUN = `${SERVER}/acme/shop/actions/runs/123`;

test("renderCleanUpJson has no link to another server, and null for what is not known", () => {
  const row = makeRow({
    ...{ ageMs: undefined, memoryBytes: undefined, ownership: undefined },
    runUrl: RUN,
  });
  const [process] = JSON.parse(
    renderCleanUpJson([row], "https://else.example"),
  );
  const { age, age_ms, memory_bytes, ownership, run_url } = process;
  assert.deepEqual(
    [age, age_ms, memory_bytes, ownership, run_url],
    [null, null, null, null, null],
  );
});

test("renderCleanUpJson keeps within what an output may hold", () => {
  const rows = Array.from(
    { length: 60 },
    () => makeRow({ why: "x".repeat(10_000) }),
  );
  const json = renderCleanUpJson(rows, SERVER, 400_000);
  assert.ok(json.length < 400_000);
  assert.ok(JSON.parse(json).length > 30);
});

for (const [name, text] of HOSTILE_TEXTS) {
  test(`renderCleanUpJson can be printed in a job where an agent is called ${name}`, () => {
    const json = renderCleanUpJson([makeRow({ id: text })], SERVER);
    assert.deepEqual(json.split(/\r\n|\r|\n/).filter(obeysCommand), []);
    assert.equal(JSON.parse(json)[0].id, text);
  });
}
