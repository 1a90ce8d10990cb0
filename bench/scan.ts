/**
 * Times a look at every fact of every process against its floor: the list of
 * processes, and of each the three files that cannot be done without.
 *
 *     deno task bench:scan [--runs 25] [--processes 300]
 *
 * Every figure is the median of looks within one program, in turn. The
 * processes are real ones that this program starts and ends; those of the
 * machine come on top. Linux only. Nothing is asserted here: a ratio says
 * something only on a quiet machine.
 *
 * @module
 */

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { bundleTests, stopBundler } from "../scripts/bundle.ts";
import { getEnvironment } from "../scripts/run_command.ts";
import { installRuntimes } from "../scripts/runtimes.ts";
import { readCount, renderRow, runBenchmark } from "./benchmark.ts";
import { describeLoad, describeMachine } from "./machine.ts";
import { getMedian } from "./measure.ts";
import type { ScanTimes } from "./scan_once.ts";

const DEFAULT_RUNS = "25";
const DEFAULT_PROCESSES = "300";
const COLUMNS = [10, 11, 10, 10, 7, 12] as const;

/** Ends by itself, should this program not get to it. */
const SLEEP_SECONDS = "600";

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: "string", default: DEFAULT_RUNS },
      processes: { type: "string", default: DEFAULT_PROCESSES },
    },
  });
  const runs = readCount(values.runs);
  const count = readCount(values.processes);
  const root = process.cwd();
  const { bun, node20, node24 } = installRuntimes(root);
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-bench-"));
  const sleepers: ChildProcess[] = [];
  try {
    const [program = ""] = await bundleTests(
      root,
      ["bench/scan_once.ts"],
      folder,
    );
    await stopBundler();
    for (let i = 0; i < count; i++) {
      sleepers.push(spawn("sleep", [SLEEP_SECONDS], { stdio: "ignore" }));
    }
    const pids = sleepers.map(({ pid }) => String(pid));
    console.log(describeMachine());
    console.log(
      `Medians of ${runs} looks each, in turn; ${sleepers.length} processes of its own\n`,
    );
    console.log(
      renderRow(
        ["form", "processes", "floor ms", "all ms", "ratio", "lowest"],
        COLUMNS,
      ),
    );
    const deno = [process.execPath, "run", "--cached-only", "-A"];
    const forms: [name: string, command: string[]][] = [
      ["Deno", deno],
      ["Bun", [bun]],
      ["Node 20", [node20]],
      ["Node 24", [node24]],
    ];
    for (const [name, command] of forms) {
      const times = measure([...command, program, String(runs), ...pids]);
      const [floor, all] = [getMedian(times.floor), getMedian(times.all)];
      const lowest = Math.min(...times.all) / Math.min(...times.floor);
      console.log(renderRow([
        name,
        String(times.processes),
        floor.toFixed(1),
        all.toFixed(1),
        (all / floor).toFixed(2),
        lowest.toFixed(2),
      ], COLUMNS));
    }
    console.log(`Load at the end: ${describeLoad()}`);
  } finally {
    sleepers.forEach((child) => child.kill("SIGKILL"));
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure([program = "", ...args]: string[]): ScanTimes {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    env: getEnvironment(),
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`"${program}" failed\n${stderr}`);
  return JSON.parse(stdout);
}

await runBenchmark(main);
