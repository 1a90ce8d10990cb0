/**
 * The real machine's files in a home of their own, and processes that are
 * made up: nothing is ever signalled, and no write goes past unseen.
 *
 * @module
 */

import { posix } from "node:path";
import {
  PROCESS_ID_MARKER,
  type ProcessFacts,
} from "../src/model/process_facts.ts";
import { createNodeSystem } from "../src/system/node_system.ts";
import type { System } from "../src/system/system.ts";
import type { FuzzCase } from "./fuzz_cases.ts";
import { LIVE_PIDS } from "./fuzz_values.ts";

/** The machine, and what was done on it that must not be. */
export interface FuzzMachine {
  readonly system: System;
  readonly signals: number[];
  readonly faults: string[];
}

/** The calls that change files, and which of their arguments are paths. */
const WRITING: Readonly<Record<string, number>> = {
  makeFolder: 1,
  createFile: 1,
  changeOwner: 1,
  changeMode: 1,
  rename: 2,
  link: 2,
  remove: 1,
  appendFile: 1,
};

/** The time that the made-up processes fit. */
const NOW = Date.UTC(2026, 10, 22, 12);
const STARTED_AT = Date.UTC(2026, 10, 22, 11, 59);

/** Makes the machine of a case. */
export function createFuzzMachine(home: string, one: FuzzCase): FuzzMachine {
  const real = createNodeSystem();
  const faults: string[] = [];
  const signals: number[] = [];
  const guarded = Object.fromEntries(
    Object.entries(WRITING).map(([name, paths]) => {
      const act = real[name as keyof System] as (...args: unknown[]) => unknown;
      return [name, (...args: unknown[]) => {
        for (const path of args.slice(0, paths)) {
          // The text decides: in the home there are no links.
          if (!posix.normalize(String(path)).startsWith(`${home}/`)) {
            faults.push(`${name} outside the home: ${JSON.stringify(path)}`);
            throw Object.assign(new Error("outside"), { code: "EACCES" });
          }
        }
        return act(...args);
      }];
    }),
  );
  const look = (pid: number) => makeFacts(pid, one.markers.get(pid));
  const system: System = {
    ...real,
    ...guarded,
    env: (name) =>
      name === PROCESS_ID_MARKER
        ? one.self
        : name === "ZAG_USER_LOG_DIR"
        ? one.logs
        : undefined,
    userHome: () => home,
    now: () => NOW,
    sleep: () => Promise.resolve(),
    deferSignals: (work) => work(() => false),
    readStdin: () => new TextEncoder().encode(one.stdin),
    observeAll: () => {
      const all = [...LIVE_PIDS.map(look), ...one.processes ?? []];
      const seen = new Map(all.map((facts) => [facts.pid, facts]));
      return Promise.resolve({ processes: seen, complete: true });
    },
    observe: (pids) => {
      for (const pid of pids) {
        // A lock may name process 1, which is looked at and never signalled.
        const least = one.files["processes.json.lock"] === undefined ? 2 : 1;
        if (!Number.isInteger(pid) || pid < least || pid >= 2 ** 31) {
          faults.push(`looked at pid ${pid}`);
        }
      }
      const made = one.processes?.filter(({ pid }) => pids.has(pid)) ?? [];
      const seen = [
        ...LIVE_PIDS.filter((pid) => pids.has(pid)).map(look),
        ...made,
      ]
        .map((facts) => [facts.pid, facts] as const);
      return Promise.resolve({ processes: new Map(seen), complete: true });
    },
    signal: (pid) => {
      if (!LIVE_PIDS.includes(pid) && one.meant?.includes(pid) !== true) {
        faults.push(`signalled pid ${pid}`);
      }
      signals.push(pid);
      return Promise.resolve();
    },
  };
  return { system, signals, faults };
}

function makeFacts(pid: number, marker: string | undefined): ProcessFacts {
  return {
    pid,
    zombie: false,
    startTicks: "proc:5",
    startedAt: STARTED_AT,
    uid: 1000,
    args: ["claude"],
    ...(marker === undefined
      ? {}
      : { markers: { [PROCESS_ID_MARKER]: marker } }),
  };
}
