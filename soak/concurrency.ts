/**
 * Many zag-ps processes and a writer that takes no lock hammer one store.
 *
 * @module
 */

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
import {
  type ChildProgram,
  type Runtime,
  startProgram,
} from "./child_program.ts";
import type { KillerReport } from "./programs/killer.ts";
import type { ReaderReport } from "./programs/reader.ts";
import type { WriterReport } from "./programs/writer.ts";

/** How much is done. */
export interface ConcurrencyOptions {
  readonly runtime: Runtime;
  /** How many zag-ps processes. */
  readonly killers: number;
  /** How many entries each of them kills. */
  readonly kills: number;
  /** The longest pause of the foreign writer between two changes. */
  readonly pauseMs: number;
}

/** What came of it; what is not zero in `lost...` and `failures` is a fault. */
export interface ConcurrencyCounts {
  /** Kills that were asked for. */
  kills: number;
  /** Kills that failed or warned, with their messages. */
  failures: string[];
  /** How many of them ended with an error, and said that nothing is ended. */
  refused: number;
  /** How many of them warned that a mark could not be looked at again. */
  warned: number;
  /** Kills that reported success, and whose mark is gone at the end. */
  lostMarks: number;
  /**
   * Kills that reported success, with a warning or without, and whose result
   * is not in the session log exactly once; refused ones with more than one.
   */
  lostResults: number;
  /** Numbers of log lines that are not one more than the one before. */
  brokenNumbers: number;
  /** Changes of the foreign writer. */
  foreign: number;
  /** Those that were there at the comparison and are lost. */
  lostForeign: number;
  /** Those that came between the comparison and the rename, and are lost. */
  foreignInWindow: number;
  /** Times that zag-ps found the store changed at the comparison. */
  compared: number;
  /** Times that zag-ps wrote its change again: zag had overwritten it. */
  repeated: number;
  reads: number;
  /** Reads that gave no whole store. */
  brokenReads: string[];
  /** The longest time from a comparison to the end of its rename. */
  longestWindowMs: number;
  /** The longest time from a load of the foreign writer to its rename. */
  longestForeignMs: number;
  /** Files that are left beside the store and the sessions. */
  leftovers: string[];
}

const FOREIGN_ENTRIES = 50;
/** How far the clocks of two processes may be apart. */
const CLOCK_ERROR_MS = 1;
const FIRST_PID = 2 ** 30;

function makeStore(ids: readonly string[]): string {
  const foreign = Array.from(
    { length: FOREIGN_ENTRIES },
    (_, i) => `foreign-${i}`,
  );
  const processes = [...foreign, ...ids].map((id, i) => ({
    id,
    pid: FIRST_PID + i,
    session_id: "shared",
    provider: "claude",
    model: "opus",
    command: "run",
    prompt: "",
    started_at: "2026-11-22T10:00:00.000000000+00:00",
    status: "running",
    exit_code: null,
    exited_at: null,
    root: null,
    parent_process_id: null,
    parent_session_id: null,
  }));
  return JSON.stringify({ processes }, null, 2);
}

const SESSIONS = JSON.stringify({
  sessions: [{
    session_id: "shared",
    provider: "claude",
    worktree_path: "",
    worktree_name: "",
    created_at: "2026-11-22T10:00:00+00:00",
  }],
});

/** Runs it. */
export async function runConcurrency(
  options: ConcurrencyOptions,
): Promise<ConcurrencyCounts> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "zag-ps-soak-")));
  const home = join(folder, ".zag");
  mkdirSync(home);
  const lists = Array.from(
    { length: options.killers },
    (_, killer) =>
      Array.from({ length: options.kills }, (_, i) => `own-${killer}-${i}`),
  );
  writeFileSync(join(home, "processes.json"), makeStore(lists.flat()));
  writeFileSync(join(home, "sessions.json"), SESSIONS);
  const start = (name: string, args: string[]) =>
    startProgram(options.runtime, [
      resolve("soak", "programs", name),
      home,
      ...args,
    ]);
  const children: ChildProgram[] = [];
  try {
    const slots = String(FOREIGN_ENTRIES);
    const writer = start("writer.ts", [slots, String(options.pauseMs)]);
    const reader = start("reader.ts", []);
    const killers = lists.map((ids) => start("killer.ts", ids));
    children.push(writer, reader, ...killers);
    await Promise.all(children.map((child) => child.waitFor("READY")));
    for (const child of children) child.send("GO");
    const reports = await Promise.all(
      killers.map((killer) => readReport<KillerReport>(killer)),
    );
    for (const child of [writer, reader]) child.send("STOP");
    const written = await readReport<WriterReport>(writer);
    const read = await readReport<ReaderReport>(reader);
    await Promise.all(children.map(({ ended }) => ended));
    return count(home, lists.flat(), reports, written, read);
  } finally {
    for (const { pid } of children) endProcess(pid);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readReport<T>(child: ChildProgram): Promise<T> {
  return JSON.parse(await child.waitFor("REPORT"));
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

function count(
  home: string,
  ids: readonly string[],
  killers: readonly KillerReport[],
  writer: WriterReport,
  reader: ReaderReport,
): ConcurrencyCounts {
  const text = readFileSync(join(home, "processes.json"), "utf8");
  const { processes } = JSON.parse(text) as {
    processes: { id: string; status: string; exited_at: string | null }[];
  };
  const marked = new Set(
    processes.filter(({ status, exited_at }) =>
      status === "killed" && exited_at !== null
    ).map(({ id }) => id),
  );
  const log = readFileSync(join(home, "logs/sessions/shared.jsonl"), "utf8");
  const lines = log.trimEnd().split("\n").map((line) => JSON.parse(line));
  const results = lines.map(({ result }) => result);
  const windows = killers.flatMap(({ windows }) => windows);
  const inWindow =
    writer.lost.filter(({ renamed: [from, to] }) =>
      windows.some(([start, end]) =>
        start - CLOCK_ERROR_MS <= to && from <= end + CLOCK_ERROR_MS
      )
    ).length;
  const killed = killers.flatMap(({ killed }) => killed);
  const failures = killers.flatMap(({ failures }) => failures);
  const refused = new Set(
    failures.filter(([, message]) => !message.startsWith("0: "))
      .map(([id]) => id),
  );
  const isLost = (id: string) => {
    const found = results.filter((result) => result === `result of ${id}`);
    return refused.has(id) ? found.length > 1 : found.length !== 1;
  };
  const sum = (of: (killer: KillerReport) => number) =>
    killers.reduce((total, killer) => total + of(killer), 0);
  const lengths = windows.map(([from, to]) => to - from);
  return {
    kills: ids.length,
    failures: failures.map(([id, message]) => `${id}: ${message}`),
    refused: refused.size,
    warned: failures.length - refused.size,
    lostMarks: killed.filter((id) => !marked.has(id)).length,
    lostResults: ids.filter(isLost).length,
    brokenNumbers: lines.filter(({ seq }, i) => seq !== i).length,
    foreign: writer.changes,
    lostForeign: writer.lost.length - inWindow,
    foreignInWindow: inWindow,
    compared: sum(({ compared }) => compared),
    repeated: sum(({ written, killed }) => written - killed.length),
    reads: reader.reads,
    brokenReads: reader.failures,
    longestForeignMs: writer.longestMs,
    longestWindowMs: lengths.reduce((a, b) => Math.max(a, b), 0),
    leftovers: readdirSync(home).filter((name) =>
      !["processes.json", "sessions.json", "logs"].includes(name)
    ),
  };
}
