/**
 * Ends trees of processes that try to get away, beside bystanders of the same
 * names that must not be hurt.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { PROCESS_ID_MARKER } from "../src/model/process_facts.ts";
import type { Runtime } from "./child_program.ts";

/** How the trees are ended. */
export interface TreesOptions {
  readonly runtime: Runtime;
  /** How many trees, of {@linkcode TREE_SIZE} processes each. */
  readonly trees: number;
  /** How many are ended by one command. */
  readonly batch: number;
  readonly bystanders: number;
}

/** What came of it; `faults` should be empty. */
export interface TreesCounts {
  trees: number;
  processes: number;
  survivors: number;
  bystandersHurt: number;
  /** By outcome, the agents and all others. */
  outcomes: Record<string, number>;
  longestMs: number;
  faults: string[];
}

/** The processes of one tree (see `programs/tree.sh`). */
export const TREE_SIZE = 20;

const MODES = ["polite", "stubborn", "late", "orderly"] as const;
const PROGRAM = resolve("soak", "programs", "tree.sh");
const CLI = resolve("cli.ts");
const DEADLINE_MS = 60_000;
const STEP = "500ms";

/** One tree. */
interface Tree {
  readonly id: string;
  readonly tag: string;
  readonly mode: string;
  readonly root: ChildProcess;
}

/** Runs all batches. */
export async function runTrees(
  options: TreesOptions,
  progress: (done: number) => void = () => {},
): Promise<TreesCounts> {
  const counts: TreesCounts = {
    trees: 0,
    processes: 0,
    survivors: 0,
    bystandersHurt: 0,
    outcomes: {},
    longestMs: 0,
    faults: [],
  };
  const home = realpathSync(mkdtempSync(join(tmpdir(), "zag-ps-trees-")));
  mkdirSync(join(home, ".zag"));
  const bystanders = startBystanders(options.bystanders);
  try {
    while (counts.trees < options.trees) {
      const size = Math.min(options.batch, options.trees - counts.trees);
      const trees = Array.from(
        { length: size },
        (_, i) => startTree(counts.trees + i),
      );
      try {
        await endBatch(options.runtime, home, trees, counts);
      } finally {
        for (const { tag } of trees) killTagged(tag);
      }
      counts.trees += size;
      progress(counts.trees);
      const hurt = bystanders.filter(({ exitCode, signalCode }) =>
        exitCode !== null || signalCode !== null
      );
      if (hurt.length > counts.bystandersHurt) {
        counts.faults.push(`${hurt.length} bystanders were hurt`);
      }
      counts.bystandersHurt = hurt.length;
    }
  } finally {
    for (const one of bystanders) one.kill("SIGKILL");
    rmSync(home, { recursive: true, force: true });
  }
  return counts;
}

/**
 * Half of them unmarked, half with the mark of another agent: shells and
 * sleepers, as in the trees.
 */
function startBystanders(count: number): ChildProcess[] {
  return Array.from({ length: count }, (_, i) => {
    const env = { PATH: process.env["PATH"] ?? "" };
    const mark = { [PROCESS_ID_MARKER]: makeId(900_000 + i) };
    const args: [string, string[]] = i % 4 < 2
      ? ["sleep", [`600.9${String(i).padStart(6, "0")}`]]
      : ["sh", ["-c", "while :; do sleep 5; done"]];
    return spawn(...args, {
      env: i % 2 === 0 ? env : { ...env, ...mark },
      stdio: "ignore",
    });
  });
}

/** Other runs at the same time have other ids. */
const RUN = randomUUID().slice(0, 23);
const RUN_TAG = String(process.pid % 10_000).padStart(4, "0");

function makeId(number: number): string {
  return `${RUN}-${String(number).padStart(12, "0")}`;
}

function startTree(number: number): Tree {
  const id = makeId(number);
  const tag = `${RUN_TAG}7${String(number).padStart(6, "0")}`;
  const mode = MODES[number % MODES.length] as string;
  const root = spawn("sh", [PROGRAM, mode, tag], {
    env: { PATH: process.env["PATH"] ?? "", [PROCESS_ID_MARKER]: id },
    stdio: "ignore",
  });
  return { id, tag, mode, root };
}

async function endBatch(
  { command, env }: Runtime,
  home: string,
  trees: readonly Tree[],
  counts: TreesCounts,
): Promise<void> {
  for (const { tag, mode } of trees) {
    // Late and polite roots nap between waits: one more, now and then.
    await waitUntil(
      () => countTagged(tag) >= TREE_SIZE,
      () => `the ${mode} tree ${tag} has ${countTagged(tag)} processes`,
    );
  }
  writeFileSync(
    join(home, ".zag", "processes.json"),
    JSON.stringify({ processes: trees.map(makeEntry) }, null, 2),
  );
  // By turns, a batch each.
  const batch = Math.floor(counts.trees / trees.length);
  const verb = batch % 2 === 0 ? "kill" : "stop";
  const ids = trees.map(({ id }) => id);
  const [program = "", ...first] = command;
  const start = performance.now();
  // kill takes one id; a filter takes the place of several.
  const whom = verb === "kill" ? ["--all"] : ids;
  const ran = await runToEnd(program, [
    ...first,
    ...[CLI, verb, ...whom, "--tree", "-t", STEP, "--yes", "--json"],
  ], { ...env, HOME: home });
  counts.longestMs = Math.max(counts.longestMs, performance.now() - start);
  if (ran.status !== 0) {
    counts.faults.push(`${verb} ended with ${ran.status}: ${ran.errors}`);
  }
  for (const { tag, mode } of trees) {
    const left = listTagged(tag);
    counts.processes += TREE_SIZE;
    counts.survivors += left.length;
    if (left.length > 0) {
      counts.faults.push(`${left.length} of the ${mode} tree ${tag} survived`);
    }
  }
  try {
    for (const { outcome, members } of JSON.parse(ran.output)) {
      for (const what of [outcome, ...members.map(readOutcome)]) {
        counts.outcomes[what] = (counts.outcomes[what] ?? 0) + 1;
      }
    }
  } catch {
    counts.faults.push(`${verb} printed no JSON: ${ran.output}`);
  }
}

function readOutcome({ outcome }: { outcome: string }): string {
  return outcome;
}

function makeEntry({ id, root }: Tree): Record<string, unknown> {
  return {
    id,
    pid: root.pid,
    provider: "claude",
    model: "",
    command: "run",
    started_at: new Date().toISOString().replace("Z", "+00:00"),
    status: "running",
  };
}

/** The live processes that have a tag among their arguments. */
function listTagged(tag: string): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      if (!args.some((arg) => arg === tag || arg.endsWith(`.${tag}`))) {
        return false;
      }
      // A zombie has no arguments; what is being ended may still show them.
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
    } catch {
      return false;
    }
  }).map(Number);
}

function countTagged(tag: string): number {
  return listTagged(tag).length;
}

/** Whatever a fault left. */
function killTagged(tag: string): void {
  for (const pid of listTagged(tag)) process.kill(pid, "SIGKILL");
}

async function waitUntil(
  holds: () => boolean,
  what: () => string,
): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!holds()) {
    if (Date.now() > end) throw new Error(what());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function runToEnd(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ status: number | null; output: string; errors: string }> {
  const child = spawn(program, args, { env, timeout: DEADLINE_MS });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk) => output += chunk);
  child.stderr.on("data", (chunk) => errors += chunk);
  child.stdin.end();
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { status, output, errors };
}
