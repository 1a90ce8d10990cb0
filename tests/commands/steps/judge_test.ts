import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeEntries } from "../../../src/commands/steps/judge.ts";
import { requireSignallable } from "../../../src/commands/steps/require_signallable.ts";
import type { Context } from "../../../src/commands/context.ts";
import type { Verdict } from "../../../src/model/liveness.ts";
import type { ProcessEntry } from "../../../src/model/process_entry.ts";
import { createMemory, type Memory } from "../../support/memory_system.ts";
import {
  createContext,
  ID,
  isError,
  makeEntry,
  makeFacts,
  PID,
} from "../../support/zag_files.ts";

function makeMachine(): Memory {
  const memory = createMemory();
  memory.processes.set(PID, makeFacts());
  return memory;
}

test("judgeEntries judges each entry in its place, in one look", async () => {
  const memory = makeMachine();
  const entries = [
    makeEntry(),
    makeEntry({ pid: 99 }),
    makeEntry({ pid: 0 }),
    makeEntry({ status: "exited" }),
  ];
  const judged = await judgeEntries(createContext(memory), entries);
  assert.deepEqual(judged.map(({ entry }) => entry), entries);
  assert.deepEqual(
    judged.map(({ verdict }) => verdict.liveStatus),
    ["running", "dead", "unknown", "exited"],
  );
  assert.equal(memory.calls.length, 1);
});

test("judgeEntries warns of what cannot be seen", async () => {
  const memory = makeMachine();
  memory.sight = { complete: false, limit: "It is dark" };
  const context = createContext(memory);
  await judgeEntries(context, [makeEntry()]);
  assert.deepEqual(context.warnings, ["It is dark"]);
});

async function requireAlive(
  context: Context,
  entry: ProcessEntry,
  unverified: boolean,
): Promise<Verdict> {
  const [judged] = await judgeEntries(context, [entry]);
  assert.ok(judged);
  requireSignallable(context, judged, unverified);
  return judged.verdict;
}

test("requireSignallable lets a live process pass", async () => {
  const memory = makeMachine();
  const context = createContext(memory);
  const verdict = await requireAlive(context, makeEntry(), false);
  assert.equal(verdict.alive, true);
  assert.equal(verdict.facts, memory.processes.get(PID));
});

test("requireSignallable tells what is dead, invalid and unseen apart", async () => {
  const memory = makeMachine();
  const context = createContext(memory);
  await assert.rejects(
    requireAlive(context, makeEntry({ pid: 99 }), true),
    isError(
      "not-running",
      new RegExp(`^Process ${ID} is not running \\(status: dead\\)$`),
    ),
  );
  await assert.rejects(
    requireAlive(context, makeEntry({ pid: 2 ** 31 }), true),
    isError("invalid-entry", /: pid 2147483648 is not an integer from 2 to /),
  );
  memory.sight = { complete: false, limit: undefined };
  await assert.rejects(
    requireAlive(context, makeEntry({ pid: 99 }), true),
    isError("unseen", /^Cannot tell whether process 99 \(.*\) is running: /),
  );
});

test("requireSignallable refuses the runner of a CI job", async () => {
  const memory = createMemory();
  const args = ["/home/ada/runner/bin/Runner.Worker", "spawnclient", "1", "2"];
  memory.processes.set(PID, makeFacts({ args }));
  await assert.rejects(
    requireAlive(createContext(memory), makeEntry(), true),
    isError("refused", /pid 4711 is the GitHub runner's worker, it runs the/),
  );
});
