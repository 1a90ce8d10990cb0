import { isAgentProgram } from "./agent_programs.ts";
import { parseMilliseconds } from "./instant.ts";
import type { ProcessEntry } from "./process_entry.ts";
import {
  isSignallablePid,
  type Observation,
  PROCESS_ID_MARKER,
  type ProcessFacts,
} from "./process_facts.ts";

/**
 * How sure it is that a live process is the one that was recorded.
 *
 * - `verified`: its environment carries the entry's own id
 * - `consistent`: it started when the entry says, and nothing speaks against
 * it
 * - `unverified`: it may be, and nothing proves it
 * - `recycled`: the operating system gave the pid to another program
 * - `dead`: no process has the pid, or it has ended and was not reaped yet
 * - `invalid`: the entry's pid is none that may be looked at or signalled
 * - `unseen`: this program may not look
 */
export type Identity =
  | "verified"
  | "consistent"
  | "unverified"
  | "recycled"
  | "dead"
  | "invalid"
  | "unseen";

/** An identity and the rule that decided. */
export interface IdentityVerdict {
  /** How sure it is. */
  readonly identity: Identity;
  /** The fact that decided, in words. */
  readonly reason: string;
  /** The name of the rule that decided. */
  readonly rule: string;
}

/**
 * A process may be this much older than its entry and still have written it
 * itself: zag registers seconds after its start, and the wall clock, by which
 * the entry is stamped, may have been set in between.
 */
export const OLDER_MARGIN_MS = 10 * 60 * 1000;

/**
 * A process that is younger than its entry by no more than this counts as
 * having had the pid when the entry was written: `/proc/stat` gives the boot
 * time in whole seconds, `ps` the start, and clocks are adjusted.
 */
export const CLOCK_MARGIN_MS = 5 * 1000;

/**
 * zag writes the entry first, starts the agent then, and puts the agent's pid
 * in: so long may that take, where a worktree is prepared in between.
 */
export const LATE_AGENT_MARGIN_MS = 120 * 1000;

/** What most entries of a store come to. */
export const NO_PROCESS: IdentityVerdict = verdict(
  "dead",
  "existence",
  "no process has this pid",
);

/**
 * Tells whether the process that has an entry's pid is the one that was
 * recorded. The verdict rests on facts of the live process alone; where they
 * are not enough it says so instead of guessing.
 */
export function identifyProcess(
  entry: Pick<
    ProcessEntry,
    "id" | "pid" | "provider" | "started_at" | "parent_process_id"
  >,
  observation: Observation,
): IdentityVerdict {
  const { pid } = entry;
  if (!isSignallablePid(pid)) {
    return verdict(
      "invalid",
      "pid",
      `pid ${pid} is not an integer from 2 to 2147483647`,
    );
  }
  const facts = observation.processes.get(pid);
  if (facts === undefined) {
    return observation.complete
      ? NO_PROCESS
      : verdict("unseen", "existence", "processes cannot be looked at");
  }
  if (facts.zombie) {
    return verdict(
      "dead",
      "zombie",
      "the process has ended and was not reaped by its parent",
    );
  }
  return judgeMarker(entry, facts) ?? judgeStart(entry, facts);
}

function judgeMarker(
  entry: Pick<ProcessEntry, "id" | "parent_process_id">,
  facts: ProcessFacts,
): IdentityVerdict | undefined {
  const marker = facts.markers?.[PROCESS_ID_MARKER];
  if (marker === undefined) return undefined;
  if (marker === entry.id) {
    return verdict(
      "verified",
      "marker",
      `${PROCESS_ID_MARKER} of the process is this id`,
    );
  }
  // A zag inside an agent carries the id of that outer agent.
  if (marker === entry.parent_process_id) return undefined;
  return verdict(
    "recycled",
    "marker",
    `${PROCESS_ID_MARKER} of the process is another id (${marker})`,
  );
}

function judgeStart(
  entry: Pick<ProcessEntry, "provider" | "started_at">,
  facts: ProcessFacts,
): IdentityVerdict {
  const recorded = parseMilliseconds(entry.started_at);
  if (recorded === undefined) {
    return verdict(
      "unverified",
      "start unknown",
      "started_at of the entry is no date",
    );
  }
  if (facts.startedAt === undefined) {
    return verdict(
      "unverified",
      "start unknown",
      "the start time of the process cannot be read",
    );
  }
  const late = facts.startedAt - recorded;
  const when = describeDifference(late);
  if (late < -OLDER_MARGIN_MS) {
    return verdict("unverified", "older", `the process started ${when}`);
  }
  if (late <= CLOCK_MARGIN_MS) {
    return verdict("consistent", "same time", `the process started ${when}`);
  }
  const readable = facts.markers !== undefined;
  const unmarked = facts.markers?.[PROCESS_ID_MARKER] === undefined
    ? `carries no ${PROCESS_ID_MARKER}`
    : `carries the ${PROCESS_ID_MARKER} of the entry's parent`;
  if (late > LATE_AGENT_MARGIN_MS) {
    return readable
      ? verdict(
        "recycled",
        "younger",
        `the process started ${when} and ${unmarked}`,
      )
      : verdict(
        "unverified",
        "younger, environment unreadable",
        `the process started ${when}, and its environment cannot be read`,
      );
  }
  if (!readable) {
    return verdict(
      "consistent",
      "a little younger, environment unreadable",
      `the process started ${when}, and its environment cannot be read`,
    );
  }
  return isAgentProgram(facts, entry.provider)
    ? verdict(
      "consistent",
      "a little younger, agent program",
      `the process started ${when} and runs the agent`,
    )
    : verdict(
      "recycled",
      "a little younger, other program",
      `the process started ${when}, ${unmarked} and runs another program`,
    );
}

function describeDifference(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds === 0) return "when the entry was written";
  const side = milliseconds < 0 ? "before" : "after";
  return `${formatSeconds(seconds)} ${side} the entry was written`;
}

function formatSeconds(seconds: number): string {
  const units = [[86_400, "d"], [3600, "h"], [60, "min"], [1, "s"]] as const;
  const parts: string[] = [];
  for (const [size, unit] of units) {
    if (seconds < size) continue;
    parts.push(`${Math.floor(seconds / size)} ${unit}`);
    seconds %= size;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

function verdict(
  identity: Identity,
  rule: string,
  reason: string,
): IdentityVerdict {
  return { identity, rule, reason };
}
