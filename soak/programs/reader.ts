/**
 * Reads the store over and over, as whoever looks at it at any instant.
 *
 *     reader.ts HOME
 *
 * Prints READY, waits for a line, goes on until the next one, then prints
 * REPORT and JSON.
 */

import { readFileSync } from "node:fs";
import process from "node:process";

/** What the reader saw. */
export interface ReaderReport {
  reads: number;
  /** Why a read did not give a whole store. */
  failures: string[];
}

const [home = ""] = process.argv.slice(2);
const report: ReaderReport = { reads: 0, failures: [] };

function read(): void {
  report.reads++;
  try {
    const store = JSON.parse(readFileSync(`${home}/processes.json`, "utf8"));
    if (!Array.isArray(store.processes)) throw new Error("no processes");
  } catch (error) {
    report.failures.push(String(error));
  }
}

let going = true;
process.stdout.write("READY\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
process.stdin.once("data", () => going = false);
while (going) {
  read();
  await new Promise((resolve) => setTimeout(resolve, 1));
}
process.stdin.pause();
process.stdout.write(`REPORT ${JSON.stringify(report)}\n`);
