/** What a clean-up on a CI host met, as the log, the summary and outputs say. */

import type { OwnershipKind } from "./seen_agent.ts";

/**
 * What became of an agent.
 *
 * - `found`: it was listed
 * - `planned`: it would be ended, or its entry removed
 * - `exited`: it ended, by itself or by a signal that it could have refused
 * - `killed`: it ended after SIGKILL
 * - `gone`: it had ended before the first signal was due
 * - `survived`: it, or a process of its tree, is still there
 * - `refused`: it was to be ended, and may not be
 * - `removed`: its entry went out of the store
 */
export type CleanUpOutcome =
  | "found"
  | "planned"
  | "exited"
  | "killed"
  | "gone"
  | "survived"
  | "refused"
  | "removed";

/** One agent that was met. */
export interface CleanUpRow {
  /** The id of its entry; `pid:1234` where nobody recorded it. */
  readonly id: string;
  readonly pid: number;
  readonly provider: string;
  /** Milliseconds since its start; for a removed entry since its end. */
  readonly ageMs: number | undefined;
  /** Resident memory of it and its tree, in bytes. */
  readonly memoryBytes: number | undefined;
  /** Whose it is; absent for one that has ended. */
  readonly ownership: OwnershipKind | undefined;
  /** The facts that say whose it is, or why its entry is removed. */
  readonly why: string;
  /** What tells that it is an agent, and which one. */
  readonly evidence: readonly string[];
  readonly outcome: CleanUpOutcome;
  /** Why it survived or was refused; what else is to be known of its end. */
  readonly reason: string | undefined;
  /** The page of the workflow run that left it, as its environment has it. */
  readonly runUrl: string | undefined;
  /** What it was asked, where that is recorded. */
  readonly prompt: string | undefined;
}

/** What a clean-up did, or would do. */
export interface CleanUpReport {
  readonly rows: readonly CleanUpRow[];
  /** What was seen and is none of its business, each with how many. */
  readonly others: ReadonlyMap<string, number>;
  /** Why nothing was done at all. */
  readonly refusal: string | undefined;
}

/** The agents of a report, counted. */
export interface CleanUpCounts {
  /** All that were met. */
  readonly found: number;
  /** Those that are not there any more. */
  readonly ended: number;
  readonly survived: number;
  readonly refused: number;
}

const ENDED: ReadonlySet<CleanUpOutcome> = new Set([
  "exited",
  "killed",
  "gone",
  "removed",
]);

/** Whether an agent was to be ended, and is still there. */
export function isLeftBehind({ outcome }: CleanUpRow): boolean {
  return outcome === "survived" || outcome === "refused";
}

/** Counts the agents of a report. */
export function countRows(rows: readonly CleanUpRow[]): CleanUpCounts {
  const count = (fits: (outcome: CleanUpOutcome) => boolean) =>
    rows.filter(({ outcome }) => fits(outcome)).length;
  return {
    found: rows.length,
    ended: count((outcome) => ENDED.has(outcome)),
    survived: count((outcome) => outcome === "survived"),
    refused: count((outcome) => outcome === "refused"),
  };
}

/** The path of the page of a workflow run. */
const RUN_PATH =
  /^\/[\w.-]+\/[\w.-]+\/actions\/runs\/[1-9]\d*(?:\/attempts\/[1-9]\d*)?$/;

/**
 * The link to the run that left an agent. It comes out of the environment of a
 * process that nobody vouches for, so it has to be a page of a run, on the
 * server of this job.
 *
 * @param server the address of that server, `GITHUB_SERVER_URL`
 */
export function checkRunUrl(
  url: string | undefined,
  server: string | undefined,
): string | undefined {
  if (!url || !server || !URL.canParse(url) || !URL.canParse(server)) {
    return undefined;
  }
  const page = new URL(url);
  const { href, origin, protocol, pathname, search, hash } = page;
  const { origin: home, pathname: above } = new URL(server);
  const base = above.replace(/\/$/, "");
  const isPage = pathname.startsWith(base) &&
    RUN_PATH.test(pathname.slice(base.length)) &&
    search + hash + page.username + page.password === "";
  return isPage && origin === home && /^https?:$/.test(protocol)
    ? href
    : undefined;
}
