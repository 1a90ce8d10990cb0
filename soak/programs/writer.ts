/**
 * Writes the store as zag does: loads it, changes it, writes a temporary file
 * and renames it, without a lock and without a look at what was written since.
 *
 *     writer.ts HOME SLOTS MAX_PAUSE_MS
 *
 * Each change puts its number into one of its own entries, in turn. At each
 * load it looks whether its last change is still there. Prints READY, waits
 * for a line, goes on until the next one, then prints REPORT and JSON.
 */

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import process from "node:process";
import { readClock } from "./clock.ts";

/** One change that was gone at the next load. */
export interface LostChange {
  /** When its rename began and ended, in milliseconds since 1970. */
  renamed: [from: number, to: number];
}

/** What the writer did. */
export interface WriterReport {
  changes: number;
  lost: LostChange[];
  /** The longest time from a load to the end of its rename. */
  longestMs: number;
}

const [home = "", slots = "", pause = ""] = process.argv.slice(2);
const store = `${home}/processes.json`;
const report: WriterReport = { changes: 0, lost: [], longestMs: 0 };
let last: { id: string; prompt: string; lost: LostChange } | undefined;

interface Entry {
  id: string;
  prompt: string;
}

function load(): { processes: Entry[] } {
  return JSON.parse(readFileSync(store, "utf8"));
}

function noteIfLost({ processes }: { processes: Entry[] }): void {
  if (last === undefined) return;
  const { id, prompt, lost } = last;
  const entry = processes.find((entry) => entry.id === id);
  if (entry?.prompt !== prompt) report.lost.push(lost);
}

function change(): void {
  const begun = readClock();
  const loaded = load();
  noteIfLost(loaded);
  const id = `foreign-${report.changes % Number(slots)}`;
  const prompt = `change ${report.changes}`;
  const entry = loaded.processes.find((entry) => entry.id === id);
  if (entry === undefined) throw new Error(`Lost the entry "${id}"`);
  entry.prompt = prompt;
  const temporary = `${store}.zag`;
  writeFileSync(temporary, JSON.stringify(loaded, null, 2));
  const from = readClock();
  renameSync(temporary, store);
  const to = readClock();
  report.longestMs = Math.max(report.longestMs, to - begun);
  last = { id, prompt, lost: { renamed: [from, to] } };
  report.changes++;
}

let going = true;
process.stdout.write("READY\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
process.stdin.once("data", () => going = false);
while (going) {
  change();
  await new Promise((resolve) =>
    setTimeout(resolve, Math.random() * Number(pause))
  );
}
process.stdin.pause();
noteIfLost(load());
process.stdout.write(`REPORT ${JSON.stringify(report)}\n`);
