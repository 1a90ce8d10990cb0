/**
 * One zag-ps process that kills entry after entry of a store that others
 * change at the same time. What it would signal is not there: signals are not
 * sent, everything else is real.
 *
 *     killer.ts HOME ID...
 *
 * Prints READY, waits for a line, then prints REPORT and what it did as JSON.
 */

import process from "node:process";
import { run } from "../../src/cli/run.ts";
import { PROCESS_ID_MARKER } from "../../src/model/process_facts.ts";
import { createNodeSystem } from "../../src/system/node_system.ts";
import type { System } from "../../src/system/system.ts";
import { readClock } from "./clock.ts";

/** What one killer did. Times are in milliseconds since 1970. */
export interface KillerReport {
  /** The ids whose kill ended with status 0. */
  killed: string[];
  /** What went wrong, by id. */
  failures: [id: string, message: string][];
  /** From the last look at the store to the end of the rename, each time. */
  windows: [from: number, to: number][];
  /** How often the store was written. */
  written: number;
  /** How often it had been changed since it was read, and was read again. */
  compared: number;
}

const [home = "", ...ids] = process.argv.slice(2);
const store = `${home}/processes.json`;
const report: KillerReport = {
  killed: [],
  failures: [],
  windows: [],
  written: 0,
  compared: 0,
};

const real = createNodeSystem();
let looked = 0;
let current = "";
const system: System = {
  ...real,
  observe: (pids) => {
    const markers = { [PROCESS_ID_MARKER]: current };
    const make = (pid: number) =>
      [pid, { pid, zombie: false, startTicks: "none", markers }] as const;
    // Who holds a lock is a real process; what an entry names is not.
    const entries = [...pids].filter((pid) => pid > MAX_REAL_PID).map(make);
    return entries.length === 0
      ? real.observe(pids)
      : Promise.resolve({ processes: new Map(entries), complete: true });
  },
  signal: () => Promise.resolve(),
  status: (path) => {
    if (path === store) looked = readClock();
    return real.status(path);
  },
  createFile: (path, content, ...rest) => {
    if (path.startsWith(`${home}/.processes.json.${real.pid}.`)) {
      report.compared++;
    }
    real.createFile(path, content, ...rest);
  },
  rename: (from, to) => {
    const start = looked;
    real.rename(from, to);
    report.windows.push([start, readClock()]);
    report.written++;
    report.compared--;
  },
};

/** Linux hands out none beyond: such a pid is an entry of the soak. */
const MAX_REAL_PID = 2 ** 22;

let errors = "";
const output = {
  out: () => {},
  err: (text: string) => void (errors += text),
  isTerminal: () => false,
  columns: () => undefined,
};

process.stdout.write("READY\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
process.stdin.pause();
for (const id of ids) {
  current = id;
  errors = "";
  const argv = ["--zag-home", home, "kill", id, `result of ${id}`];
  const status = await run(argv, system, output);
  if (status === 0 && errors === "") report.killed.push(id);
  else report.failures.push([id, `${status}: ${errors}`]);
}
process.stdout.write(`REPORT ${JSON.stringify(report)}\n`);
