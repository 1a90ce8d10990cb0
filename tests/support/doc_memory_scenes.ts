/**
 * What those transcripts of docs/commands.md play on that would show every
 * agent of the machine: machines in memory.
 *
 * @module
 */

import type { System } from "../../src/system/system.ts";
import {
  addPerson,
  makePersonsMachine,
  makeUntrackedMachine,
} from "./untracked_machine.ts";
import { HOUR_MS, MINUTE_MS } from "./doc_world.ts";

/** Transcripts on a machine in memory. */
export interface MemoryScene {
  readonly page: string;
  readonly starts: readonly string[];
  make(): System;
}

const MIB = 1 << 20;
const DAY_MS = 24 * HOUR_MS;

/** A claude with its server, and a codex whose shell is gone. */
function makeWorkplace(): System {
  const machine = makePersonsMachine(3 * HOUR_MS);
  addPerson(machine, 14301, {
    name: "claude",
    executable: "/home/ada/.local/share/claude/versions/2.1.34",
    args: ["claude"],
    startedAt: machine.clock - 130 * MINUTE_MS,
    cpuMs: 0.031 * 130 * MINUTE_MS,
    memoryBytes: 412 * MIB,
  });
  addPerson(machine, 14322, {
    ppid: 14301,
    name: "node",
    executable: "/usr/bin/node",
    args: [
      "node",
      "/usr/lib/node_modules/@modelcontextprotocol/server-github/dist/index.js",
    ],
    markers: { CLAUDECODE: "1" },
    startedAt: machine.clock - 129 * MINUTE_MS,
    cpuMs: 0.001 * 129 * MINUTE_MS,
    memoryBytes: 96 * MIB,
  });
  addPerson(machine, 9120, {
    ppid: 1,
    sid: 9000,
    terminal: null,
    name: "codex",
    executable: "/opt/codex/codex-x86_64-unknown-linux-musl",
    args: ["codex", "exec"],
    folder: "/srv/api",
    startedAt: machine.clock - DAY_MS - 4 * HOUR_MS,
    cpuMs: 1000,
    memoryBytes: 180 * MIB,
  });
  return machine.system;
}

/** Every such scene. */
export const MEMORY_SCENES: readonly MemoryScene[] = [
  { page: "docs/commands.md", starts: ["zag-ps list -a"], make: makeWorkplace },
  {
    page: "docs/commands.md",
    starts: ["zag-ps hook"],
    make: () => makeUntrackedMachine().system,
  },
];
