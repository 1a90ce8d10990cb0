import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { errorCode } from "../model/errors.ts";
import {
  isSignallablePid,
  KNOWN_MARKERS,
  type Observation,
  type ProcessFacts,
} from "../model/process_facts.ts";
import {
  isZombieState,
  parseProcStat,
  parseProcStatus,
  pickMarkers,
} from "./proc.ts";
import { parsePsOutput, PS_ARGUMENTS, PS_ENVIRONMENT } from "./ps_output.ts";
import type { Signal } from "./system.ts";

/** A `ps` of a loaded machine may take a while; it never takes this long. */
const PS_TIMEOUT_MS = 10_000;

const MAX_PS_BYTES = 64 * 1024 * 1024;

/**
 * Looks at processes: `/proc`, where it may be read; else `ps`; else a probe
 * with signal 0, which tells existence alone.
 */
export async function observeProcesses(
  pids: ReadonlySet<number>,
): Promise<Observation> {
  if (pids.size === 0) return { processes: new Map(), complete: true };
  return observeProc(pids) ?? await observePs() ?? probe(pids);
}

function observeProc(pids: ReadonlySet<number>): Observation | undefined {
  let names: string[];
  try {
    names = readdirSync("/proc");
  } catch {
    return undefined;
  }
  const listed = new Set(names);
  // Without itself it is no proc file system.
  if (!listed.has(String(process.pid))) return undefined;
  // With the mount option hidepid the processes of other users are left out;
  // init belongs to root, so it shows whether that is so.
  const hidden = !listed.has("1");
  const processes = new Map<number, ProcessFacts>();
  for (const pid of pids) {
    const facts = listed.has(String(pid))
      ? readProcFacts(pid)
      : hidden && exists(pid)
      ? { pid, zombie: false }
      : undefined;
    if (facts !== undefined) processes.set(pid, facts);
  }
  return { processes, complete: true };
}

function readProcFacts(pid: number): ProcessFacts | undefined {
  const statText = readProcFile(pid, "stat");
  if (statText === undefined) return undefined;
  const stat = parseProcStat(statText);
  const status = parseProcStatus(readProcFile(pid, "status") ?? "");
  const environ = readProcFile(pid, "environ");
  return {
    pid,
    ppid: stat?.ppid,
    zombie: stat !== undefined && isZombieState(stat.state),
    startTicks: stat?.startTicks,
    uid: status.uid,
    markers: environ === undefined
      ? undefined
      : pickMarkers(environ, KNOWN_MARKERS),
  };
}

/** `undefined` if the process is gone, or the file is not for us to read. */
function readProcFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

async function observePs(): Promise<Observation | undefined> {
  if (process.platform === "win32") return undefined;
  const { spawnSync } = await import("node:child_process");
  let output: string;
  try {
    const ran = spawnSync("ps", PS_ARGUMENTS, {
      encoding: "utf8",
      env: { PATH: process.env.PATH, ...PS_ENVIRONMENT },
      maxBuffer: MAX_PS_BYTES,
      stdio: ["ignore", "pipe", "ignore"],
      timeout: PS_TIMEOUT_MS,
    });
    if (ran.status !== 0) return undefined;
    output = ran.stdout;
  } catch {
    return undefined;
  }
  const processes = parsePsOutput(output);
  if (!processes.has(process.pid)) return undefined;
  return {
    processes,
    complete: true,
    // Elsewhere nothing can be granted: the support table says what is unseen.
    limit: process.platform === "linux"
      ? "Only ps can be asked about processes here: an agent that outlived its recorded end is not noticed (with Deno, grant -A to read /proc)"
      : undefined,
  };
}

function probe(pids: ReadonlySet<number>): Observation {
  const processes = new Map<number, ProcessFacts>();
  for (const pid of pids) {
    const there = exists(pid);
    if (there === undefined) {
      return {
        processes: new Map(),
        complete: false,
        limit:
          "Processes cannot be looked at: running and dead cannot be told apart (with Deno, grant --allow-run=ps or -A)",
      };
    }
    if (there) processes.set(pid, { pid, zombie: false });
  }
  return {
    processes,
    complete: true,
    limit:
      "Only the existence of processes can be seen here: neither /proc nor ps can be read",
  };
}

/** Existence by signal 0; `undefined` if this program may not ask. */
function exists(pid: number): boolean | undefined {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ESRCH") return false;
    // It is there and belongs to somebody else.
    if (code === "EPERM") return true;
    return undefined;
  }
}

/**
 * Sends a signal to one process.
 *
 * @throws {RangeError} for a pid that is none: the runtimes would turn it
 * into another one, or into a process group
 */
export function signalProcess(pid: number, signal: Signal): void {
  if (!isSignallablePid(pid) || pid === process.pid) {
    throw new RangeError(`Refusing to signal pid ${pid}`);
  }
  process.kill(pid, signal);
}
