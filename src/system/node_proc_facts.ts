import { readFileSync } from "node:fs";
import {
  KNOWN_MARKERS,
  type ProcessFacts,
  type Terminal,
} from "../model/process_facts.ts";
import { parseClockTicks } from "./auxv.ts";
import {
  isZombieState,
  parseArguments,
  parseBootTime,
  parseCgroup,
  parseProcMemory,
  parseProcName,
  parseProcOwner,
  parseProcStat,
  pickMarkers,
  type ProcStat,
} from "./proc.ts";
import {
  type ProcRead,
  readLink,
  readProc,
  tryLink,
  tryRead,
} from "./proc_files.ts";
import { nameTerminal, parseDeletedTerminal } from "./terminal_names.ts";

/**
 * Where the auxiliary vector cannot be read: USER_HZ, the unit in which the
 * kernel shows times under `/proc`, is 100 on every architecture that the
 * runtimes are built for. The check before a signal does not depend on it: it
 * compares raw ticks.
 */
const DEFAULT_CLOCK_TICKS = 100;

const MARKERS = new Set(KNOWN_MARKERS);

/** Input and both outputs: what a program of a terminal has open there. */
const STANDARD_FILES = [0, 1, 2];

/** What turns clock ticks since boot into a time. */
export interface Clock {
  readonly bootTime: number | undefined;
  readonly ticksPerSecond: number;
}

/** Reads the clock, once for many processes. */
export function readClock(): Clock {
  let auxv: Uint8Array = new Uint8Array();
  try {
    auxv = readFileSync("/proc/self/auxv");
  } catch {
    // Not readable for a program that may not be traced.
  }
  return {
    bootTime: parseBootTime(readProc("stat") ?? ""),
    ticksPerSecond: parseClockTicks(auxv) ?? DEFAULT_CLOCK_TICKS,
  };
}

/**
 * Reads what tells whose a process is and what it runs, and what comes with
 * that for free.
 *
 * @returns `undefined` if there is no such process (any more)
 */
export function readFacts(pid: number, clock: Clock): ProcessFacts | undefined {
  return readProcess(pid, clock)?.facts;
}

/**
 * Reads every fact of a process, each of its files once.
 *
 * @returns `undefined` if there is no such process (any more)
 */
export function readAllFacts(
  pid: number,
  clock: Clock,
): ProcessFacts | undefined {
  const read = readProcess(pid, clock);
  if (read === undefined) return undefined;
  const { facts, stat, access } = read;
  const cgroup = stat?.isKernelThread ? "gone" : tryRead(`${pid}/cgroup`);
  return {
    ...facts,
    terminal: facts.terminal ?? findTerminal(pid, stat, access),
    folder: access === "open" ? readLink(`${pid}/cwd`) : undefined,
    cgroup: parseCgroup(textOf(cgroup) ?? ""),
  };
}

/**
 * Whether we may look into a process: one check of the kernel decides on its
 * program, environment, folder and open files (ptrace(2), "access mode
 * checking"). There is nothing to be seen of what runs no program.
 */
type Access = "open" | "denied" | "empty";

function readProcess(pid: number, clock: Clock): {
  facts: ProcessFacts;
  stat: ProcStat | undefined;
  access: Access;
} | undefined {
  // The start comes first: should another process take the pid over between
  // two of these reads, its facts stand beside the old start, and the check
  // before a signal finds another one.
  const first = tryRead(`${pid}/stat`);
  if (first === "gone") return undefined;
  const text = textOf(first) ?? "";
  const stat = parseProcStat(text);
  const link = stat?.isKernelThread ? "gone" : tryLink(`${pid}/exe`);
  const status = textOf(tryRead(`${pid}/status`)) ?? "";
  const access = link === "gone"
    ? "empty"
    : link === "denied"
    ? "denied"
    : "open";
  const facts: ProcessFacts = {
    ...(stat === undefined ? { pid, zombie: false } : describeStat(pid, stat)),
    name: stat && parseProcName(text),
    startedAt: stat && readStart(stat, clock),
    uid: parseProcOwner(status),
    memoryBytes: access === "empty" ? 0 : parseProcMemory(status),
    executable: textOf(link),
    args: access === "empty" ? [] : readArguments(pid),
    markers: access === "open" ? readMarkers(pid, stat) : undefined,
    ...(stat && describeUse(stat, clock)),
  };
  return { facts, stat, access };
}

/** What tells one process from another one that has its pid. */
export function describeStat(pid: number, stat: ProcStat): ProcessFacts {
  return {
    pid,
    ppid: stat.ppid,
    zombie: isZombieState(stat.state),
    startTicks: `proc:${stat.startTicks}`,
  };
}

function describeUse(stat: ProcStat, clock: Clock): Partial<ProcessFacts> {
  return {
    // A leader that another PID namespace has is somewhere, not gone.
    pgid: stat.pgid || undefined,
    sid: stat.sid || undefined,
    terminal: stat.terminalNumber === 0
      ? undefined
      : { name: nameTerminal(stat.terminalNumber), deleted: false },
    cpuMs: stat.cpuTicks * 1000 / clock.ticksPerSecond,
  };
}

function readStart(
  { startTicks }: ProcStat,
  { bootTime, ticksPerSecond }: Clock,
): number | undefined {
  return bootTime === undefined
    ? undefined
    : bootTime + Number(startTicks) * 1000 / ticksPerSecond;
}

/**
 * The terminal of a process that the kernel knows none of: it takes the
 * terminal away from its processes when it closes, and they keep but the open
 * files. What never had one, and has the files of one that is closed, cannot
 * be told from them.
 */
function findTerminal(
  pid: number,
  stat: ProcStat | undefined,
  access: Access,
): Terminal | null | undefined {
  if (stat === undefined || access === "denied") return undefined;
  if (isZombieState(stat.state)) return undefined;
  if (access === "empty") return null;
  for (const number of STANDARD_FILES) {
    const name = parseDeletedTerminal(readLink(`${pid}/fd/${number}`) ?? "");
    if (name !== undefined) return { name, deleted: true };
  }
  return null;
}

function readArguments(pid: number): string[] | undefined {
  const line = textOf(tryRead(`${pid}/cmdline`));
  return line === undefined ? undefined : parseArguments(line);
}

function readMarkers(
  pid: number,
  stat: ProcStat | undefined,
): Record<string, string> | undefined {
  const environ = textOf(tryRead(`${pid}/environ`));
  if (environ === undefined) return undefined;
  // Nothing is read while a program is being started; only with an address it
  // is an environment without variables.
  const empty = environ === "" && (stat?.environmentStart ?? "0") === "0";
  return empty ? undefined : pickMarkers(environ, MARKERS);
}

function textOf(read: ProcRead): string | undefined {
  return typeof read === "object" ? read.text : undefined;
}
