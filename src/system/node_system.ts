import { userInfo } from "node:os";
import process from "node:process";
import { armCutOff } from "./cut_off.ts";
import { nodeFiles } from "./node_files.ts";
import { createListSystem, type Variables } from "./node_list_system.ts";
import { observeAllProcesses, observeProcesses } from "./node_observe.ts";
import { describeSelf, signalProcess } from "./node_processes.ts";
import { ownCommand, startProgram } from "./node_programs.ts";
import { catchSignals, deferSignals } from "./node_signals.ts";
import type { System } from "./system.ts";

/** What a caller may put in place of the real machine's. */
export interface SystemOptions {
  /** Environment variables in place of the process's own. */
  readonly env?: Variables | undefined;
  /** The clock: milliseconds since 1970. */
  readonly now?: (() => number) | undefined;
}

/** The real machine, under Deno, Bun and Node alike. */
export function createNodeSystem(options: SystemOptions = {}): System {
  const variables = options.env ?? process.env;
  return {
    ...createListSystem(variables),
    ...nodeFiles,
    pid: process.pid,
    platform: process.platform,
    now: options.now ?? Date.now,
    uniqueText: () => crypto.randomUUID(),
    random: Math.random,
    sleep,
    deferSignals,
    observe: observeProcesses,
    observeAll: observeAllProcesses,
    describeSelf,
    signal: signalProcess,
    userName,
    currentFolder: () => process.cwd(),
    ownCommand,
    startProgram: (start) => startProgram(start, variables),
    catchSignals,
    armCutOff,
  };
}

/** Leaves no timer behind that would keep the program from ending. */
function sleep(milliseconds: number, until?: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const wake = () => {
      clearTimeout(timer);
      resolve();
    };
    until?.then(wake, wake);
  });
}

function userName(uid: number): string | undefined {
  try {
    const line = new TextDecoder().decode(nodeFiles.readFile("/etc/passwd"))
      .split("\n").find((row) => row.split(":")[2] === String(uid));
    if (line !== undefined) return line.split(":")[0];
    const own = userInfo();
    return own.uid === uid ? own.username : undefined;
  } catch {
    return undefined;
  }
}
