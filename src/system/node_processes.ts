import { hostname } from "node:os";
import process from "node:process";
import { hasGracefulSignals } from "../model/platform_signals.ts";
import { isSignallablePid, type ProcessFacts } from "../model/process_facts.ts";
import {
  compareProcess,
  type ExpectedProcess,
  type Sameness,
} from "../model/same_process.ts";
import { observeProcesses } from "./node_observe.ts";
import { lookAgain } from "./node_proc.ts";
import { readLink, readProc } from "./proc_files.ts";
import type { SelfDescription, Signal } from "./system.ts";

/** See `System.describeSelf`. */
export async function describeSelf(): Promise<SelfDescription> {
  const { processes } = await observeProcesses(new Set([process.pid]));
  return {
    pid: process.pid,
    start_ticks: processes.get(process.pid)?.startTicks ?? "",
    boot_id: readProc("sys/kernel/random/boot_id")?.trim() ?? "",
    pid_namespace: readLink("self/ns/pid") ?? "",
    time_namespace: readLink("self/ns/time") ?? "",
    host: readHost(),
  };
}

/** Empty where it may not be read, as under Deno without `--allow-sys`. */
function readHost(): string {
  try {
    return hostname();
  } catch {
    return "";
  }
}

/**
 * See `System.signal`.
 *
 * @throws {RangeError} for a pid that is none, which the runtimes would turn
 * into another one or into a process group, and for this very process
 */
export async function signalProcess(
  pid: number,
  signal: Signal,
  expected: ExpectedProcess,
): Promise<void> {
  if (!isSignallablePid(pid) || pid === process.pid) {
    throw new RangeError(`Refusing to signal pid ${pid}`);
  }
  // On Linux with /proc there is no wait between this look and the signal.
  const facts = lookAgain(pid, expected) ?? await observeOne(pid);
  if (facts === undefined || facts.zombie) throw gone();
  refuseOther(compareProcess(facts, expected));
  const graceful = hasGracefulSignals(process.platform);
  process.kill(pid, graceful ? signal : "SIGKILL");
}

/** @throws unless it is the process that is expected */
function refuseOther(sameness: Sameness): void {
  switch (sameness) {
    case "same":
      return;
    case "another":
      throw gone();
    case "start unseen":
      throw new Error(
        "its start time cannot be read again, so that it may be another process by now",
      );
    case "program unseen":
      throw new Error(
        "its program cannot be read again, so that it may be another one by now",
      );
  }
}

async function observeOne(pid: number): Promise<ProcessFacts | undefined> {
  const { processes, complete } = await observeProcesses(new Set([pid]));
  const facts = processes.get(pid);
  if (facts === undefined && !complete) {
    throw new Error("it cannot be looked at again");
  }
  return facts;
}

function gone(): Error {
  return Object.assign(new Error("The process is gone"), { code: "ESRCH" });
}
