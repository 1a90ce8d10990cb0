import assert from "node:assert/strict";
import { test } from "node:test";
import { VERSION } from "../../src/model/version.ts";
import { capture } from "../support/capture.ts";
import {
  createMemory,
  type Memory,
  systemError,
} from "../support/memory_system.ts";
import { ID, makeEntry, makeSession } from "../support/records.ts";
import { makeFacts } from "../support/zag_files.ts";

const STORE = "/home/ada/.zag/processes.json";
const SESSIONS = "/home/ada/.zag/sessions.json";
const LOG = "/home/ada/.zag/logs/sessions/session-1.jsonl";
const NOW = "2026-11-22T12:00:00.000+00:00";
const PID = 4321;

const SENDING = `> Sending kill signal to process ${PID} (${ID})\n`;

/** A machine with one live agent that has a session. */
function prepare(
  fields: Record<string, unknown> = {},
  session: Record<string, unknown> = {},
): Memory {
  const memory = createMemory();
  putEntries(memory, [makeEntry({
    pid: PID,
    session_id: "session-1",
    started_at: "2026-11-22T11:00:00+00:00",
    ...fields,
  })]);
  const sessions = [makeSession(session)];
  memory.put(SESSIONS, JSON.stringify({ sessions }));
  const markers = { ZAG_PROCESS_ID: ID };
  memory.processes.set(PID, makeFacts({ pid: PID, markers }));
  return memory;
}

function putEntries(memory: Memory, processes: unknown[]): void {
  memory.put(STORE, JSON.stringify({ processes }));
}

function readEntry(memory: Memory): Record<string, unknown> {
  return JSON.parse(memory.text(STORE) ?? "").processes[0];
}

function readLog(memory: Memory): Record<string, unknown>[] {
  const text = memory.text(LOG);
  if (text === undefined) return [];
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

test("run prints the version and the help without looking at anything", async () => {
  const memory = createMemory();
  for (const argv of [["-V"], ["--version"], ["kill", "-V"]]) {
    assert.deepEqual(await capture(argv, memory.system), {
      status: 0,
      stdout: `zag-ps ${VERSION}\n`,
      stderr: "",
    });
  }
  for (const argv of [["-h"], ["help"], ["kill", "--help"], ["ls", "-h"]]) {
    const { status, stdout, stderr } = await capture(argv, memory.system);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^Usage: zag-ps /m);
  }
  assert.deepEqual(memory.calls, []);
});

test("run prints a usage error with status 2 and looks at nothing", async () => {
  const memory = createMemory();
  const ran = await capture(["kill", "self", "-1"], memory.system);
  assert.deepEqual(ran, {
    status: 2,
    stdout: "",
    stderr:
      'Error: Unknown option "-1"\nA text that begins with a dash goes after --, for example: zag-ps kill self -- -1\n',
  });
  assert.deepEqual(memory.calls, []);
});

test("run lists no processes where there is no store", async () => {
  const { system } = createMemory();
  assert.deepEqual(await capture([], system), {
    status: 0,
    stdout: "No processes found.\n",
    stderr: "",
  });
  assert.deepEqual(await capture(["--json"], system), {
    status: 0,
    stdout: "[]\n",
    stderr: "",
  });
});

test("run lists the table, and JSON before and after the verb", async () => {
  const { system } = prepare();
  const plain = await capture(["list"], system);
  assert.deepEqual([plain.status, plain.stderr], [0, ""]);
  assert.equal(
    plain.stdout.split("\n")[2],
    `${ID}   ${PID}    running  claude     opus       run     2026-11-22T11:00:00+   fix the tests`,
  );
  const json = await capture(["--json", "list"], system);
  assert.equal(JSON.parse(json.stdout)[0].live_status, "running");
  assert.deepEqual(await capture(["list", "--json"], system), json);
  assert.deepEqual(await capture(["--json"], system), json);
  assert.deepEqual(await capture(["ls", "--json"], system), json);
});

test("run shows one process, and the log's path in JSON", async () => {
  const { system } = prepare();
  const plain = await capture(["show", ID], system);
  assert.equal(
    plain.stdout,
    [
      `Process ID:  ${ID}`,
      `PID:         ${PID}`,
      "Status:      running",
      "Provider:    claude",
      "Model:       opus",
      "Command:     run",
      "Started:     2026-11-22T11:00:00+00:00",
      "Session ID:  session-1",
      "Prompt:      fix the tests",
      "",
    ].join("\n"),
  );
  assert.deepEqual(await capture(["inspect", ID.slice(0, 4)], system), plain);
  const json = await capture(["show", ID, "--json"], system);
  assert.equal(JSON.parse(json.stdout).log_path, LOG);
});

test("run stops with SIGHUP and the two lines of the contract", async () => {
  const memory = prepare();
  const before = memory.text(STORE);
  assert.deepEqual(await capture(["stop", ID], memory.system), {
    status: 0,
    stdout: `> Sending stop signal to process ${PID} (${ID})\n` +
      "✓ Stop signal sent\n",
    stderr: "",
  });
  assert.deepEqual(memory.signals, [[PID, "SIGHUP"]]);
  assert.equal(memory.text(STORE), before);
});

test("run kills with SIGTERM, the result recorded and the entry marked", async () => {
  const memory = prepare();
  assert.deepEqual(await capture(["kill", ID, "007"], memory.system), {
    status: 0,
    stdout: `${SENDING}✓ Process killed\n`,
    stderr: "",
  });
  assert.deepEqual(memory.signals, [[PID, "SIGTERM"]]);
  const { status, exited_at, exit_code } = readEntry(memory);
  assert.deepEqual([status, exited_at, exit_code], ["killed", NOW, null]);
  assert.deepEqual(readLog(memory).map(({ result }) => result), ["007"]);
});

test("run prints one JSON object of stop, its lines on stderr", async () => {
  const { system } = prepare();
  for (const argv of [["--json", "stop", ID], ["stop", ID, "--json"]]) {
    assert.deepEqual(await capture(argv, system), {
      status: 0,
      stdout:
        `{"id":"${ID}","outcome":"signalled","pid":${PID},"result_recorded":false,"signal":"SIGHUP"}\n`,
      stderr: `> Sending stop signal to process ${PID} (${ID})\n` +
        "✓ Stop signal sent\n",
    });
  }
});

test("run prints one JSON object of kill, its lines on stderr", async () => {
  const { status, stdout, stderr } = await capture(
    ["kill", ID, "x", "--json"],
    prepare().system,
  );
  assert.equal(status, 0);
  const value = JSON.parse(stdout);
  assert.equal(stdout, `${JSON.stringify(value)}\n`);
  assert.deepEqual(Object.keys(value), Object.keys(value).toSorted());
  const { id, pid, signal, outcome, result_recorded } = value;
  assert.deepEqual([id, pid, signal], [ID, PID, "SIGTERM"]);
  assert.deepEqual([outcome, result_recorded], ["signalled", true]);
  assert.equal(stderr, `${SENDING}✓ Process killed\n`);

  const without = await capture(["--json", "kill", ID], prepare().system);
  assert.equal(JSON.parse(without.stdout).result_recorded, false);
});

test("run says that a process had ended when the signal was due", async () => {
  const memory = prepare();
  memory.onCall = (name) => {
    if (name === "signal") memory.processes.clear();
  };
  const plain = await capture(["kill", ID, "x"], memory.system);
  assert.equal(plain.status, 0);
  assert.equal(plain.stdout, `${SENDING}✓ Process had already ended\n`);
  assert.equal(readEntry(memory)["status"], "killed");

  const other = prepare();
  other.onCall = (name) => {
    if (name === "signal") other.processes.clear();
  };
  const json = await capture(["kill", ID, "--json"], other.system);
  assert.equal(JSON.parse(json.stdout).outcome, "already-ended");
});

test("run puts the entry back when the signal is denied, and says so", async () => {
  const memory = prepare();
  const before = memory.text(STORE);
  memory.onCall = (name) => {
    if (name === "signal") throw systemError("EPERM");
  };
  const ran = await capture(["kill", ID], memory.system);
  assert.deepEqual(ran, {
    status: 1,
    stdout: SENDING,
    stderr:
      "Error: Failed to signal process: operation not permitted (EPERM)\n" +
      "Its entry was put back as it was\n",
  });
  assert.equal(memory.text(STORE), before);
});

test("run aborts a kill whose result cannot be recorded, and says so", async () => {
  const memory = prepare();
  const before = memory.text(STORE);
  memory.onCall = (name) => {
    if (name === "appendFile") throw systemError("ENOSPC");
  };
  const ran = await capture(["kill", ID, "x"], memory.system);
  assert.equal(ran.status, 1);
  assert.equal(ran.stdout, "");
  assert.match(ran.stderr, /^Error: Failed to record session result: .*ENOSPC/);
  assert.match(ran.stderr, /aborted.* still running/i);
  assert.equal(memory.text(STORE), before);
  assert.deepEqual(memory.signals, []);
});
