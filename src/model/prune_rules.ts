import { parseMilliseconds } from "./instant.ts";
import type { Verdict } from "./liveness.ts";
import type { ProcessEntry } from "./process_entry.ts";

/** Entries that ended longer ago than this are pruned: 7 days, as in zag. */
export const PRUNE_AGE_MS = 7 * 24 * 60 * 60 * 1000;

/** An entry and the judgement on it. */
interface Judged {
  readonly entry: ProcessEntry;
  readonly verdict: Verdict;
}

/** What prune does, or would do, with one entry. */
export interface PruneStep<J> {
  /** The entry, and whether its process is there. */
  readonly judged: J;
  /**
   * `remove`: it goes out of the store. `mark-killed`: it stays, as one that
   * has ended.
   */
  readonly action: "remove" | "mark-killed";
  /** Milliseconds since its end, or since the last sign of life. */
  readonly ageMs: number;
  /** Why, in words. */
  readonly reason: string;
}

/** What is pruned. */
export interface PruneRules {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What ended, or was heard of, longer ago than this. */
  readonly olderThanMs: number;
  /** Also marks entries that are stored as running and whose process is gone. */
  readonly dead: boolean;
  /** So many of the ended entries stay, whatever their age; the newest. */
  readonly keepLast: number;
  /**
   * When an entry's session was heard of last, milliseconds since 1970. Asked
   * only for entries that are old enough by their start.
   */
  readonly lastSign: (entry: ProcessEntry) => number | undefined;
}

/**
 * Plans what prune does. Nothing that lives, or may live, is ever in a plan:
 * nor is what shares a session with it.
 *
 * @param chosen the entries to choose from, newest first
 * @param all every entry of the store
 */
export function planPrune<J extends Judged>(
  chosen: readonly J[],
  all: readonly Judged[],
  rules: PruneRules,
): PruneStep<J>[] {
  const live = new Set(
    all.filter(mayLive).map(({ entry }) => entry.session_id ?? undefined),
  );
  live.delete(undefined);
  const isFree = (judged: Judged) =>
    !mayLive(judged) && !live.has(judged.entry.session_id ?? undefined);
  const ended = chosen.filter(({ entry }) => isEnded(entry));
  const kept = new Set(ended.slice(0, rules.keepLast));
  return chosen.filter(isFree).flatMap((judged) => {
    if (!isEnded(judged.entry)) return planDead(judged, rules);
    return kept.has(judged) ? [] : planEnded(judged, rules);
  });
}

/** Stored as ended; a status of another version says nothing of that. */
function isEnded({ status }: ProcessEntry): boolean {
  return status === "exited" || status === "killed";
}

/**
 * Whether the process of an entry may be there. Who waited for its end knows
 * the exit code; without one, a process that may be the one counts.
 */
function mayLive({ entry, verdict }: Judged): boolean {
  if (verdict.alive || verdict.identity === "unseen") return true;
  return isEnded(entry) && (entry.exit_code ?? null) === null &&
    (verdict.identity === "consistent" || verdict.identity === "unverified");
}

function planEnded<J extends Judged>(
  judged: J,
  { now, olderThanMs }: PruneRules,
): PruneStep<J>[] {
  const { status, exited_at } = judged.entry;
  const end = parseMilliseconds(exited_at ?? "");
  // As in zag: an end that cannot be dated is no old one.
  if (end === undefined || !(now - end > olderThanMs)) return [];
  const reason = `${status} at ${exited_at}`;
  return [{ judged, action: "remove", ageMs: now - end, reason }];
}

/**
 * A process that is gone is not always an end: after a usage limit zag starts
 * the agent again, hours later, under the same entry. So the age counts from
 * the last sign of life, the start or the last line of the session log.
 */
function planDead<J extends Judged>(
  judged: J,
  { now, olderThanMs, dead, lastSign }: PruneRules,
): PruneStep<J>[] {
  const { entry, verdict } = judged;
  if (!dead || entry.status !== "running") return [];
  if (!isGone(verdict)) return [];
  const started = parseMilliseconds(entry.started_at);
  if (started === undefined || !(now - started > olderThanMs)) return [];
  const heard = Math.max(started, lastSign(entry) ?? started);
  const ageMs = now - heard;
  if (!(ageMs > olderThanMs)) return [];
  const reason = verdict.identity === "recycled"
    ? `its pid belongs to another process: ${verdict.reason}`
    : verdict.reason;
  return [{ judged, action: "mark-killed", ageMs, reason }];
}

/** Whether it is certain that the recorded process is gone. */
export function isGone({ identity }: Verdict): boolean {
  return identity === "dead" || identity === "recycled";
}
