import type { CleanUpReport } from "../model/clean_up_report.ts";
import type { Scope } from "../model/clean_up_scope.ts";
import type { Context } from "./context.ts";
import { makeRow } from "./steps/clean_up_rows.ts";
import type { EndOptions } from "./steps/end_options.ts";
import type { ResultSource } from "./steps/read_result.ts";
import { selectForCleanUp } from "./steps/select_for_clean_up.ts";

/** What is done with the agents. */
export type CleanUpCommand = "list" | "stop" | "kill" | "reap";

/** What is to be cleaned up, and how. */
export interface CleanUpOptions extends Pick<EndOptions, "onStep"> {
  readonly command: CleanUpCommand;
  /**
   * Whose agents. Where `id` names the only one, and nobody recorded it, it
   * may be of this job or left by an earlier one, too.
   */
  readonly scopes: readonly Scope[];
  /** The id of the only agent. */
  readonly id?: string | undefined;
  /** The final result of that agent, for `kill`. */
  readonly result?: ResultSource | undefined;
  /** Only those for which these hold. */
  readonly filters: readonly string[];
  /** Only those that were started longer ago: a duration such as `2h`. */
  readonly olderThan?: string | undefined;
  /** Also those that nobody recorded. */
  readonly includeUntracked: boolean;
  /** Also those that a job of this runner has left on purpose. */
  readonly includeDetached: boolean;
  /** Milliseconds that each step of the ladder has. */
  readonly timeoutMs: number;
  /** All that belongs to an agent, too. */
  readonly tree: boolean;
  /** How many agents may be ended at once. */
  readonly max: number;
  /** Changes and signals nothing. */
  readonly dryRun: boolean;
  /** Why, for the session logs of agents that are reaped. */
  readonly reason?: string | undefined;
}

/**
 * Cleans up after the jobs of a CI runner: looks whose the agents are that
 * run, and ends those that the scope means with the very commands `stop`,
 * `kill` and `reap`. Never: the agents of other runners and users, those of
 * which nobody knows whose they are, and what zag-ps itself runs in.
 *
 * @throws {ZagPsError} before anything is written or signalled, as the
 * commands do; for a single agent that is named also what keeps it from being
 * ended
 */
export async function cleanUp(
  context: Context,
  options: CleanUpOptions,
): Promise<CleanUpReport> {
  const { command, max } = options;
  const { meant, others, refused, spare } = await selectForCleanUp(
    context,
    options,
  );
  const report = (
    rows: CleanUpReport["rows"],
    refusal?: string,
  ): CleanUpReport => ({
    rows: [
      ...rows,
      ...refused.map(([judged, why]) =>
        makeRow(context, judged, "refused", why)
      ),
    ],
    others,
    refusal,
  });
  if (command === "list") {
    return report(meant.map((judged) => makeRow(context, judged, "found")));
  }
  if (meant.length > max) {
    const why =
      `Nothing was signalled: ${meant.length} agents are meant, and no more than ${max} may be ended at once`;
    return report(
      meant.map((judged) => makeRow(context, judged, "refused", why)),
      `${why}\nMean fewer, or raise max to ${meant.length}`,
    );
  }
  if (meant.length === 0) return report([]);
  // Loaded only here: most runs find nothing.
  const { endMeant } = await import("./clean_up_work.ts");
  return report(await endMeant(context, meant, { ...options, command, spare }));
}
