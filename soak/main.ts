/**
 * Shows that the store and the logs survive what they should: many writers,
 * kills that die at any step, hostile input.
 *
 *     deno task soak [PART...] [--OPTION VALUE]
 *
 *     concurrency  --killers 16 --kills 50 --pause 40
 *     crash        --rounds 650 --seed 1
 *     fuzz         --cases 100000 --seed 1
 *     trees        --trees 500 --batch 10 --bystanders 200
 *
 * Without a PART all of them. Ends with status 1 if anything went wrong. The
 * figures of a run are in docs/reliability.md.
 *
 * @module
 */

import { cpus, loadavg, release } from "node:os";
import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { getEnvironment } from "../scripts/run_command.ts";
import { type Runtime, startProgram } from "./child_program.ts";
import { runConcurrency } from "./concurrency.ts";
import {
  type CrashCase,
  listCircumstances,
  makeCases,
  runCrashes,
} from "./crash.ts";
import type { FuzzCounts } from "./fuzz.ts";
import { runTrees } from "./trees.ts";

/** A fuzzer that says nothing for so long hangs. */
const SILENCE_MS = 120_000;
const MAX_FAULTS_SHOWN = 20;

const RUNTIME: Runtime = {
  command: [process.execPath, "run", "--cached-only", "--no-check", "-A"],
  env: getEnvironment(),
};

interface Options {
  killers: number;
  kills: number;
  pause: number;
  rounds: number;
  cases: number;
  seed: number;
  trees: number;
  batch: number;
  bystanders: number;
}

/** Each part prints its figures and returns what went wrong. */
const PARTS: Record<string, (options: Options) => Promise<string[]>> = {
  concurrency: soakConcurrency,
  crash: soakCrashes,
  fuzz: soakFuzz,
  trees: soakTrees,
};

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      killers: { type: "string", default: "16" },
      kills: { type: "string", default: "50" },
      pause: { type: "string", default: "40" },
      rounds: { type: "string", default: "650" },
      cases: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      trees: { type: "string", default: "500" },
      batch: { type: "string", default: "10" },
      bystanders: { type: "string", default: "200" },
    },
  });
  const options = Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, readCount(text)]),
  ) as unknown as Options;
  const wrong = positionals.find((name) => !(name in PARTS));
  if (wrong !== undefined) throw new Error(`There is no part "${wrong}"`);
  const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
  console.log(describeMachine());
  let faults = 0;
  for (const name of names) {
    console.log(`\n=== ${name}`);
    const start = performance.now();
    const found = await PARTS[name]?.(options) ?? [];
    for (const fault of found.slice(0, MAX_FAULTS_SHOWN)) {
      console.error(`FAULT ${fault}`);
    }
    faults += found.length;
    const seconds = (performance.now() - start) / 1000;
    print({ faults: found.length, seconds: seconds.toFixed(0) });
  }
  console.log(`\n${faults} faults`);
  return faults > 0 ? 1 : 0;
}

function readCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`Expected a whole number, got "${text}"`);
}

function describeMachine(): string {
  const [cpu] = cpus();
  return `${cpus().length} x ${cpu?.model.trim()}, ${process.platform} ` +
    `${release()}, Deno ${Deno.version.deno}`;
}

function print(rows: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(rows)) {
    const words = name.replace(
      /[A-Z]/g,
      (letter) => ` ${letter.toLowerCase()}`,
    );
    console.log(`${words.padEnd(28)} ${value}`);
  }
}

async function soakConcurrency(
  { killers, kills, pause }: Options,
): Promise<string[]> {
  const found = await runConcurrency({
    runtime: RUNTIME,
    killers,
    kills,
    pauseMs: pause,
  });
  const { failures, brokenReads, leftovers, ...others } = found;
  const { longestWindowMs, longestForeignMs, ...counts } = others;
  print({
    zagPsProcesses: killers,
    ...counts,
    failures: failures.length,
    brokenReads: brokenReads.length,
    leftovers: leftovers.length,
    longestWindow: `${longestWindowMs.toFixed(2)} ms`,
    longestForeignChange: `${longestForeignMs.toFixed(0)} ms`,
    loadAverage: loadavg()[0]?.toFixed(1),
  });
  const { lostMarks, lostResults, brokenNumbers, lostForeign } = counts;
  const lost = { lostMarks, lostResults, brokenNumbers, lostForeign };
  return [
    ...failures,
    ...brokenReads,
    ...leftovers.map((name) => `"${name}" was left`),
    ...Object.entries(lost).filter(([, count]) => count > 0)
      .map(([name, count]) => `${name}: ${count}`),
  ];
}

async function soakCrashes({ rounds, seed }: Options): Promise<string[]> {
  const faults: string[] = [];
  const steps: [CrashCase, string[]][] = [];
  for (const one of listCircumstances()) {
    const undisturbed = await runCrashes(RUNTIME, [one]);
    faults.push(...undisturbed.faults);
    steps.push([one, undisturbed.calls]);
  }
  const cases = makeCases(rounds, steps, seed);
  const { states, faults: found, calls: _, ...counts } = await runCrashes(
    RUNTIME,
    cases,
    (done) => {
      if (done % 100 === 0) console.log(`... ${done}`);
    },
  );
  const atSteps = cases.filter(({ step }) => step > 0).length;
  print({
    steps: steps.map(([, { length }]) => length).join(" "),
    endedAtSteps: atSteps,
    endedAtRandomMoments: cases.length - atSteps,
    ...counts,
  });
  for (const [state, count] of Object.entries(states)) {
    console.log(`  ${state.padEnd(26)} ${count}`);
  }
  return [...faults, ...found];
}

async function soakTrees(
  { trees, batch, bystanders }: Options,
): Promise<string[]> {
  const { faults, outcomes, longestMs, ...counts } = await runTrees(
    { runtime: RUNTIME, trees, batch, bystanders },
    (done) => {
      if (done % 100 === 0) console.log(`... ${done}`);
    },
  );
  print({ ...counts, bystanders, longest: `${longestMs.toFixed(0)} ms` });
  for (const [outcome, count] of Object.entries(outcomes)) {
    console.log(`  ${outcome.padEnd(26)} ${count}`);
  }
  return faults;
}

async function soakFuzz({ cases, seed }: Options): Promise<string[]> {
  const child = startProgram(RUNTIME, [
    resolve("soak", "programs", "fuzzer.ts"),
    String(seed),
    String(cases),
  ]);
  let size = 0;
  let hung = "";
  const watchdog = setInterval(() => {
    const text = child.output();
    if (text.length === size) {
      hung = /AT (.*)\n(?!.*AT )/s.exec(text)?.[1] ?? "the start";
      process.kill(child.pid, "SIGKILL");
    }
    size = text.length;
  }, SILENCE_MS);
  try {
    const report = await child.waitFor("REPORT");
    const { faults, statuses, longestMs, longestCase, ...counts } = JSON.parse(
      report,
    ) as FuzzCounts;
    print({
      ...counts,
      longest: `${longestMs.toFixed(0)} ms (${longestCase})`,
    });
    for (const [status, count] of Object.entries(statuses)) {
      console.log(`  status ${status.padEnd(19)} ${count}`);
    }
    return faults;
  } catch (error) {
    if (hung !== "") return [`hangs soon after ${hung}`];
    throw error;
  } finally {
    clearInterval(watchdog);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`Error: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
