/**
 * Times `zag-ps list` against its floor: the same runtime started on a program
 * that reads the same file, parses it and prints one number.
 *
 *     deno task bench [--runs 15] [--entries 10,10000,100000] [--form NAME]
 *         [--store usual,ascii,...|all]
 *
 * Every figure is the median of whole processes, started in turn. Nothing is
 * asserted here: a ratio says something only on a quiet machine.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { bundlePrograms, stopBundler } from "../scripts/bundle.ts";
import { getEnvironment } from "../scripts/run_command.ts";
import { installRuntimes } from "../scripts/runtimes.ts";
import { readCount, renderRow, runBenchmark } from "./benchmark.ts";
import { describeLoad, describeMachine } from "./machine.ts";
import { getMedian, type Program, timeInTurn } from "./measure.ts";
import {
  makeStore,
  readStoreKind,
  STORE_KINDS,
  type StoreKind,
} from "./store.ts";

/** What is measured, unless the command line says otherwise. */
const DEFAULT_RUNS = "15";
const DEFAULT_ENTRIES = "10,10000,100000";
const DEFAULT_STORE = "usual";
const LIVE_PROCESSES = 3;
const COLUMNS = [18, 10, 9, 10, 10, 7] as const;

interface Form {
  name: string;
  /** What comes before the program's own file. */
  runtime: readonly string[];
  cli: string;
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: "string", default: DEFAULT_RUNS },
      entries: { type: "string", default: DEFAULT_ENTRIES },
      form: { type: "string" },
      store: { type: "string", default: DEFAULT_STORE },
    },
  });
  const runs = readCount(values.runs);
  const sizes = values.entries.split(",").map(readCount);
  const kinds = readKinds(values.store);
  const root = process.cwd();
  const forms = (await makeForms(root))
    .filter(({ name }) => name.includes(values.form ?? ""));
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-bench-"));
  const live: ChildProcess[] = [];
  try {
    for (let i = 0; i < LIVE_PROCESSES; i++) live.push(startProcess());
    console.log(describeMachine());
    console.log(
      `Medians of ${runs} whole processes each, in turn, output to a pipe\n`,
    );
    console.log(
      renderRow(
        ["form", "store", "entries", "floor ms", "list ms", "ratio"],
        COLUMNS,
      ),
    );
    const pids = live.map(({ pid }) => pid as number);
    for (const kind of kinds) {
      for (const size of sizes) {
        const home = join(folder, `${kind}-${size}`);
        mkdirSync(home);
        const store = makeStore(kind, size, pids);
        writeFileSync(join(home, "processes.json"), store);
        for (const form of forms) {
          measureForm(form, { root, home, kind, size, runs });
        }
      }
    }
    console.log(`Load at the end: ${describeLoad()}`);
  } finally {
    live.forEach((child) => child.kill());
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeForms(root: string): Promise<Form[]> {
  const { bun, node20, node24 } = installRuntimes(root);
  await bundlePrograms(root, join(root, "dist"));
  await stopBundler();
  const deno = [process.execPath, "run", "--cached-only", "-A"];
  const source = join(root, "cli.ts");
  const bundle = join(root, "dist", "zag-ps.js");
  return [
    { name: "Deno, cli.ts", runtime: deno, cli: source },
    { name: "Deno, bundle", runtime: deno, cli: bundle },
    { name: "Bun, cli.ts", runtime: [bun], cli: source },
    { name: "Bun, bundle", runtime: [bun], cli: bundle },
    { name: "Node 20, bundle", runtime: [node20], cli: bundle },
    { name: "Node 24, bundle", runtime: [node24], cli: bundle },
  ];
}

/** A process that ends when this one does, however that comes about. */
function startProcess(): ChildProcess {
  const wait = "for await (const _ of Deno.stdin.readable);";
  return spawn(process.execPath, ["eval", wait], {
    stdio: ["pipe", "ignore", "ignore"],
  });
}

function readKinds(text: string): StoreKind[] {
  const names = Object.keys(STORE_KINDS);
  return (text === "all" ? names : text.split(",")).map((name) => {
    const kind = readStoreKind(name);
    if (kind !== undefined) return kind;
    throw new Error(
      `Expected a store of ${names.join(", ")} or all, got "${name}"`,
    );
  });
}

interface Measure {
  root: string;
  home: string;
  kind: StoreKind;
  size: number;
  runs: number;
}

function measureForm(
  { name, runtime, cli }: Form,
  { root, home, kind, size, runs }: Measure,
): void {
  const file = join(home, "processes.json");
  const floor: Program = {
    command: [...runtime, join(root, "bench", "floor.mjs"), file],
    expects: new RegExp(`^${size}\n$`),
  };
  const list: Program = {
    command: [...runtime, cli, "list", "--zag-home", home],
    expects: new RegExp(`^ID (.*\n){2}(.+\n){${size}}$`),
  };
  const times = timeInTurn(floor, list, getEnvironment(), runs);
  const [base, full] = [getMedian(times.floor), getMedian(times.list)];
  console.log(renderRow([
    name,
    kind,
    size.toLocaleString("en"),
    base.toFixed(1),
    full.toFixed(1),
    (full / base).toFixed(2),
  ], COLUMNS));
}

await runBenchmark(main);
