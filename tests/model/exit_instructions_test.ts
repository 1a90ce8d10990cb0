import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatInstructions,
  insertInstructions,
} from "../../src/model/exit_instructions.ts";

const SCHEMA = { type: "array", items: { type: "integer" } };

test("formatInstructions names the commands that end the agent", () => {
  for (const constraints of [undefined, null, {}, { schema: SCHEMA }]) {
    const text = formatInstructions(constraints);
    assert.match(text, /^zag-ps kill self '<result>'$/m);
    assert.match(text, /^zag-ps kill self --file <path>$/m);
    assert.match(text, /pkill/);
    assert.ok(text.endsWith("\n"));
  }
});

test("formatInstructions tells the hint", () => {
  const text = formatInstructions({ hint: " a list of names\n" });
  assert.match(text, /must not be empty\): a list of names$/m);
  assert.doesNotMatch(text, /JSON|left out/);
});

test("formatInstructions tells that nothing is asked for", () => {
  for (const constraints of [undefined, { hint: " " }, { json_mode: false }]) {
    const text = formatInstructions(constraints);
    assert.match(text, /free text. It may be left out/);
    assert.doesNotMatch(text, /JSON|Expected/);
  }
});

test("formatInstructions asks for JSON", () => {
  const text = formatInstructions({ json_mode: true });
  assert.match(text, /must be one JSON value/);
  assert.doesNotMatch(text, /Schema|left out/);
});

test("formatInstructions shows the whole schema", () => {
  const text = formatInstructions({ json_mode: true, schema: SCHEMA });
  const shown = /```json\n(.*)\n```/s.exec(text)?.[1] ?? "";
  assert.deepEqual(JSON.parse(shown), SCHEMA);
  assert.doesNotMatch(text, /one JSON value|left out/);
});

test("insertInstructions replaces the placeholder wherever it stands", () => {
  const command = ["a", "x {exit-instructions}", "{exit-instructions}{}", "$&"];
  assert.deepEqual(
    insertInstructions(command, "how $& to\n"),
    ["a", "x how $& to", "how $& to{}", "$&"],
  );
});
