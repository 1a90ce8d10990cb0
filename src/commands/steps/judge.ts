import { ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import {
  isMarkedKilled,
  judgeEntry,
  type Verdict,
} from "../../model/liveness.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import {
  isSignallablePid,
  type Observation,
} from "../../model/process_facts.ts";
import { findProtection } from "../../model/protected_programs.ts";
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
  const pids = new Set(entries.map((entry) => entry.pid));
  for (const pid of pids) if (!isSignallablePid(pid)) pids.delete(pid);
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

/**
 * Checks one judged entry that is about to be signalled.
 *
 * @param unverified the caller takes it upon itself that the process is the
 * one that was recorded, where nothing proves it
 * @throws {ZagPsError} `not-running`, `invalid-entry`, `unverified`, `unseen`,
 * or `refused` for the runner of a CI job
 */
export function requireSignallable(
  context: Context,
  { entry, verdict }: JudgedEntry,
  unverified: boolean,
): void {
  // A kill that was tried in doubt, and ended nothing, can be tried again.
  const alive = verdict.alive ||
    verdict.identity === "unverified" && isMarkedKilled(entry);
  if (alive && entry.pid === context.system.pid) {
    throw new ZagPsError(
      "invalid-entry",
      say`Process ${entry.id} cannot be signalled: pid ${entry.pid} is zag-ps itself`,
    );
  }
  const protection = alive && verdict.facts !== undefined
    ? findProtection(verdict.facts)
    : undefined;
  if (protection?.kind === "runner") {
    throw new ZagPsError(
      "refused",
      say`Process ${entry.id} is not signalled: pid ${entry.pid} is the ${protection.name}, ${protection.reason}`,
    );
  }
  const doubt = alive ? findDoubt(verdict) : undefined;
  if (doubt !== undefined && !unverified) {
    throw new ZagPsError(
      "unverified",
      say`Process ${entry.pid} may not be the one that was recorded as ${entry.id}: ${doubt}` +
        say`\nLook at it with "zag-ps explain ${entry.id}"; --unverified signals it all the same`,
    );
  }
  if (alive) return;
  if (verdict.identity === "recycled") {
    throw new ZagPsError(
      "not-running",
      say`Process ${entry.id} is not running (status: ${verdict.liveStatus})` +
        say`\nAnother program has its pid ${entry.pid} now: ${verdict.reason}`,
    );
  }
  if (verdict.identity === "invalid") {
    throw new ZagPsError(
      "invalid-entry",
      say`Process ${entry.id} cannot be signalled: ${verdict.reason}`,
    );
  }
  if (verdict.identity === "unseen") {
    throw new ZagPsError(
      "unseen",
      say`Cannot tell whether process ${entry.pid} (${entry.id}) is running: ${verdict.reason}\nWith Deno, grant --allow-run`,
    );
  }
  throw new ZagPsError(
    "not-running",
    say`Process ${entry.id} is not running (status: ${verdict.liveStatus})`,
  );
}

/** What keeps a process that is there from being signalled unasked. */
function findDoubt(verdict: Verdict): string | undefined {
  if (verdict.identity === "unverified") return verdict.reason;
  return verdict.facts?.startTicks === undefined
    ? "its start time cannot be read, so it could not be told from another one right before the signal"
    : undefined;
}
