import assert from "node:assert/strict";
import { test } from "node:test";
import { readOutput } from "../../src/commands/output.ts";
import { createAgentMachine, LOG } from "../support/agent_at_work.ts";
import { createMemory } from "../support/memory_system.ts";
import {
  createContext,
  formatStore,
  ID,
  isError,
  makeEntry,
  makeSession,
  STORE,
} from "../support/zag_files.ts";

const STARTED = "2026-11-22T10:59:00.000900+00:00";

function makeMachine(log: string | undefined, session = makeSession()) {
  const store = formatStore(makeEntry({ started_at: STARTED }));
  return createContext(createAgentMachine({ store, session, log }));
}

const EVENTS = [
  { type: "session_result", result: "old" },
  { type: "assistant_message", content: "first" },
  {
    type: "session_result",
    result: " new\n\u001b",
    ts: "2026-11-22T11:00:00Z",
  },
  { type: "assistant_message", content: "second", ts: "2026-11-22T11:30:00Z" },
  { type: "session_ended", success: true, error: null },
].map((event) => JSON.stringify(event)).join("\n");

test("readOutput finds the last recorded result", async () => {
  const { entry, ...output } = await readOutput(makeMachine(EVENTS), ID);
  assert.equal(entry.id, ID);
  assert.deepEqual(output, {
    log: LOG,
    text: " new\n\u001b",
    recordedAt: "2026-11-22T11:00:00Z",
  });
});

test("readOutput finds the last message", async () => {
  const context = makeMachine(EVENTS);
  const { text } = await readOutput(context, ID, { lastMessage: true });
  assert.equal(text, "second");
});

test("readOutput takes an empty result for a result", async () => {
  const line = '{"type":"session_result","result":""}\n';
  assert.equal((await readOutput(makeMachine(line), ID)).text, "");
});

test("readOutput finds a session by its name", async () => {
  const context = makeMachine(EVENTS, makeSession({ name: "roof" }));
  assert.equal((await readOutput(context, "roof")).text, " new\n\u001b");
});

test("readOutput counts from the millisecond of the start on", async () => {
  const look = async (ts: string) => {
    const more = { result: "x", content: "x", ts };
    const log = ["session_result", "assistant_message"]
      .map((type) => `${JSON.stringify({ type, ...more })}\n`).join("");
    const context = makeMachine(log);
    for (const lastMessage of [false, true]) {
      await readOutput(context, ID, { lastMessage });
    }
  };
  await look("2026-11-22T10:59:00.000+00:00");
  await look("no date");
  const before = look("2026-11-22T10:58:59.999+00:00");
  await assert.rejects(before, isError("no-output"));
});

test("readOutput leaves out the result of an earlier run", async () => {
  const ts = "2026-11-22T10:30:00Z";
  const log = [
    { type: "session_started", ts },
    { type: "assistant_message", content: "earlier", ts },
    { type: "session_result", result: "earlier", ts },
    { type: "session_started", resumed: true, ts: "2026-11-22T10:59:01Z" },
  ].map((event) => `${JSON.stringify(event)}\n`).join("");
  for (const lastMessage of [false, true]) {
    await assert.rejects(
      readOutput(makeMachine(log), ID, { lastMessage }),
      isError("no-output"),
    );
  }
});

for (
  const [name, log] of [
    ["no log", undefined],
    ["an empty log", ""],
    ["a log without a result", '{"type":"session_started"}\n'],
    ["a result that is no text", '{"type":"session_result","result":1}\n'],
  ] as const
) {
  test(`readOutput refuses ${name}`, async () => {
    const context = makeMachine(log);
    await assert.rejects(
      readOutput(context, ID),
      isError("no-output", /has no recorded result$/),
    );
    await assert.rejects(
      readOutput(context, ID, { lastMessage: true }),
      isError("no-output", /has no message$/),
    );
  });
}

test("readOutput refuses a process without a session", async () => {
  const memory = createMemory();
  memory.put(STORE, formatStore(makeEntry({ session_id: null })));
  await assert.rejects(
    readOutput(createContext(memory), ID),
    isError("no-output"),
  );
});

test("readOutput does not leave the zag home", async () => {
  const session = makeSession({ log_path: "/etc/passwd.jsonl" });
  await assert.rejects(
    readOutput(makeMachine(EVENTS, session), ID),
    isError("record", /outside the zag home/),
  );
});

test("readOutput says why a log cannot be read", async () => {
  const context = makeMachine(undefined);
  const { system } = context;
  system.makeFolder(LOG);
  await assert.rejects(
    readOutput(context, ID),
    isError("record", /not a regular file/),
  );
});
