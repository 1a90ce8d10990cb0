import type { Finding } from "../../../model/diagnosis.ts";
import { say } from "../../../model/escape.ts";
import { isGone, planPrune, PRUNE_AGE_MS } from "../../../model/prune_rules.ts";
import type { Context } from "../../context.ts";
import { findSession } from "../find_session.ts";
import type { JudgedEntry } from "../judge.ts";
import { createLastSign } from "../last_sign.ts";

/**
 * Finds the entries that lie: stored as running though the process is gone,
 * or as ended though it lives. Those that prune would mark may be marked: zag
 * comes back to the others, hours after a usage limit.
 */
export function checkEntries(
  context: Context,
  judged: readonly JudgedEntry[],
): Finding[] {
  const stale = new Set(
    planPrune(judged, judged, {
      now: context.system.now(),
      olderThanMs: PRUNE_AGE_MS,
      dead: true,
      keepLast: Infinity,
      lastSign: createLastSign(context),
    }).map(({ judged }) => judged),
  );
  return judged.flatMap((one) => [
    ...checkEntry(one, stale.has(one)),
    ...checkSession(context, one),
  ]);
}

function checkEntry(judged: JudgedEntry, stale: boolean): Finding[] {
  const { entry, verdict } = judged;
  const { id } = entry;
  const check = "entries";
  const level = "problem";
  if (verdict.identity === "invalid") {
    // The only program of a container is process 1 there, and may have ended.
    if (entry.status !== "running") return [];
    return [{
      check,
      level,
      what: say`Process ${id} can be none: ${verdict.reason}`,
      remedy: "Nothing will ever signal it: mend the entry or remove it",
    }];
  }
  if (entry.status === "running") {
    if (!isGone(verdict)) return [];
    return [{
      check,
      level,
      what:
        say`Process ${id} is stored as running, and it is not: ${verdict.reason}`,
      remedy: stale
        ? "zag-ps prune --dead --apply marks it as killed"
        : say`zag may start it again; if not, zag-ps prune ${id} --dead --older-than 0s --apply marks it as killed`,
      fix: stale ? { kind: "mark-killed", entry } : undefined,
    }];
  }
  if (!verdict.alive) return [];
  return [{
    check,
    level,
    what:
      say`Process ${id} is stored as ${entry.status}, and it lives: pid ${entry.pid}, ${verdict.reason}`,
    remedy: say`zag-ps kill ${id} ends it`,
  }];
}

/** Without its session a living agent's result cannot be recorded. */
function checkSession(context: Context, { entry, verdict }: JudgedEntry) {
  if (!verdict.alive || typeof entry.session_id !== "string") return [];
  const quiet = { ...context, warn: () => {} };
  const found = findSession(quiet, entry);
  if (found.kind === "found") return [];
  const known = found.kind === "unreadable";
  const finding: Finding = {
    check: "entries",
    level: known ? "problem" : "note",
    what: known
      ? say`The session of process ${entry.id} cannot be read: ` + found.reason
        .split("\n")[0]
      : say`The session "${entry.session_id}" of process ${entry.id} is in no store`,
    remedy: known
      ? "Mend it: until then kill refuses to end the process with a result"
      : "kill refuses a result for it; without one it ends the process",
  };
  return [finding];
}
