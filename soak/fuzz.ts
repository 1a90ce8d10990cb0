/**
 * Runs fuzzed cases through the command line and judges what it did.
 *
 * @module
 */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../src/cli/run.ts";
import type { FuzzCase } from "./fuzz_cases.ts";
import {
  asksForJson,
  findPollution,
  judgeFiles,
  judgeOutput,
  lookAtPrototypes,
  readStore,
} from "./fuzz_judge.ts";
import { createFuzzMachine } from "./fuzz_machine.ts";

/** The longest time that one command line may take, unless its case says. */
const LIMIT_MS = 2000;

const TOO_SLOW = /^took \d+ ms$/;

/** What came of all cases; `faults` should be empty. */
export interface FuzzCounts {
  cases: number;
  /** By exit status. */
  statuses: Record<string, number>;
  /** Kills and stops that got as far as a signal. */
  signals: number;
  /** The longest case. */
  longestMs: number;
  longestCase: string;
  /** Cases that took too long, and were tried again. */
  slowOnce: number;
  faults: string[];
}

/**
 * Runs cases, one after the other, in a home of their own.
 *
 * @param runLine what runs a command line: a test puts a broken one there
 */
export async function runFuzz(
  cases: Iterable<FuzzCase>,
  runLine: typeof run = run,
): Promise<FuzzCounts> {
  const counts: FuzzCounts = {
    cases: 0,
    statuses: {},
    signals: 0,
    longestMs: 0,
    longestCase: "",
    slowOnce: 0,
    faults: [],
  };
  // Where memory can be had as a folder nothing waits for a disk.
  const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = realpathSync(mkdtempSync(join(base, "zag-ps-fuzz-")));
  const clean = lookAtPrototypes();
  const { fetch } = globalThis;
  try {
    for (const one of cases) {
      const fetched: unknown[] = [];
      globalThis.fetch = (address) => {
        fetched.push(address);
        return Promise.reject(new TypeError("There is no network here"));
      };
      const attempt = () =>
        runCase(one, folder, counts, runLine)
          .catch((error) => [`threw ${error}`]);
      let faults = await attempt();
      if (faults.some((fault) => TOO_SLOW.test(fault))) {
        // What hangs does so again; what waited for a busy machine does not.
        counts.slowOnce++;
        faults = await attempt();
      }
      if (fetched.length > 0) faults.push(`fetched ${fetched}`);
      faults.push(...findPollution(clean));
      for (const fault of faults) {
        counts.faults.push(`${one.name} (${show(one.argv)}): ${fault}`);
      }
      counts.cases++;
    }
  } finally {
    globalThis.fetch = fetch;
    rmSync(folder, { recursive: true, force: true });
  }
  return counts;
}

function show(argv: readonly string[]): string {
  const text = JSON.stringify(argv);
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}

async function runCase(
  one: FuzzCase,
  folder: string,
  counts: FuzzCounts,
  runLine: typeof run,
): Promise<string[]> {
  const home = join(folder, "home");
  setUp(home, one);
  const before = readStore(home);
  const { system, signals, faults } = createFuzzMachine(home, one);
  const printed = { out: "", err: "" };
  const start = performance.now();
  const status = await runLine(
    ["--zag-home", home, "--color", "never", ...one.argv],
    system,
    {
      out: (text) => void (printed.out += text),
      err: (text) => void (printed.err += text),
      isTerminal: () => true,
      columns: () => undefined,
    },
  );
  const elapsed = performance.now() - start;
  if (elapsed > counts.longestMs) {
    counts.longestMs = elapsed;
    counts.longestCase = one.name;
  }
  if (elapsed > (one.limitMs ?? LIMIT_MS)) {
    faults.push(`took ${elapsed.toFixed(0)} ms`);
  }
  counts.statuses[status] = (counts.statuses[status] ?? 0) + 1;
  counts.signals += signals.length;
  faults.push(
    ...judgeOutput(printed, status, asksForJson(one.argv)),
    ...judgeFiles(folder, home, before, signals.length > 0, one),
  );
  // An agent that nobody recorded may be several processes.
  const most = one.meant === undefined ? 1 : new Set(signals).size;
  if (signals.length > most) faults.push(`${signals.length} signals`);
  if (signals.length > 0 && status !== 0) faults.push("signalled and failed");
  return faults;
}

function setUp(home: string, { files }: FuzzCase): void {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home);
  for (const [path, content] of Object.entries(files)) {
    const file = join(home, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      typeof content === "string" ? content.replaceAll("HOME", home) : content,
    );
  }
}
