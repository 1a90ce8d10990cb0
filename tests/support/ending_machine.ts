/**
 * A machine in memory whose processes answer signals, for tests of what ends
 * agents.
 *
 * @module
 */

import type { ProcessFacts } from "../../src/model/process_facts.ts";
import type { Signal, System } from "../../src/system/system.ts";
import { createMemory, type Memory, OWN_UID } from "./memory_system.ts";
import { makeFacts } from "./zag_files.ts";

/** What a process does with a signal. */
export type Answer = (
  machine: EndingMachine,
  pid: number,
  signal: Signal,
) => void;

/** A memory machine, and how its processes answer. */
export interface EndingMachine extends Memory {
  readonly answers: Map<number, Answer>;
  /** Called at each wait, with the time since the start. */
  onSleep: (elapsedMs: number) => void;
}

/** Ends at once of whatever it is sent. */
export const dies: Answer = ({ processes }, pid) => processes.delete(pid);
/** Ends of SIGKILL alone. */
export const resists: Answer = ({ processes }, pid, signal) => {
  if (signal === "SIGKILL") processes.delete(pid);
};
/** Does not end at all. */
export const stays: Answer = () => {};
/** Ends, and is not collected. */
export const rots: Answer = ({ processes }, pid) =>
  processes.set(pid, { ...processes.get(pid) as ProcessFacts, zombie: true });
/** Ends, and another program gets its pid at once. */
export const isReplaced: Answer = ({ processes }, pid) =>
  processes.set(pid, makeFacts({ pid, startTicks: "proc:777" }));

/** Makes an empty machine, but for init and zag-ps itself. */
export function createEndingMachine(): EndingMachine {
  const memory = createMemory();
  const start = memory.clock;
  const machine: EndingMachine = Object.assign(memory, {
    answers: new Map<number, Answer>(),
    onSleep: () => {},
  });
  const { system } = memory;
  const answering: System = {
    ...system,
    get platform() {
      return memory.platform;
    },
    signal: async (pid, signal, expected) => {
      await system.signal(pid, signal, expected);
      machine.answers.get(pid)?.(machine, pid, signal);
    },
    sleep: async (milliseconds) => {
      await system.sleep(milliseconds);
      machine.onSleep(memory.clock - start);
    },
  };
  memory.processes.set(1, makeFacts({ pid: 1, uid: 0, startedAt: 0 }));
  const self = { pid: system.pid, ppid: 1, uid: OWN_UID };
  memory.processes.set(system.pid, makeFacts(self));
  return Object.assign(machine, { system: answering });
}

/** Adds a process of the own user, which answers signals. */
export function addProcess(
  machine: EndingMachine,
  pid: number,
  answer: Answer,
  facts: Partial<ProcessFacts> = {},
): void {
  machine.answers.set(pid, answer);
  machine.processes.set(
    pid,
    makeFacts({
      pid,
      ppid: 1,
      uid: OWN_UID,
      args: ["node"],
      startTicks: `proc:${pid}`,
      markers: {},
      ...facts,
    }),
  );
}
