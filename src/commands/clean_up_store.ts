import type { CleanUpReport } from "../model/clean_up_report.ts";
import { parseDuration } from "../model/duration.ts";
import type { Context } from "./context.ts";
import { prune } from "./prune.ts";
import { makeRow } from "./steps/clean_up_rows.ts";

/** Which entries of the store are to go. */
export interface StoreCleanUpOptions {
  /** Only those for which these hold. */
  readonly filters: readonly string[];
  /** Only what ended longer ago: a duration; 7 days unless given. */
  readonly olderThan?: string | undefined;
  /** Changes nothing. */
  readonly dryRun: boolean;
}

/**
 * Removes ended entries from the store, as `prune` does, and reports them as a
 * clean-up.
 *
 * @throws {ZagPsError} as `prune`
 */
export async function cleanUpStore(
  context: Context,
  { filters, olderThan, dryRun }: StoreCleanUpOptions,
): Promise<CleanUpReport> {
  const { plan } = await prune(context, {
    filters,
    olderThanMs: olderThan === undefined ? undefined : parseDuration(olderThan),
    apply: !dryRun,
  });
  const rows = plan.map(({ judged, ageMs, reason }) => ({
    ...makeRow(context, judged, dryRun ? "planned" : "removed"),
    ageMs,
    why: reason,
  }));
  return { rows, others: new Map(), refusal: undefined };
}
