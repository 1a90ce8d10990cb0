import { judgeEntry, type Verdict } from "../../model/liveness.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import {
  isSignallablePid,
  type Observation,
} from "../../model/process_facts.ts";
import type { SeenAgent } from "../../model/seen_agent.ts";
import type { Context } from "../context.ts";

/** An entry with the judgement on it. */
export interface JudgedEntry {
  /** The entry, as the store has it. */
  readonly entry: ProcessEntry;
  /** Whether its process is alive. */
  readonly verdict: Verdict;
  /** What was seen of its process, where all of them were looked at. */
  readonly agent?: SeenAgent | undefined;
  /** Whether it has done its work, where that was asked and can be told. */
  readonly finished?: boolean | undefined;
  /**
   * Nobody recorded it: the entry is made of what was seen, and is never
   * written.
   */
  readonly untracked?: true | undefined;
}

/** Looks at the processes of entries, in one pass, and judges each. */
export async function judgeEntries(
  context: Context,
  entries: readonly ProcessEntry[],
): Promise<JudgedEntry[]> {
  const pids = new Set<number>();
  for (const { pid } of entries) if (isSignallablePid(pid)) pids.add(pid);
  const observation = await context.system.observe(pids);
  if (observation.limit !== undefined) context.warn(observation.limit);
  return judgeBy(observation, entries);
}

/**
 * Judges entries by a look at every process. Where that may not have seen
 * all, those in question are looked at by themselves.
 */
export async function judgeAll(
  context: Context,
  entries: readonly ProcessEntry[],
  observation: Observation,
): Promise<JudgedEntry[]> {
  return observation.complete
    ? judgeBy(observation, entries)
    : await judgeEntries(context, entries);
}

function judgeBy(
  observation: Observation,
  entries: readonly ProcessEntry[],
): JudgedEntry[] {
  return entries.map((entry) => ({
    entry,
    verdict: judgeEntry(entry, observation),
  }));
}
