/**
 * A machine in memory on which zag-ps is a step of a job, and agents run that
 * jobs and a person have started.
 *
 * @module
 */

import type { ProcessFacts } from "../../src/model/process_facts.ts";
import { makeJobMarkers, makeRunner } from "./ci_facts.ts";
import {
  addProcess,
  type Answer,
  createEndingMachine,
  dies,
  type EndingMachine,
} from "./ending_machine.ts";
import { formatStore, STORE } from "./zag_files.ts";

/** The worker of the job that zag-ps runs in. */
const WORKER_PID = 103;
/** `RUNNER_TEMP` of its runner. */
const TEMP = "/srv/one/_work/_temp";
const TRACKING_ID = "github_2";

/** What a process says of its job, by whose it is. */
export const MARKERS: Readonly<Record<string, Record<string, string>>> = {
  "this-job": makeJobMarkers({ temp: TEMP, tracking: TRACKING_ID }),
  "leftover": makeJobMarkers({ temp: TEMP, tracking: "github_1", run: "4710" }),
  "detached": makeJobMarkers({ temp: TEMP, tracking: "" }),
  "other-runner": makeJobMarkers({ temp: "/srv/two/_work/_temp" }),
  "person": {},
  "unknown": { CI: "true" },
};

/** Makes the machine; the store holds the entries that are given. */
export function makeCiMachine(...entries: readonly unknown[]): EndingMachine {
  const machine = createEndingMachine();
  machine.put(STORE, formatStore(...entries));
  const { processes, system, clock, env } = machine;
  const runner = makeRunner(100, { temp: TEMP, tracking: TRACKING_ID });
  for (const facts of runner.all) {
    processes.set(facts.pid, { ...facts, startedAt: clock - 60_000 });
  }
  addProcess(machine, system.pid, dies, {
    ppid: WORKER_PID,
    args: ["node", "/srv/one/_work/_actions/zag-ps/main.mjs"],
    startedAt: clock - 1000,
    markers: MARKERS["this-job"],
  });
  Object.assign(env, MARKERS["this-job"]);
  return machine;
}

/** Adds an agent that a job or a person has started. */
export function addAgent(
  machine: EndingMachine,
  pid: number,
  whose: keyof typeof MARKERS,
  answer: Answer = dies,
  facts: Partial<ProcessFacts> = {},
): void {
  addProcess(machine, pid, answer, {
    name: "codex",
    executable: "/usr/local/bin/codex",
    args: ["codex", "exec"],
    startedAt: machine.clock - 30_000,
    folder: "/srv/shop",
    memoryBytes: 2 ** 20,
    markers: MARKERS[whose],
    ...facts,
  });
}
