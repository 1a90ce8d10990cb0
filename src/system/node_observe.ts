import process from "node:process";
import type { Observation, ProcessFacts } from "../model/process_facts.ts";
import { isOwnProc, observeAllProc, observeProc } from "./node_proc.ts";
import { exists } from "./probe.ts";

/**
 * Looks at processes: `/proc`, where it may be read; else `ps`, or on Windows
 * one CIM query; else a probe with signal 0, which tells existence alone, but
 * always of the processes that a signal would reach.
 */
export async function observeProcesses(
  pids: ReadonlySet<number>,
): Promise<Observation> {
  if (pids.size === 0) return { processes: new Map(), complete: true };
  return observeProc(pids) ?? await query(pids) ?? probe(pids);
}

async function query(
  pids: ReadonlySet<number>,
): Promise<Observation | undefined> {
  const { observeCim, observePs } = await loadQueries();
  if (process.platform === "win32") return await observeCim(pids);
  // ps reads /proc: where that is not ours, it shows strangers.
  return isOwnProc() === false ? undefined : await observePs(pids);
}

/** Loaded only here: where `/proc` can be read, nobody else is asked. */
function loadQueries() {
  return import("./node_queries.ts");
}

/** See `System.observeAll`. */
export async function observeAllProcesses(): Promise<Observation> {
  return observeAllProc() ?? await queryAll() ?? {
    processes: new Map(),
    complete: false,
    limit:
      "Processes cannot be listed here (with Deno, grant --allow-run=ps or -A)",
  };
}

async function queryAll(): Promise<Observation | undefined> {
  const { observeAllCim, observeAllPs } = await loadQueries();
  if (process.platform === "win32") return await observeAllCim();
  return isOwnProc() === false ? undefined : await observeAllPs();
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
      "Only the existence of processes can be seen here: neither /proc nor ps shows the processes of this PID namespace",
  };
}
