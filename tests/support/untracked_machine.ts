/**
 * A machine in memory with agents that nobody recorded, for tests of what
 * finds and ends them.
 *
 * @module
 */

import type { ProcessFacts } from "../../src/model/process_facts.ts";
import {
  addProcess,
  createEndingMachine,
  dies,
  type EndingMachine,
} from "./ending_machine.ts";
import { formatStore, STORE } from "./zag_files.ts";

/** A person's shell, the parent of what follows. */
export const SHELL_PID = 200;
/** claude, of one process. */
export const CLAUDE_PID = 300;
/** The script that starts codex. */
export const LAUNCHER_PID = 400;
/** codex itself. */
export const CODEX_PID = 401;
/** An MCP server of claude. */
export const HELPER_PID = 301;
/** A gemini whose shell is gone. */
export const ORPHAN_PID = 500;
/** An editor that has a file of that name open. */
export const EDITOR_PID = 600;

/** Adds a process of a person, who sits at a terminal. */
export function addPerson(
  machine: EndingMachine,
  pid: number,
  facts: Partial<ProcessFacts>,
): void {
  addProcess(machine, pid, dies, {
    ppid: SHELL_PID,
    sid: SHELL_PID,
    pgid: pid,
    terminal: { name: "/dev/pts/1", deleted: false },
    folder: "/srv/shop",
    startedAt: machine.clock - 60_000,
    memoryBytes: 1024,
    cgroup: "/user.slice/user-1000.slice/session-3.scope",
    ...facts,
  });
}

/**
 * Makes a machine with init and a person's shell alone.
 *
 * @param shellAgeMs how long ago the shell was started
 * @param entries what the store holds
 */
export function makePersonsMachine(
  shellAgeMs: number,
  ...entries: readonly unknown[]
): EndingMachine {
  const machine = createEndingMachine();
  machine.put(STORE, formatStore(...entries));
  machine.processes.set(1, {
    pid: 1,
    ppid: 0,
    zombie: false,
    name: "systemd",
    executable: "/usr/lib/systemd/systemd",
    args: ["/sbin/init"],
    startTicks: "proc:1",
    startedAt: 0,
    uid: 0,
  });
  addPerson(machine, SHELL_PID, {
    ppid: 1,
    name: "bash",
    executable: "/usr/bin/bash",
    args: ["-bash"],
    startedAt: machine.clock - shellAgeMs,
  });
  return machine;
}

/** Makes the machine; the store holds the entries that are given. */
export function makeUntrackedMachine(
  ...entries: readonly unknown[]
): EndingMachine {
  const machine = makePersonsMachine(120_000, ...entries);
  addPerson(machine, CLAUDE_PID, {
    name: "claude",
    executable: "/home/ada/.local/share/claude/versions/2.1.34",
    args: ["claude"],
  });
  addPerson(machine, HELPER_PID, {
    ppid: CLAUDE_PID,
    name: "node",
    executable: "/usr/bin/node",
    args: [
      "node",
      "/home/ada/.npm/_npx/1/node_modules/@modelcontextprotocol/server-github/dist/index.js",
    ],
    startedAt: machine.clock - 50_000,
    markers: { CLAUDECODE: "1" },
  });
  addPerson(machine, LAUNCHER_PID, {
    name: "node",
    executable: "/usr/bin/node",
    args: ["node", "/usr/lib/node_modules/@openai/codex/bin/codex.js", "exec"],
  });
  addPerson(machine, CODEX_PID, {
    ppid: LAUNCHER_PID,
    name: "codex",
    executable:
      "/usr/lib/node_modules/@openai/codex/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/codex/codex",
    args: [
      "/usr/lib/node_modules/@openai/codex/node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/codex/codex",
      "exec",
    ],
    startedAt: machine.clock - 59_000,
  });
  addPerson(machine, ORPHAN_PID, {
    ppid: 1,
    sid: 499,
    terminal: null,
    name: "node",
    executable: "/usr/bin/node",
    args: [
      "node",
      "/usr/lib/node_modules/@google/gemini-cli/bundle/gemini.js",
    ],
  });
  addPerson(machine, EDITOR_PID, {
    name: "vim",
    executable: "/usr/bin/vim",
    args: ["vim", "claude"],
  });
  return machine;
}
