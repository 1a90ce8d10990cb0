import assert from "node:assert/strict";
import { test } from "node:test";
import { recordResult } from "../../../src/commands/steps/record_result.ts";
import {
  createMemory,
  type Memory,
  systemError,
} from "../../support/memory_system.ts";
import {
  BASE_SESSIONS,
  createContext,
  HOME,
  isError,
} from "../../support/zag_files.ts";

const LOG = `${HOME}/logs/sessions/s-1.jsonl`;
const SESSION = {
  session_id: "s-1",
  provider: "codex",
  provider_session_id: "p-1",
};

/** The line of a result, without its newline. */
function makeLine(seq: number, result: string): string {
  return `{"seq":${seq},"ts":"2026-11-22T12:00:00.000+00:00","provider":"codex",` +
    '"wrapper_session_id":"s-1","provider_session_id":"p-1","source_kind":"wrapper",' +
    `"completeness":"full","type":"session_result","result":${
      JSON.stringify(result)
    }}`;
}

function record(memory: Memory, result = "done", session: object = {}) {
  return recordResult(
    createContext(memory),
    { ...SESSION, ...session },
    BASE_SESSIONS,
    result,
  );
}

test("recordResult creates the log and its folders, and syncs them", () => {
  const memory = createMemory();
  assert.deepEqual(record(memory), { log: LOG, repeated: false });
  assert.equal(memory.text(LOG), `${makeLine(0, "done")}\n`);
  assert.deepEqual(memory.calls, [
    `status ${LOG}`,
    `makeFolder ${HOME}/logs/sessions`,
    `appendFile ${LOG}`,
    `syncFolder ${HOME}/logs/sessions`,
  ]);
});

const STARTED = '{"seq":6,"type":"session_started","resumed":true}\n';
const OTHER = '{"seq":7,"type":"heartbeat"}\n';

const APPENDED: [name: string, log: string, added: string][] = [
  ["an empty log", "", `${makeLine(1, "done")}\n`],
  ["a log", OTHER, `${makeLine(8, "done")}\n`],
  [
    "a torn log",
    `${OTHER}{"seq":8,"type":"assis`,
    `\n${makeLine(8, "done")}\n`,
  ],
  ["a log without a last newline", '{"seq":3}', `\n${makeLine(4, "done")}\n`],
  ["another result", `${makeLine(2, "x")}\n`, `${makeLine(3, "done")}\n`],
  [
    "a session that was resumed since the same result",
    `${makeLine(5, "done")}\n${STARTED}`,
    `${makeLine(7, "done")}\n`,
  ],
  [
    "the same result, torn",
    makeLine(5, "done").slice(0, -2),
    `\n${makeLine(1, "done")}\n`,
  ],
];

for (const [name, log, added] of APPENDED) {
  test(`recordResult appends to ${name} in one write`, () => {
    const memory = createMemory();
    memory.put(LOG, log);
    assert.equal(record(memory).repeated, false);
    assert.equal(memory.text(LOG), log + added);
    const acts = memory.calls.filter((call) => !/^(status|readR)/.test(call));
    assert.deepEqual(acts, [`appendFile ${LOG}`]);
  });
}

test("recordResult does not mind bytes that are not UTF-8", () => {
  const memory = createMemory();
  memory.put(LOG, "");
  const bytes = new TextEncoder().encode(OTHER);
  const content = new Uint8Array([...bytes, 0xff, 0xc3]);
  Object.assign(memory.files.get(LOG) ?? {}, { content });
  record(memory);
  const after = memory.files.get(LOG)?.content ?? new Uint8Array();
  assert.deepEqual(after.slice(0, content.length), content);
  assert.equal(
    new TextDecoder().decode(after.slice(content.length)),
    `\n${makeLine(8, "done")}\n`,
  );
});

const REPEATED: [name: string, log: string][] = [
  ["at the end", `${makeLine(5, "done")}\n`],
  ["before other events", `${makeLine(5, "done")}\n${OTHER}`],
];

for (const [name, log] of REPEATED) {
  test(`recordResult adds nothing to the same result ${name}`, () => {
    const memory = createMemory();
    memory.put(LOG, log);
    assert.deepEqual(record(memory), { log: LOG, repeated: true });
    assert.equal(memory.text(LOG), log);
  });
}

test("recordResult ends the line of the same result that has no newline", () => {
  const memory = createMemory();
  const line = makeLine(5, "done");
  memory.put(LOG, line);
  assert.deepEqual(record(memory), { log: LOG, repeated: true });
  assert.equal(memory.text(LOG), `${line}\n`);
});

for (
  const result of [
    "",
    "007",
    "9007199254740993",
    " \n",
    '```json\n{"a":1}\n```',
    "é😀\u2028\0",
    "x".repeat(3 * 1024 * 1024),
  ]
) {
  test(`recordResult keeps a result of ${result.length} characters`, () => {
    const memory = createMemory();
    record(memory, result);
    const text = memory.text(LOG) ?? "";
    assert.equal(text.split("\n").length, 2);
    assert.ok(JSON.parse(text).result === result);
    assert.equal(record(memory, result).repeated, true);
    assert.equal(record(memory, `${result}!`).repeated, false);
  });
}

for (const provider_session_id of [null, undefined]) {
  test(`recordResult writes the provider's id ${provider_session_id} as null`, () => {
    const memory = createMemory();
    record(memory, "done", { provider_session_id });
    assert.equal(JSON.parse(memory.text(LOG) ?? "").provider_session_id, null);
  });
}

test("recordResult takes the stored log path", () => {
  const memory = createMemory();
  const log_path = `${HOME}/projects/p/logs/sessions/other.jsonl`;
  assert.equal(record(memory, "done", { log_path }).log, log_path);
  assert.deepEqual([...memory.files.keys()], [log_path]);
});

test("recordResult takes a log path in a home that is a link", () => {
  const memory = createMemory();
  memory.links.set(HOME, "/data/zag");
  memory.folders.add("/data/zag");
  const log_path = "/data/zag/logs/sessions/s-1.jsonl";
  assert.equal(record(memory, "done", { log_path }).log, log_path);
});

test("recordResult takes ZAG_USER_LOG_DIR", () => {
  const memory = createMemory();
  memory.env.ZAG_USER_LOG_DIR = "/logs";
  assert.equal(record(memory).log, "/logs/sessions/s-1.jsonl");
});

const OUTSIDE: [name: string, session: object][] = [
  ["a session id that leads outside", { session_id: "../../x" }],
  ["an absolute session id", { session_id: "/etc/x" }],
  ["a session id that is a folder", { session_id: ".." }],
  ["an empty session id", { session_id: "" }],
  ["a log path outside the zag home", { log_path: "/etc/cron.d/x" }],
  ["a log path with dots", { log_path: `${HOME}/../x.jsonl` }],
  ["a relative log path", { log_path: "logs/x.jsonl" }],
];

for (const [name, session] of OUTSIDE) {
  test(`recordResult refuses ${name} and touches nothing`, () => {
    const memory = createMemory();
    assert.throws(
      () => record(memory, "done", session),
      isError(
        "record",
        /^Failed to record session result: Cannot [^]*\nKill aborted, the process is still running/,
      ),
    );
    // Links may be followed to see where a path leads; nothing is opened.
    const touched = memory.calls.filter((call) =>
      !call.startsWith("realPath ")
    );
    assert.deepEqual(touched, []);
  });
}

test("recordResult refuses a folder in the place of the log", () => {
  const memory = createMemory();
  memory.folders.add(LOG);
  assert.throws(
    () => record(memory),
    isError("record", /is not a regular file\nKill aborted/),
  );
});

test("recordResult refuses a file in the place of the folder", () => {
  const memory = createMemory();
  memory.put(`${HOME}/logs`, "x");
  assert.throws(
    () => record(memory),
    isError("record", /a part of the path is not a folder \(ENOTDIR\)\nKill/),
  );
  assert.equal(memory.text(`${HOME}/logs`), "x");
});

for (const call of ["status", "readRange", "appendFile"]) {
  for (const code of ["EACCES", "ENOSPC", "EIO"]) {
    test(`recordResult fails if ${call} ends in ${code}`, () => {
      const memory = createMemory();
      memory.put(LOG, OTHER);
      memory.onCall = (name) => {
        if (name === call) throw systemError(code);
      };
      assert.throws(
        () => record(memory),
        isError(
          "record",
          new RegExp(
            `^Failed to record session result: .*\\(${code}\\)\nKill aborted, the process is still running`,
          ),
        ),
      );
      assert.equal(memory.text(LOG), OTHER);
    });
  }
}
