import { ZagPsError } from "../model/errors.ts";
import { formatInstant } from "../model/instant.ts";
import {
  planPrune,
  PRUNE_AGE_MS,
  type PruneStep,
} from "../model/prune_rules.ts";
import type { Context } from "./context.ts";
import { editStore } from "./steps/edit_store.ts";
import { type JudgedEntry, judgeEntries } from "./steps/judge.ts";
import { createLastSign } from "./steps/last_sign.ts";
import { readStore } from "./steps/read_store.ts";
import { select } from "./steps/select.ts";

/** What to prune. */
export interface PruneOptions {
  /** Only these: ids, unique prefixes, `self`, session ids or names. */
  readonly handles?: readonly string[] | undefined;
  /** Only those for which these hold, such as `provider=claude`. */
  readonly filters?: readonly string[] | undefined;
  /** Only what ended longer ago, in milliseconds; 7 days unless given. */
  readonly olderThanMs?: number | undefined;
  /**
   * Also marks as killed what is stored as running and whose process is gone,
   * by the same age, counted from the last sign of life.
   */
  readonly dead?: boolean | undefined;
  /** So many of the ended entries stay, whatever their age; the newest. */
  readonly keepLast?: number | undefined;
  /** Does it; without it nothing is changed. */
  readonly apply?: boolean | undefined;
}

/** What {@linkcode prune} did, or would do. */
export interface PruneReport {
  /** One step for each entry, newest first. */
  readonly plan: readonly PruneStep<JudgedEntry>[];
  /** Whether it was done. */
  readonly applied: boolean;
  /** How many entries were removed. */
  readonly removed: number;
  /** How many were marked as killed. */
  readonly marked: number;
}

/**
 * Removes ended entries from the store. An entry whose process lives, or may
 * live, is never touched, nor is a session or a log.
 *
 * @throws {ZagPsError} `store`; the file is then as it was
 */
export async function prune(
  context: Context,
  options: PruneOptions = {},
): Promise<PruneReport> {
  const { olderThanMs = PRUNE_AGE_MS, keepLast = 0, dead = false } = options;
  if (!(olderThanMs >= 0) || !(Number.isInteger(keepLast) && keepLast >= 0)) {
    throw new ZagPsError(
      "usage",
      "Cannot prune: an age is at least 0, and what is kept a whole number from 0 up",
    );
  }
  const { handles = [], filters = [] } = options;
  const { system } = context;
  const all = await judgeEntries(
    context,
    readStore(context).entries.map(({ entry }) => entry),
  );
  const chosen = await select(context, { handles, filters, all: true });
  const plan = planPrune(chosen, all, {
    now: system.now(),
    olderThanMs,
    dead,
    keepLast,
    lastSign: createLastSign(context),
  });
  if (options.apply !== true || plan.length === 0) {
    return { plan, applied: options.apply === true, removed: 0, marked: 0 };
  }
  const { removed, changed } = await editStore(context, {
    removed: plan.filter(({ action }) => action === "remove")
      .map(({ judged }) => judged.entry),
    changed: plan.filter(({ action }) => action === "mark-killed")
      .map(({ judged: { entry } }) => ({
        entry,
        changes: markAsKilled(system.now()),
      })),
  });
  const missed = plan.length - removed - changed;
  if (missed > 0) {
    context.warn(
      `${missed} of the entries were left as they are: another program changed them meanwhile`,
    );
  }
  return { plan, applied: true, removed, marked: changed };
}

/** The members of an entry whose end was noticed now. */
export function markAsKilled(now: number): Record<string, string> {
  return {
    status: JSON.stringify("killed"),
    exit_code: "null",
    exited_at: JSON.stringify(formatInstant(now)),
  };
}
