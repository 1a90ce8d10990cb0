/**
 * The zag home of a crash: how it is before, and what must hold of it later.
 *
 * @module
 */

import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { createNodeSystem } from "../src/system/node_system.ts";
import type { CrashCase } from "./crash.ts";

/** The agent and its result. */
export const ID = "11111111-aaaa-4bbb-8ccc-000000000001";
export const RESULT = `{"answer":"${"long ".repeat(2000)}"}`;
const LOG = "logs/sessions/session-1.jsonl";
const OLD_LINES = '{"seq":0,"type":"session_started"}\n{"seq":1,"type":"x"}\n';

/** Makes the home of a case, with its agent. */
export function setUp(home: string, one: CrashCase, agent: ChildProcess): void {
  mkdirSync(home);
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  };
  const started_at = new Date().toISOString().replace("Z", "+00:00");
  const entry = {
    id: ID,
    pid: agent.pid,
    session_id: "session-1",
    provider: "claude",
    model: "opus",
    command: "run",
    prompt: "mend the roof",
    started_at,
    status: "running",
    exit_code: null,
    exited_at: null,
    unknown: [1, { deep: 2 }],
  };
  const other = { ...entry, id: "other", pid: 2 ** 30, status: "exited" };
  write(
    "processes.json",
    JSON.stringify({ processes: [other, entry] }, null, 2),
  );
  const session = {
    session_id: "session-1",
    provider: "claude",
    worktree_path: "",
    worktree_name: "",
    created_at: started_at,
    exit: { hint: "the answer", json_mode: true },
  };
  write("sessions.json", JSON.stringify({ sessions: [session] }));
  if (one.log !== "missing") {
    write(LOG, OLD_LINES + (one.log === "torn" ? '{"seq":2,"ty' : ""));
  }
  if (one.stale) write("processes.json.lock", makeStaleLock());
}

/** As a zag-ps would have left it whose pid another process has now. */
function makeStaleLock(): string {
  const read = (path: string) => {
    try {
      return readFileSync(path, "utf8").trim();
    } catch {
      return "";
    }
  };
  return JSON.stringify({
    pid: process.pid,
    start_ticks: "proc:1",
    boot_id: read("/proc/sys/kernel/random/boot_id"),
    pid_namespace: SELF.pid_namespace,
    time_namespace: SELF.time_namespace,
    host: SELF.host,
    token: "stale",
  });
}

const SELF = await createNodeSystem().describeSelf();

/** Throws if something does not hold. */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/**
 * Looks at the store, which must be whole and changed in nothing else.
 *
 * @returns the status of the entry
 */
export function inspectStore(home: string, before: string): string {
  const text = readFileSync(join(home, "processes.json"), "utf8");
  const { processes } = JSON.parse(text);
  const { status, exited_at } = processes[1];
  if (status === "running") {
    check(text === before, "the store of a running entry was changed");
    return status;
  }
  check(status === "killed", `the status is "${status}"`);
  // It was written in this very form: nothing else may differ by a byte.
  const expected = JSON.parse(before);
  Object.assign(expected.processes[1], { status, exited_at });
  check(
    text === JSON.stringify(expected, null, 2),
    "another part of the store was changed",
  );
  return status;
}

/** Reads the log; a result in it that is not the whole one is an error. */
export function readLog(
  home: string,
): { results: string[]; torn: boolean; others: number } {
  const path = join(home, LOG);
  if (!existsSync(path)) return { results: [], torn: false, others: 0 };
  const lines = readFileSync(path, "utf8").split("\n");
  const last = lines.pop() ?? "";
  const events = lines.filter((line) => line !== "").map((line) => {
    try {
      return JSON.parse(line);
    } catch {
      // What was torn from the start, or by the crash.
      return undefined;
    }
  });
  const results = events.filter((event) => event?.type === "session_result");
  for (const { result } of results) {
    check(result === RESULT, "a recorded result is another one");
  }
  return {
    results: results.map(({ result }) => result),
    torn: last !== "",
    others: events.filter((event) => event && !("result" in event)).length,
  };
}
