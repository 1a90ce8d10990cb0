/**
 * Runs fuzzed cases through the command line and judges what it did.
 *
 * @module
 */

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
import { dirname, join } from "node:path";
import { run } from "../src/cli/run.ts";
import type { FuzzCase } from "./fuzz_cases.ts";
import { createFuzzMachine } from "./fuzz_machine.ts";

/** The longest time that one command line may take, unless its case says. */
const LIMIT_MS = 2000;

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
  faults: string[];
}

/** Runs cases, one after the other, in a home of their own. */
export async function runFuzz(
  cases: Iterable<FuzzCase>,
  progress: (done: number) => void = () => {},
): Promise<FuzzCounts> {
  const counts: FuzzCounts = {
    cases: 0,
    statuses: {},
    signals: 0,
    longestMs: 0,
    longestCase: "",
    faults: [],
  };
  // Where memory can be had as a folder nothing waits for a disk.
  const base = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const folder = realpathSync(mkdtempSync(join(base, "zag-ps-fuzz-")));
  const clean = describePrototypes();
  try {
    for (const one of cases) {
      const faults = await runCase(one, folder, counts);
      if (describePrototypes() !== clean) {
        faults.push("a prototype was changed");
      }
      for (const fault of faults) {
        counts.faults.push(`${one.name} (${show(one.argv)}): ${fault}`);
      }
      progress(++counts.cases);
    }
  } finally {
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
): Promise<string[]> {
  const home = join(folder, "home");
  setUp(home, one);
  const before = readStore(home);
  const { system, signals, faults } = createFuzzMachine(home, one);
  const printed = { out: "", err: "" };
  const start = performance.now();
  const status = await run(
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
  if (signals.length > 1) faults.push(`${signals.length} signals`);
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

const RAW =
  // deno-lint-ignore no-control-regex
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

function judgeOutput(
  { out, err }: { out: string; err: string },
  status: number,
  json: boolean,
): string[] {
  const faults: string[] = [];
  const raw = RAW.exec(out + err);
  if (raw !== null) {
    const code = raw[0].charCodeAt(0).toString(16);
    faults.push(`printed U+${code} raw at ${raw.index}`);
  }
  if (err.includes("Unexpected failure")) faults.push(err.slice(0, 300));
  if (![0, 1, 2, 3, 4].includes(status)) faults.push(`status ${status}`);
  if (status !== 0 && !/^(Warning: .*\n)*Error: ./m.test(err)) {
    faults.push("failed without an error");
  }
  if (json && status === 0 && out !== "" && !isJson(out)) {
    // Help and version are texts.
    if (!/^(Usage|zag-ps)/.test(out)) faults.push("--json printed no JSON");
  }
  return faults;
}

function asksForJson(argv: readonly string[]): boolean {
  const at = argv.indexOf("--json");
  const end = argv.indexOf("--");
  return at >= 0 && (end < 0 || at < end);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readStore(home: string): string | undefined {
  const path = join(home, "processes.json");
  return existsSync(path) ? readFileSync(path, "latin1") : undefined;
}

function judgeFiles(
  folder: string,
  home: string,
  before: string | undefined,
  signalled: boolean,
  { files }: FuzzCase,
): string[] {
  const faults: string[] = [];
  if (readdirSync(folder).join() !== "home") {
    faults.push(`files outside the home: ${readdirSync(folder).join()}`);
  }
  const store = readStore(home);
  if (store !== before) {
    if (!signalled) faults.push("the store was changed without a signal");
    if (before !== undefined && isJson(before) && !isJson(store ?? "")) {
      faults.push("the store is no JSON any more");
    }
  }
  for (const name of readdirSync(home)) {
    const path = join(home, name);
    if (name === "processes.json" || name in files) {
      if (name !== "processes.json" && !isAsWritten(path, files[name], home)) {
        faults.push(`"${name}" was changed`);
      }
    } else if (name !== "logs" && name !== "projects") {
      faults.push(`"${name}" was left`);
    }
  }
  return faults;
}

function isAsWritten(
  path: string,
  content: string | Uint8Array | undefined,
  home: string,
): boolean {
  const now = readFileSync(path);
  if (content === undefined) return false;
  const then = typeof content === "string"
    ? new TextEncoder().encode(content.replaceAll("HOME", home))
    : content;
  return now.length === then.length && now.every((byte, i) => byte === then[i]);
}

const PROTOTYPES: readonly object[] = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Map.prototype,
  Promise.prototype,
];

function describePrototypes(): string {
  return PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype).length)
    .join();
}
