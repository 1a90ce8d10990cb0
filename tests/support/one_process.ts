/**
 * A machine with one entry and a process that has its pid.
 *
 * @module
 */

import type { ProcessEntry } from "../../src/model/process_entry.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import { createMemory, type Memory } from "./memory_system.ts";
import { formatStore, ID, makeEntry, PID, STORE } from "./zag_files.ts";

/** When the entry of `makeEntry` was written. */
const RECORDED_MS = Date.UTC(2026, 10, 22, 11, 59);
const HOUR = 3_600_000;

const FACTS: ProcessFacts = {
  pid: PID,
  ppid: 12,
  zombie: false,
  startTicks: "proc:42",
  startedAt: RECORDED_MS,
  uid: 1000,
  executable: "/usr/bin/node",
  args: ["node", "/opt/\x1b[2Jclaude.js", "secret prompt"],
  markers: { ZAG_PROCESS_ID: ID },
};

/** Makes the machine; without facts there is no process. */
export function makeMachine(
  facts: Partial<ProcessFacts> | null = {},
  entry: Partial<ProcessEntry> = {},
): Memory {
  const memory = createMemory();
  memory.put(STORE, formatStore(makeEntry({ session_id: null, ...entry })));
  if (facts !== null) memory.processes.set(PID, { ...FACTS, ...facts });
  return memory;
}

/** Nothing proves that it is the one recorded. */
export const OLDER = { startedAt: RECORDED_MS - HOUR, markers: {} };
/** Another program got the pid. */
export const YOUNGER = { startedAt: RECORDED_MS + HOUR, markers: {} };
