import { readdirSync } from "node:fs";
import process from "node:process";
import type { Observation, ProcessFacts } from "../model/process_facts.ts";
import type { ExpectedProcess } from "../model/same_process.ts";
import {
  describeStat,
  readAllFacts,
  readClock,
  readFacts,
} from "./node_proc_facts.ts";
import { exists } from "./probe.ts";
import { hidesProcesses, parseProcStat } from "./proc.ts";
import { readLink, readProc, tryLink, tryRead } from "./proc_files.ts";

/**
 * Whether `/proc` shows the processes that this program can signal: that of
 * another PID namespace, which a sandbox may have, shows others under the same
 * numbers. `undefined` where it cannot be read.
 */
export function isOwnProc(): boolean | undefined {
  const self = readLink("self");
  return self === undefined ? undefined : self === String(process.pid);
}

/**
 * Looks at processes under `/proc`; `undefined` where it cannot be read, or is
 * not ours.
 */
export function observeProc(
  pids: ReadonlySet<number>,
): Observation | undefined {
  const listed = listProc();
  if (listed === undefined) return undefined;
  // Where processes of other users are left out, only a probe tells of them;
  // init shows that, too, for it belongs to root.
  const hidden = !listed.has(1) || hidesProcesses(readProc("mounts") ?? "");
  const clock = readClock();
  const processes = new Map<number, ProcessFacts>();
  let complete = true;
  // A store holds far more pids than a machine has processes.
  for (const pid of hidden ? pids : listed) {
    if (!pids.has(pid)) continue;
    let facts = listed.has(pid) ? readFacts(pid, clock) : undefined;
    if (facts === undefined && hidden) {
      const there = exists(pid);
      if (there === undefined) complete = false;
      if (there) facts = { pid, zombie: false };
    }
    if (facts !== undefined) processes.set(pid, facts);
  }
  return { processes, complete };
}

/**
 * Looks at every process under `/proc`; `undefined` where it cannot be read.
 * Those of other users may be hidden: then the look is not complete.
 */
export function observeAllProc(): Observation | undefined {
  const pids = listProc();
  if (pids === undefined) return undefined;
  const clock = readClock();
  const processes = new Map<number, ProcessFacts>();
  for (const pid of pids) {
    const facts = readAllFacts(pid, clock);
    if (facts !== undefined) processes.set(pid, facts);
  }
  const hidden = !pids.has(1) || hidesProcesses(readProc("mounts") ?? "");
  return hidden
    ? {
      processes,
      complete: false,
      limit:
        "The processes of other users are hidden here: /proc does not show them (to see them, run zag-ps as root)",
    }
    : { processes, complete: true };
}

/** The pids that `/proc` shows, if it can be read and is ours. */
function listProc(): Set<number> | undefined {
  if (isOwnProc() !== true) return undefined;
  try {
    const names = readdirSync("/proc");
    return new Set(names.filter((name) => /^\d+$/.test(name)).map(Number));
  } catch {
    return undefined;
  }
}

/**
 * Looks at one process again, at its state and start and, if one is expected,
 * at its program: nothing waits, so that a signal can follow at once.
 *
 * @returns `undefined` where `/proc` does not tell
 */
export function lookAgain(
  pid: number,
  expected: ExpectedProcess,
): ProcessFacts | undefined {
  if (isOwnProc() !== true) return undefined;
  // The start comes last, for it tells whether all was about one process.
  const executable = expected.executable === undefined
    ? undefined
    : readProgram(pid, expected.executable);
  const read = tryRead(`${pid}/stat`);
  const stat = typeof read === "object" ? parseProcStat(read.text) : undefined;
  return stat && { ...describeStat(pid, stat), executable };
}

/**
 * The path of a program. Where there is none, it is the one that is expected:
 * of the processes that had one, those that are ending have let go of it, and
 * cannot turn into another program any more.
 */
function readProgram(pid: number, expected: string): string | undefined {
  const link = tryLink(`${pid}/exe`);
  if (link === "gone") return expected;
  return typeof link === "object" ? link.text : undefined;
}
