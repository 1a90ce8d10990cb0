/**
 * Runs of the command line in memory that are refused and change nothing.
 *
 * @module
 */

import assert from "node:assert/strict";
import { capture } from "./capture.ts";
import { createMemory, type Memory } from "./memory_system.ts";
import { makeEntry, makeSession, OTHER_ID } from "./records.ts";
import { makeFacts } from "./zag_files.ts";

/** The pid of the first one. */
export const PID = 4321;

/** A machine with two live agents, the first one with a session. */
export function prepare(exit?: unknown, home = "/home/ada/.zag"): Memory {
  const memory = createMemory();
  const processes = [
    makeEntry({ pid: PID, session_id: "session-1" }),
    makeEntry({ id: OTHER_ID, pid: PID + 1 }),
  ];
  memory.put(`${home}/processes.json`, JSON.stringify({ processes }));
  const sessions = [makeSession({ exit })];
  memory.put(`${home}/sessions.json`, JSON.stringify({ sessions }));
  for (const pid of [PID, PID + 1]) {
    const startedAt = Date.now();
    memory.processes.set(pid, makeFacts({ pid, startedAt }));
  }
  return memory;
}

/** What must not have changed when something was refused. */
function look(memory: Memory): unknown {
  const { signals, files } = memory;
  const texts = [...files].map(([path]) => [path, memory.text(path)]);
  return structuredClone({ signals, texts });
}

/** Runs what is refused, and checks that nothing was changed. */
export async function refuse(
  memory: Memory,
  argv: string[],
  status: number,
): Promise<string> {
  const before = look(memory);
  const ran = await capture(argv, memory.system);
  assert.deepEqual([ran.status, ran.stdout], [status, ""], ran.stderr);
  assert.deepEqual(look(memory), before);
  return ran.stderr;
}
