/**
 * The table of verdicts: who may have the pid of an entry, and what is made of
 * it.
 *
 * @module
 */

import {
  CLOCK_MARGIN_MS,
  type Identity,
  OLDER_MARGIN_MS,
} from "../../src/model/identity.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import type {
  Observation,
  ProcessFacts,
} from "../../src/model/process_facts.ts";
import { ID, PID } from "./zag_files.ts";

/** When the entry of each row was written. */
export const RECORDED = "2026-11-22T11:59:00.000+00:00";
/** The same in milliseconds. */
export const RECORDED_MS = Date.UTC(2026, 10, 22, 11, 59);
export const PARENT_ID = "9d1c33fe-0d0a-4a88-b1f4-9c4a1f2f8e21";
export const STRANGER_ID = "77777777-0d0a-4a88-b1f4-9c4a1f2f8e21";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A row of the table: who has the pid, and what is made of it. */
export interface Row {
  name: string;
  /** When the process started, from when the entry was written. */
  lateMs?: number;
  /** What else is known of it; `null` if there is no such process. */
  facts?: Partial<ProcessFacts> | null;
  entry?: Partial<ProcessEntry>;
  identity: Identity;
  rule: string;
}

/** Environments: no marker in a readable one, and one that is not readable. */
export const UNMARKED = { markers: {} };
export const UNREADABLE = { markers: undefined };
export const mark = (id: string) => ({ markers: { ZAG_PROCESS_ID: id } });
/** Programs. */
export const SHELL = { executable: "/usr/bin/bash", args: ["bash"] };
export const CLAUDE = { executable: "/opt/claude/claude", args: ["claude"] };

/** The table. */
export const ROWS: Row[] = [
  // 1. Existence and state.
  { name: "no process", facts: null, identity: "dead", rule: "existence" },
  {
    name: "a zombie",
    facts: { zombie: true },
    identity: "dead",
    rule: "zombie",
  },
  {
    name: "a zombie that carries the id",
    facts: { zombie: true, ...mark(ID) },
    identity: "dead",
    rule: "zombie",
  },

  // 2. The entry's own marker, whatever the clock says.
  ...[-30 * 24 * HOUR, -HOUR, 0, MINUTE, HOUR, 30 * 24 * HOUR].map(
    (lateMs): Row => ({
      name: `the agent, ${lateMs} ms later`,
      lateMs,
      facts: { ...mark(ID), ...SHELL },
      identity: "verified",
      rule: "marker",
    }),
  ),
  {
    name: "a resumed agent, days after its entry",
    lateMs: 72 * HOUR,
    facts: { ...mark(ID), ...CLAUDE },
    identity: "verified",
    rule: "marker",
  },
  {
    name: "the agent of an entry without a readable date",
    facts: mark(ID),
    entry: { started_at: "yesterday" },
    identity: "verified",
    rule: "marker",
  },
  {
    name: "the agent whose start cannot be read",
    facts: { ...mark(ID), startedAt: undefined, startTicks: undefined },
    identity: "verified",
    rule: "marker",
  },
  {
    name: "the agent that names itself as its parent",
    facts: mark(ID),
    entry: { parent_process_id: ID },
    identity: "verified",
    rule: "marker",
  },

  // 3. The marker of somebody else.
  ...[-HOUR, -OLDER_MARGIN_MS, 0, CLOCK_MARGIN_MS, MINUTE, HOUR].map(
    (lateMs): Row => ({
      name: `a stranger's agent, ${lateMs} ms later`,
      lateMs,
      facts: { ...mark(STRANGER_ID), ...CLAUDE },
      identity: "recycled",
      rule: "marker",
    }),
  ),
  {
    name: "a stranger's agent where the entry has a parent",
    facts: mark(STRANGER_ID),
    entry: { parent_process_id: PARENT_ID },
    identity: "recycled",
    rule: "marker",
  },
  {
    name: "an empty marker",
    facts: mark(""),
    identity: "recycled",
    rule: "marker",
  },
  {
    name: "a marker that the id begins with",
    facts: mark(ID.slice(0, -1)),
    identity: "recycled",
    rule: "marker",
  },
  {
    name: "a marker in another case",
    facts: mark(ID.toUpperCase()),
    identity: "recycled",
    rule: "marker",
  },
  {
    name: "the parent's marker where the entry has no parent",
    facts: mark(PARENT_ID),
    entry: { parent_process_id: null },
    identity: "recycled",
    rule: "marker",
  },

  // 3 and 4. A zag inside an agent: it carries the outer agent's id.
  {
    name: "a nested zag that runs exec, itself the process of its entry",
    lateMs: -800,
    facts: { ...mark(PARENT_ID), executable: "/usr/bin/zag", args: ["zag"] },
    entry: { command: "exec", parent_process_id: PARENT_ID },
    identity: "consistent",
    rule: "same time",
  },
  {
    name: "a zag that was spawned from inside an agent",
    lateMs: -40,
    facts: { ...mark(PARENT_ID), executable: "/usr/bin/zag", args: ["zag"] },
    entry: { command: "spawn", parent_process_id: PARENT_ID },
    identity: "consistent",
    rule: "same time",
  },
  {
    name: "a process of the outer agent that is hours younger",
    lateMs: 3 * HOUR,
    facts: { ...mark(PARENT_ID), ...CLAUDE },
    entry: { parent_process_id: PARENT_ID },
    identity: "recycled",
    rule: "younger",
  },
  {
    name: "a shell of the outer agent that is a minute younger",
    lateMs: MINUTE,
    facts: { ...mark(PARENT_ID), ...SHELL },
    entry: { parent_process_id: PARENT_ID },
    identity: "recycled",
    rule: "a little younger, other program",
  },
  {
    name: "a process of the outer agent that is hours older",
    lateMs: -3 * HOUR,
    facts: { ...mark(PARENT_ID), ...CLAUDE },
    entry: { parent_process_id: PARENT_ID },
    identity: "unverified",
    rule: "older",
  },

  // 4. By start time: zag's own processes carry no marker of theirs.
  {
    name: "a zag that runs exec",
    lateMs: -300,
    facts: { ...UNMARKED, executable: "/usr/bin/zag", args: ["zag", "exec"] },
    identity: "consistent",
    rule: "same time",
  },
  {
    name: "a shell that spawn has started",
    lateMs: -20,
    facts: { ...UNMARKED, executable: "/usr/bin/dash", args: ["sh", "-c"] },
    identity: "consistent",
    rule: "same time",
  },
  {
    name: "a host program of the library that is hours older",
    lateMs: -5 * HOUR,
    facts: { ...UNMARKED, executable: "/usr/bin/python3", args: ["python3"] },
    identity: "unverified",
    rule: "older",
  },
  {
    name: "a service of a machine that shares the home, booted days ago",
    lateMs: -96 * HOUR,
    facts: UNREADABLE,
    identity: "unverified",
    rule: "older",
  },
  {
    name: "a sandboxed agent, a docker client",
    lateMs: 40_000,
    facts: {
      ...UNMARKED,
      executable: "/usr/bin/docker",
      args: ["docker", "sandbox", "run", "claude"],
    },
    identity: "consistent",
    rule: "a little younger, agent program",
  },
  {
    name: "an agent that wiped its environment",
    lateMs: 40_000,
    facts: { ...UNMARKED, ...CLAUDE },
    identity: "consistent",
    rule: "a little younger, agent program",
  },
  {
    name: "the agent of another provider",
    lateMs: 40_000,
    facts: { ...UNMARKED, ...CLAUDE },
    entry: { provider: "codex" },
    identity: "recycled",
    rule: "a little younger, other program",
  },
  {
    name: "a shell, a minute younger",
    lateMs: MINUTE,
    facts: { ...UNMARKED, ...SHELL },
    identity: "recycled",
    rule: "a little younger, other program",
  },
  {
    name: "a program that cannot be told, a minute younger",
    lateMs: MINUTE,
    facts: UNMARKED,
    identity: "recycled",
    rule: "a little younger, other program",
  },
  {
    name: "a process of another user, a minute younger",
    lateMs: MINUTE,
    facts: { ...UNREADABLE, uid: 0 },
    identity: "consistent",
    rule: "a little younger, environment unreadable",
  },
  {
    name: "a process of another user, an hour younger",
    lateMs: HOUR,
    facts: { ...UNREADABLE, ...CLAUDE, uid: 0 },
    identity: "unverified",
    rule: "younger, environment unreadable",
  },
  {
    name: "a claude that somebody started an hour later",
    lateMs: HOUR,
    facts: { ...UNMARKED, ...CLAUDE },
    identity: "recycled",
    rule: "younger",
  },
  {
    name: "the first process after a reboot",
    lateMs: 20 * HOUR,
    facts: UNMARKED,
    identity: "recycled",
    rule: "younger",
  },
  {
    name: "a provider named like a part of every object",
    lateMs: MINUTE,
    facts: { ...UNMARKED, ...SHELL },
    entry: { provider: "constructor" },
    identity: "recycled",
    rule: "a little younger, other program",
  },

  // What cannot be read.
  ...["", "yesterday", "2026-11-22", "2026-02-30T00:00:00Z", "1795348740"].map(
    (started_at): Row => ({
      name: `a date "${started_at}"`,
      facts: UNMARKED,
      entry: { started_at },
      identity: "unverified",
      rule: "start unknown",
    }),
  ),
  {
    name: "a start that cannot be read",
    facts: { ...UNMARKED, startedAt: undefined },
    identity: "unverified",
    rule: "start unknown",
  },
  {
    name: "a start and an environment that cannot be read",
    facts: { ...UNREADABLE, startedAt: undefined },
    identity: "unverified",
    rule: "start unknown",
  },
];

/** What is seen of the process of a row. */
export function observe(row: Row): Observation {
  const { lateMs = 0, facts } = row;
  const processes = new Map<number, ProcessFacts>();
  if (facts !== null) {
    processes.set(PID, {
      pid: PID,
      zombie: false,
      startTicks: "proc:42",
      startedAt: RECORDED_MS + lateMs,
      ...facts,
    });
  }
  return { processes, complete: true };
}
