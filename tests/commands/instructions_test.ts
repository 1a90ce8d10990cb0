import assert from "node:assert/strict";
import { test } from "node:test";
import { readInstructions } from "../../src/commands/instructions.ts";
import { createMemory } from "../support/memory_system.ts";
import {
  BASE_SESSIONS,
  createContext,
  formatSessions,
  formatStore,
  ID,
  isError,
  makeEntry,
  makeSession,
  STORE,
} from "../support/zag_files.ts";

function makeMachine(...sessions: unknown[]) {
  const memory = createMemory();
  memory.env["ZAG_PROCESS_ID"] = ID;
  memory.put(STORE, formatStore(makeEntry()));
  memory.put(BASE_SESSIONS, formatSessions(...sessions));
  return createContext(memory);
}

test("readInstructions tells what the launch asks for", async () => {
  const exit = { hint: "a number", schema: { type: "integer" } };
  const context = makeMachine(makeSession({ exit }));
  const instructions = await readInstructions(context, "self");
  assert.deepEqual([instructions.id, instructions.exit], [ID, exit]);
  assert.match(instructions.text, /a number.*"type": "integer"/s);
});

test("readInstructions of a free launch asks for nothing", async () => {
  for (const sessions of [[makeSession()], []]) {
    const { exit, text } = await readInstructions(makeMachine(...sessions), ID);
    assert.equal(exit, null);
    assert.match(text, /may be left out/);
  }
});

test("readInstructions refuses what it cannot read", async () => {
  await assert.rejects(
    readInstructions(makeMachine(makeSession({ exit: { hint: 1 } })), ID),
    isError("unevaluable", /Cannot read what the launch .*exit\.hint/),
  );
  await assert.rejects(
    readInstructions(makeMachine(), "nobody"),
    isError("not-found"),
  );
});
