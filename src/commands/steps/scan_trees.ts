import { gatherFamily } from "../../model/ancestors.ts";
import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { judgeEntry } from "../../model/liveness.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import {
  isSameStart,
  type Observation,
  PROCESS_ID_MARKER,
  type ProcessFacts,
} from "../../model/process_facts.ts";
import { findTree, type Spared } from "../../model/process_tree.ts";
import type { Context } from "../context.ts";
import type { EndOptions } from "./end_options.ts";
import { pursue, type Pursuit, settle } from "./pursue.ts";
import { readStore } from "./read_store.ts";

/** An agent and what was found of its tree so far. */
export interface Hunt {
  readonly entry: ProcessEntry;
  /** Ended already if it may not be signalled at all. */
  readonly agent: Pursuit;
  /**
   * The processes of the agent itself, in the order of the signals: the real
   * one, and what only started it. The agent is among them.
   */
  readonly own: readonly Pursuit[];
  /** The others of its tree, by pid and start. */
  readonly members: Map<string, Pursuit>;
  /** What is tied to it and left alone, by pid. */
  readonly spared: Map<number, Spared>;
  /** Whether the processes that zag-ps runs in are spared. */
  readonly spareAncestors: boolean;
  /** Why something of its tree is left alone; see {@linkcode EndOptions}. */
  readonly spare?: EndOptions["spare"];
}

/**
 * Looks at every process, finds what belongs to the trees and is new, and
 * notes which of the known ones have ended.
 *
 * @param entries the store, for the agents that are nested in others
 * @returns how many were found that were not known
 * @throws {ZagPsError} `unseen` if processes cannot be listed
 */
export async function scanTrees(
  context: Context,
  hunts: readonly Hunt[],
  entries: readonly ProcessEntry[],
): Promise<number> {
  const { system, warn } = context;
  const observation = await system.observeAll();
  if (observation.limit !== undefined) warn(observation.limit);
  const { processes, complete } = observation;
  if (!processes.has(system.pid) && !complete) {
    throw new ZagPsError(
      "unseen",
      "Cannot find what belongs to an agent: processes cannot be listed\n" +
        (isBegun(hunts) ? "" : "Nothing was signalled. ") +
        "With Deno, grant -A; or leave --tree out",
    );
  }
  const taken = new Set(
    hunts.flatMap(({ own }) => own.map(({ facts }) => keyOf(facts))),
  );
  for (const { members } of hunts) {
    for (const key of members.keys()) taken.add(key);
  }
  const runsIn = findOwnAgents(context, entries, observation);
  let found = 0;
  for (const hunt of hunts) {
    const { entry, agent, own, members, spared, spareAncestors, spare } = hunt;
    settle([...own, ...members.values()], processes, complete);
    const nested = listNested(entries, entry.id);
    const tree = findTree({
      processes,
      agent: agent.facts,
      ids: new Set([entry.id, ...nested.map(({ id }) => id)]),
      nested: findProven(nested, observation),
      known: [...own, ...members.values()].map(({ facts }) => facts),
      ownPid: system.pid,
      runsIn,
      spareAncestors,
      spare,
    });
    const pids = new Set(tree.members.map(({ facts }) => facts.pid));
    for (const [key, { facts, outcome }] of members) {
      // What was taken for the agent's own may have shown itself since.
      const spared = processes.has(facts.pid) && !pids.has(facts.pid);
      if (outcome === undefined && spared) members.delete(key);
    }
    for (const { facts } of tree.members) {
      const key = keyOf(facts);
      if (taken.has(key)) continue;
      taken.add(key);
      members.set(key, pursue(facts));
      found++;
    }
    // What was spared hangs below nothing once the agent has ended, and was
    // spared all the same.
    for (const [pid, { facts }] of spared) {
      const now = processes.get(pid);
      const isThere = now !== undefined && !now.zombie &&
        isSameStart(now.startTicks, facts.startTicks) !== false;
      if (!isThere || pids.has(pid)) spared.delete(pid);
    }
    for (const one of tree.spared) spared.set(one.facts.pid, one);
  }
  return found;
}

/** The entries of the store, as they are now. */
export function readEntries(context: Context): ProcessEntry[] {
  return readStore(context).entries.map(({ entry }) => entry);
}

/**
 * Reads the store now, and again each time the function is called; another
 * program may just be writing it, and then the last that could be read counts.
 *
 * @throws {ZagPsError} `store` if it cannot be read or parsed now
 */
export function followEntries(
  context: Context,
): () => readonly ProcessEntry[] {
  let entries = readEntries(context);
  let warned = false;
  return () => {
    try {
      entries = readEntries(context);
    } catch (error) {
      if (!warned) {
        context.warn(
          "The store could not be read again, agents that were started " +
            "meanwhile are not known: " + reasonOf(error),
        );
      }
      warned = true;
    }
    return entries;
  };
}

function isBegun(hunts: readonly Hunt[]): boolean {
  return hunts.some(({ own, members }) =>
    [...own, ...members.values()].some(({ signals }) => signals.length > 0)
  );
}

/**
 * The processes of the agent that zag-ps was started by and of those that
 * started that one, as the environment and the store name them: zag-ps need
 * not be their child any more.
 */
function findOwnAgents(
  { system }: Context,
  entries: readonly ProcessEntry[],
  observation: Observation,
): ProcessFacts[] {
  const family = gatherFamily(entries);
  const line = new Set<ProcessEntry>();
  for (let id = system.env(PROCESS_ID_MARKER); typeof id === "string";) {
    const entry = family.get(id);
    if (entry === undefined || line.has(entry)) break;
    line.add(entry);
    id = entry.parent_process_id ?? undefined;
  }
  return [...line].flatMap((entry) => {
    const { alive, facts } = judgeEntry(entry, observation);
    return alive && facts !== undefined ? [facts] : [];
  });
}

/** The entries that an agent started, and those that they started. */
function listNested(
  entries: readonly ProcessEntry[],
  id: string,
): ProcessEntry[] {
  const ids = new Set([id]);
  const nested: ProcessEntry[] = [];
  for (let found = 1; found > 0;) {
    found = 0;
    for (const entry of entries) {
      const parent = entry.parent_process_id ?? undefined;
      if (parent === undefined || !ids.has(parent) || ids.has(entry.id)) {
        continue;
      }
      ids.add(entry.id);
      nested.push(entry);
      found++;
    }
  }
  return nested;
}

/** The processes of entries that certainly are the ones recorded. */
function findProven(
  entries: readonly ProcessEntry[],
  observation: Observation,
): ProcessFacts[] {
  return entries.flatMap((entry) => {
    const { alive, identity, facts } = judgeEntry(entry, observation);
    const proven = identity === "verified" || identity === "consistent";
    return alive && proven && facts !== undefined ? [facts] : [];
  });
}

function keyOf({ pid, startTicks }: ProcessFacts): string {
  // `ps` may show the start of one process a second apart.
  return startTicks?.startsWith("ps:") ? `${pid}` : `${pid} ${startTicks}`;
}
