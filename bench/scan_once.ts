/**
 * Looks at every process again and again, and prints as JSON how long that
 * took: the floor and all facts in turn, so that what slows the machine down
 * slows both. Started by `scan.ts` under each runtime.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { createNodeSystem } from "../src/system/node_system.ts";

/** What {@linkcode main} prints. */
export interface ScanTimes {
  /** How many processes were seen at the end. */
  processes: number;
  /** Milliseconds of each look. */
  floor: number[];
  /** Milliseconds of each look. */
  all: number[];
}

/** How often both run before they are timed. */
const WARM_UP_RUNS = 5;

async function main(runs: number, pids: readonly number[]): Promise<void> {
  const system = createNodeSystem();
  const times: ScanTimes = { processes: 0, floor: [], all: [] };
  for (let run = -WARM_UP_RUNS; run < runs; run++) {
    const start = performance.now();
    readFloor();
    const between = performance.now();
    const { processes } = await system.observeAll();
    const end = performance.now();
    times.processes = processes.size;
    const unseen = pids.find((pid) => !isWhole(processes.get(pid)));
    if (unseen !== undefined) {
      throw new Error(`A fact of process ${unseen} was not seen`);
    }
    if (run < 0) continue;
    times.floor.push(between - start);
    times.all.push(end - between);
  }
  console.log(JSON.stringify(times));
}

/** What nobody can do without: three files of each process, as a whole. */
function readFloor(): number {
  let length = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    for (const file of ["stat", "cmdline", "environ"]) {
      try {
        length += readFileSync(`/proc/${name}/${file}`, "utf8").length;
      } catch {
        // It has ended, or is somebody else's.
      }
    }
  }
  return length;
}

/** Whether every fact was read of a process of our own. */
function isWhole(facts: object | undefined): boolean {
  return facts !== undefined &&
    FACTS.every((name) =>
      (facts as Record<string, unknown>)[name] !== undefined
    );
}

const FACTS = [
  ...["pid", "ppid", "pgid", "sid", "uid", "zombie", "startTicks"],
  ...["startedAt", "name", "executable", "args", "terminal", "folder"],
  ...["cpuMs", "memoryBytes", "cgroup", "markers"],
];

const [runs, ...pids] = process.argv.slice(2).map(Number);
await main(runs ?? 1, pids);
