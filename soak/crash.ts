/**
 * Kills that are ended with SIGKILL at any step, and what the files look like
 * then, and whether a retry gets through.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { run } from "../src/cli/run.ts";
import { createNodeSystem } from "../src/system/node_system.ts";
import { type Runtime, startProgram } from "./child_program.ts";
import { createRandom } from "./random.ts";

/** One round. */
export interface CrashCase {
  /** The call at which the kill is ended; 0: none. */
  readonly step: number;
  /**
   * Before the call, after it, or half-way through what it writes; or, with
   * no regard to the step, some milliseconds after the start.
   */
  readonly when: "before" | "after" | "within" | number;
  /** Whether the agent carries zag's marker: `exec` and `spawn` do not. */
  readonly marked: boolean;
  /** The session log as it is at first. */
  readonly log: "missing" | "whole" | "torn";
  /** Whether a lock of an earlier crash is there. */
  readonly stale: boolean;
}

/** What came of all rounds; `faults` should be empty. */
export interface CrashCounts {
  rounds: number;
  /** Rounds in which the kill was indeed ended by SIGKILL. */
  crashed: number;
  /** By what the agent and the entry were then. */
  states: Record<string, number>;
  /** Crashes that left a lock, a temporary file, half a line. */
  leftLock: number;
  leftTemporary: number;
  leftTornLine: number;
  /** Retries that found the process ended and had nothing to do. */
  alreadyDone: number;
  /** The calls of a kill from the first act on. */
  calls: string[];
  faults: string[];
}

const ID = "11111111-aaaa-4bbb-8ccc-000000000001";
const RESULT = `{"answer":"${"long ".repeat(2000)}"}`;
const LOG = "logs/sessions/session-1.jsonl";
const OLD_LINES = '{"seq":0,"type":"session_started"}\n{"seq":1,"type":"x"}\n';

/** Runs all rounds; a case that goes wrong is named in `faults`. */
export async function runCrashes(
  runtime: Runtime,
  cases: readonly CrashCase[],
  progress: (done: number) => void = () => {},
): Promise<CrashCounts> {
  const counts: CrashCounts = {
    rounds: 0,
    crashed: 0,
    states: {},
    leftLock: 0,
    leftTemporary: 0,
    leftTornLine: 0,
    alreadyDone: 0,
    calls: [],
    faults: [],
  };
  for (const one of cases) {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "zag-ps-crash-")));
    try {
      await runCrash(runtime, one, join(folder, ".zag"), counts);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      counts.faults.push(`${JSON.stringify(one)}: ${why}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    progress(++counts.rounds);
  }
  return counts;
}

/**
 * Makes the cases: each step before, after and within, then the same with
 * other circumstances, then random moments.
 *
 * @param calls how many steps there are
 */
export function makeCases(
  count: number,
  calls: number,
  seed: number,
): CrashCase[] {
  const random = createRandom(seed);
  const cases: CrashCase[] = [];
  const circumstances = () => ({
    marked: random.oneIn(2),
    log: random.pick(["missing", "whole", "torn"] as const),
    stale: random.oneIn(2),
  });
  while (cases.length < count) {
    for (let step = 1; step <= calls; step++) {
      for (const when of ["before", "after", "within"] as const) {
        cases.push({ step, when, ...circumstances() });
      }
    }
    for (let i = 0; i < calls / 2; i++) {
      cases.push({ step: 0, when: random.below(400), ...circumstances() });
    }
  }
  return cases.slice(0, count);
}

/** A kill that is let through, to see how many steps there are. */
export const UNDISTURBED: CrashCase = {
  step: 0,
  when: "before",
  marked: true,
  log: "whole",
  stale: true,
};

async function runCrash(
  runtime: Runtime,
  one: CrashCase,
  home: string,
  counts: CrashCounts,
): Promise<void> {
  const env = one.marked ? { ZAG_PROCESS_ID: ID } : {};
  const agent = spawn("/bin/sleep", ["100"], { env, stdio: "ignore" });
  const ended = new Promise((resolve) => agent.on("exit", resolve));
  try {
    setUp(home, one, agent);
    const before = readFileSync(join(home, "processes.json"), "utf8");
    const how = await crash(runtime, one, home, counts);
    if (how === "SIGKILL") counts.crashed++;
    inspect(home, one, before, counts);
    await retry(home, ended, counts);
    inspectEnd(home, one, before);
  } finally {
    agent.kill("SIGKILL");
    await ended;
  }
}

function setUp(home: string, one: CrashCase, agent: ChildProcess): void {
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
    pid_namespace: NAMESPACE,
    host: HOST,
    token: "stale",
  });
}

const { pid_namespace: NAMESPACE, host: HOST } = await createNodeSystem()
  .describeSelf();

async function crash(
  runtime: Runtime,
  { step, when }: CrashCase,
  home: string,
  counts: CrashCounts,
): Promise<number | string | null> {
  const child = startProgram(runtime, [
    resolve("soak", "programs", "crashing_kill.ts"),
    home,
    String(step),
    typeof when === "number" ? "before" : when,
    ID,
    RESULT,
  ]);
  const timer = typeof when === "number"
    ? setTimeout(() => process.kill(child.pid, "SIGKILL"), when)
    : undefined;
  const how = await child.ended;
  clearTimeout(timer);
  const calls = /^CALLS (.*)$/m.exec(child.output())?.[1];
  if (calls !== undefined) counts.calls = JSON.parse(calls);
  if (how !== "SIGKILL" && how !== 0) {
    throw new Error(`the kill ended with ${how}: ${child.output()}`);
  }
  if (how !== "SIGKILL" && step > 0 && step <= counts.calls.length) {
    throw new Error(`the kill did not crash: ${child.output()}`);
  }
  return how;
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

/** What must hold at any instant. */
function inspect(
  home: string,
  { log }: CrashCase,
  before: string,
  counts: CrashCounts,
): void {
  const status = inspectStore(home, before);
  const { results, torn, others } = readLog(home);
  check(results.length <= 1, `the result is there ${results.length} times`);
  check(others === (log === "missing" ? 0 : 2), `${others} other lines`);
  if (torn && log !== "torn") counts.leftTornLine++;
  const names = readdirSync(home);
  if (names.includes("processes.json.lock")) counts.leftLock++;
  if (names.some((name) => name.endsWith(".tmp"))) counts.leftTemporary++;
  const state = `${status}, ${results.length ? "" : "not "}recorded`;
  counts.states[state] = (counts.states[state] ?? 0) + 1;
}

/** @returns the status of the entry */
function inspectStore(home: string, before: string): string {
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

function readLog(
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

async function retry(
  home: string,
  ended: Promise<unknown>,
  counts: CrashCounts,
): Promise<void> {
  let printed = "";
  const print = (text: string) => void (printed += text);
  const argv = ["--zag-home", home, "kill", ID, RESULT];
  const status = await run(argv, createNodeSystem(), {
    out: print,
    err: print,
    isTerminal: () => false,
    columns: () => undefined,
  });
  if (status === 3) {
    check(/is not running/.test(printed), printed);
    counts.alreadyDone++;
  } else check(status === 0, `the retry ended with ${status}: ${printed}`);
  await Promise.race([
    ended,
    new Promise((_, reject) =>
      setTimeout(() => reject(new Error("the agent lives on")), 5000)
    ),
  ]);
}

/** What must hold once the retry is through. */
function inspectEnd(home: string, one: CrashCase, before: string): void {
  check(inspectStore(home, before) === "killed", "the entry is not marked");
  const { results, torn, others } = readLog(home);
  check(results.length === 1, `the result is there ${results.length} times`);
  check(!torn, "the log ends with half a line");
  check(others === (one.log === "missing" ? 0 : 2), `${others} other lines`);
  const known = ["logs", "processes.json", "sessions.json"];
  // A breaker that died leaves its own lock; who breaks next breaks it, too.
  if (one.stale) known.push("processes.json.lock.break");
  const left = readdirSync(home).filter((name) => !known.includes(name));
  check(left.length === 0, `left behind: ${left.join(", ")}`);
}
