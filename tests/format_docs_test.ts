import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decodeProcessStore } from "../src/model/process_entry.ts";
import {
  decodeSessionIndex,
  decodeSessionStore,
} from "../src/model/session_entry.ts";
import { readLabels } from "../src/model/session_labels.ts";
import { look } from "../src/system/lock_holder.ts";
import { createMemory } from "./support/memory_system.ts";
import { readBlocks } from "./support/readme.ts";

const PAGE = readFileSync("docs/format.md", "utf8");
const [processes = "", sessions = "", index = "", lock = "", ...others] =
  readBlocks("json", PAGE);

test("docs/format.md shows a process store that is read", () => {
  const { entries, bad } = decodeProcessStore(processes, "docs/format.md");
  assert.deepEqual(bad, []);
  assert.deepEqual(entries.map(({ entry }) => entry.provider), ["claude"]);
  const named = [...PAGE.matchAll(/^\| (`.*?) +\|/gm)].map(([, cell]) => cell)
    .join(" ");
  for (const field of Object.keys(entries[0]?.entry ?? {})) {
    assert.ok(named.includes(`\`${field}\``), field);
  }
  assert.deepEqual(others, []);
});

test("docs/format.md shows sessions that are read", () => {
  const store = decodeSessionStore(sessions, "docs/format.md");
  assert.deepEqual(store.bad, []);
  assert.deepEqual(
    store.sessions.map((session) => [
      readLabels(session).name,
      session.exit?.json_mode,
    ]),
    [["invoices", true]],
  );
  const lines = decodeSessionIndex(index, "docs/format.md");
  assert.deepEqual(lines.map(({ project }) => project), ["srv-shop"]);
});

test("docs/format.md shows a log of one session, numbered", () => {
  const lines = readBlocks("jsonl", PAGE).join("").trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ seq }) => seq), [1, 2, 3]);
  assert.deepEqual(
    lines.map(({ type }) => type),
    ["session_started", "session_result", "session_ended"],
  );
  assert.equal(new Set(lines.map((line) => line.wrapper_session_id)).size, 1);
});

test("docs/format.md shows a lock that is understood", () => {
  const memory = createMemory();
  memory.put("/lock", lock);
  assert.equal(look(memory.system, "/lock").kind, "held");
});
