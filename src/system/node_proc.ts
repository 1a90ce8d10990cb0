import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import process from "node:process";
import { errorCode } from "../model/errors.ts";
import {
  KNOWN_MARKERS,
  type Observation,
  type ProcessFacts,
} from "../model/process_facts.ts";
import {
  hidesProcesses,
  isZombieState,
  parseBootTime,
  parseClockTicks,
  parseProcName,
  parseProcOwner,
  parseProcStat,
  pickMarkers,
  type ProcStat,
} from "./proc.ts";
import { exists } from "./probe.ts";

/**
 * Where the auxiliary vector cannot be read: USER_HZ, the unit in which the
 * kernel shows times under `/proc`, is 100 on every architecture that the
 * runtimes are built for. The check before a signal does not depend on it: it
 * compares raw ticks.
 */
const DEFAULT_CLOCK_TICKS = 100;

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
    const facts = readFacts(pid, clock);
    if (facts !== undefined) processes.set(pid, facts);
  }
  const hidden = !pids.has(1) || hidesProcesses(readProc("mounts") ?? "");
  return { processes, complete: !hidden };
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
 * Looks at one process again, at its state and start alone: nothing waits, so
 * that a signal can follow at once.
 *
 * @returns `undefined` where `/proc` does not tell
 */
export function lookAgain(pid: number): ProcessFacts | undefined {
  if (isOwnProc() !== true) return undefined;
  const stat = readStat(pid);
  return typeof stat === "object" ? describeStat(pid, stat) : undefined;
}

/** What turns clock ticks since boot into a time. */
interface Clock {
  readonly bootTime: number | undefined;
  readonly ticksPerSecond: number;
}

function readClock(): Clock {
  let ticksPerSecond: number | undefined;
  try {
    ticksPerSecond = parseClockTicks(readFileSync("/proc/self/auxv"));
  } catch {
    // Not readable for a program that may not be traced.
  }
  return {
    bootTime: parseBootTime(readProc("stat") ?? ""),
    ticksPerSecond: ticksPerSecond ?? DEFAULT_CLOCK_TICKS,
  };
}

/** `undefined` if there is no such process (any more). */
function readFacts(pid: number, clock: Clock): ProcessFacts | undefined {
  // The start comes first: should another process take the pid over between
  // two of these reads, its facts stand beside the old start, and the check
  // before a signal finds another one.
  const stat = readStat(pid);
  if (stat === "gone") return undefined;
  const { bootTime, ticksPerSecond } = clock;
  return {
    ...(stat === undefined ? { pid, zombie: false } : describeStat(pid, stat)),
    name: stat?.name,
    startedAt: stat && bootTime !== undefined
      ? bootTime + Number(stat.startTicks) * 1000 / ticksPerSecond
      : undefined,
    uid: parseProcOwner(readProc(`${pid}/status`) ?? ""),
    executable: readLink(`${pid}/exe`),
    args: readProc(`${pid}/cmdline`)?.replace(/\0$/, "").split("\0"),
    markers: readMarkers(pid, stat),
  };
}

function describeStat(pid: number, stat: ProcStat): ProcessFacts {
  return {
    pid,
    ppid: stat.ppid,
    zombie: isZombieState(stat.state),
    startTicks: `proc:${stat.startTicks}`,
  };
}

function readMarkers(
  pid: number,
  stat: ProcStat | undefined,
): Record<string, string> | undefined {
  const environ = readProc(`${pid}/environ`);
  if (environ === undefined) return undefined;
  // Nothing is read while a program is being started, and of the kernel's own
  // threads; only with an address it is an environment without variables.
  const empty = environ === "" && (stat?.environmentStart ?? "0") === "0";
  return empty ? undefined : pickMarkers(environ, KNOWN_MARKERS);
}

/** `undefined` if it cannot be read, though the process may be there. */
function readStat(
  pid: number,
): ProcStat & { name: string | undefined } | "gone" | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const stat = parseProcStat(text);
    return stat && { ...stat, name: parseProcName(text) };
  } catch (error) {
    const code = errorCode(error);
    return code === "ENOENT" || code === "ESRCH" ? "gone" : undefined;
  }
}

/** `undefined` if the process is gone, or the file is not for us to read. */
export function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

/** Where a link leads; `undefined` as for {@linkcode readProc}. */
export function readLink(name: string): string | undefined {
  try {
    return readlinkSync(`/proc/${name}`);
  } catch {
    return undefined;
  }
}
