/**
 * Kills that are ended with SIGKILL at any step, and what the files look like
 * then, and whether a retry gets through.
 *
 * @module
 */

import { spawn } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { run } from "../src/cli/run.ts";
import { createNodeSystem } from "../src/system/node_system.ts";
import { type Runtime, startProgram } from "./child_program.ts";
import {
  check,
  ID,
  inspectStore,
  readLog,
  RESULT,
  setUp,
} from "./crash_home.ts";
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

/** Calls that can be ended half-way through what they write. */
const WRITING = ["createFile", "appendFile"];

/** The circumstances on which the steps of a kill depend. */
export function listCircumstances(): CrashCase[] {
  return [false, true].flatMap((stale) =>
    (["missing", "whole", "torn"] as const).map((log) => ({
      ...UNDISTURBED,
      stale,
      log,
    }))
  );
}

/**
 * Makes the cases: each step of all circumstances before and after, and within
 * where something is written, in random order; then random moments.
 *
 * @param steps the names of the calls, by circumstances
 */
export function makeCases(
  count: number,
  steps: readonly (readonly [CrashCase, readonly string[]])[],
  seed: number,
): CrashCase[] {
  const random = createRandom(seed);
  const all = steps.flatMap(([one, names]) =>
    names.flatMap((name, i) =>
      (["before", "after", "within"] as const)
        .filter((when) => when !== "within" || WRITING.includes(name))
        .map((when) => ({ ...one, step: i + 1, when }))
    )
  );
  const cases: CrashCase[] = [];
  while (cases.length < count) {
    const [one] = all.length > 0
      ? all.splice(random.below(all.length), 1)
      : [{ ...random.pick(steps)[0], when: random.below(MAX_MOMENT_MS) }];
    if (one !== undefined) cases.push({ ...one, marked: random.oneIn(2) });
  }
  return cases;
}

/** A kill takes about that long, the start of its runtime included. */
const MAX_MOMENT_MS = 400;

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
