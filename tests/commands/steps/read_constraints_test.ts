import assert from "node:assert/strict";
import { test } from "node:test";
import { readConstraints } from "../../../src/commands/steps/read_constraints.ts";
import { createMemory } from "../../support/memory_system.ts";
import { isError } from "../../support/zag_files.ts";

const SCHEMA = { type: "array", items: { type: "integer" } };

test("readConstraints takes what it is given", async () => {
  const { system } = createMemory();
  assert.deepEqual(
    await readConstraints(system, {}),
    { hint: "", json_mode: false },
  );
  assert.deepEqual(
    await readConstraints(system, { hint: "x", json: true }),
    { hint: "x", json_mode: true },
  );
});

test("readConstraints takes a schema as JSON or as a file", async () => {
  const memory = createMemory();
  memory.put("/schema.json", JSON.stringify(SCHEMA, null, 2));
  for (const schema of [JSON.stringify(SCHEMA), "/schema.json"]) {
    assert.deepEqual(
      await readConstraints(memory.system, { schema }),
      { hint: "", json_mode: true, schema: SCHEMA },
    );
  }
  const all = await readConstraints(memory.system, { schema: "true" });
  assert.equal(all.schema, true);
});

const ROWS: [
  name: string,
  schema: string,
  kind: "usage" | "input",
  why: RegExp,
][] = [
  ["a schema that is none", '{"type": "nonsense"}', "usage", /Cannot use/],
  ["JSON with a mistake", '{"type": }', "usage", /expected value/],
  ["a file that is not there", "/none.json", "input", /ENOENT/],
  ["a file that holds no JSON", "/text.json", "usage", /"\/text.json"/],
  ["a file that holds a list", "/list.json", "usage", /no JSON Schema/],
  ["a file that is not UTF-8", "/latin.json", "input", /not valid UTF-8/],
  ["JSON that is no schema", "[]", "input", /"\[\]"/],
  ["a schema elsewhere", '{"$ref": "http://x.example/"}', "usage", /not fetch/],
];

for (const [name, schema, kind, why] of ROWS) {
  test(`readConstraints refuses ${name}`, async () => {
    const memory = createMemory();
    memory.put("/text.json", "text");
    memory.put("/list.json", "[1]");
    memory.put("/latin.json", "");
    const latin = memory.files.get("/latin.json");
    if (latin) latin.content = new Uint8Array([0xe9]);
    await assert.rejects(
      readConstraints(memory.system, { schema }),
      isError(kind, why),
    );
  });
}
