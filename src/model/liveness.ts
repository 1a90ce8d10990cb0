import {
  identifyProcess,
  type Identity,
  type IdentityVerdict,
  NO_PROCESS,
} from "./identity.ts";
import type { ProcessEntry } from "./process_entry.ts";
import type { Observation, ProcessFacts } from "./process_facts.ts";

/** What a person sees as an entry's status. */
export type LiveStatus = "running" | "dead" | "exited" | "killed" | "unknown";

/** The judgement on one entry. */
export interface Verdict extends IdentityVerdict {
  /** Status to show. */
  readonly liveStatus: LiveStatus;
  /** Whether the process that was recorded is there now. */
  readonly alive: boolean;
  /** The process that has the entry's pid, if there is one. */
  readonly facts: ProcessFacts | undefined;
}

const STATUS_OF_RUNNING: Readonly<Record<Identity, LiveStatus>> = {
  verified: "running",
  consistent: "running",
  unverified: "running",
  recycled: "dead",
  dead: "dead",
  invalid: "unknown",
  unseen: "unknown",
};

type End = Exclude<LiveStatus, "running">;

const describeGone = (liveStatus: End): Verdict => ({
  ...NO_PROCESS,
  liveStatus,
  alive: false,
  facts: undefined,
});

/** Ten thousand entries come to these, so there is one of each. */
const GONE: Readonly<Record<End, Verdict>> = {
  dead: describeGone("dead"),
  exited: describeGone("exited"),
  killed: describeGone("killed"),
  unknown: describeGone("unknown"),
};

/**
 * Judges whether the process of an entry is alive: the one place where an
 * entry meets the facts.
 *
 * The status of an entry that was stored as ended stays as stored, but a
 * process that carries the entry's own id outlived its end (it ignored the
 * signal) and counts as alive. So does one that fits the entry where the end
 * was only announced: whoever kills marks the entry first and signals then,
 * and may have died in between.
 */
export function judgeEntry(
  entry: ProcessEntry,
  observation: Observation,
): Verdict {
  const identified = identifyProcess(entry, observation);
  if (identified === NO_PROCESS) return GONE[nameEnd(entry.status)];
  const { identity, rule, reason } = identified;
  const facts = observation.processes.get(entry.pid);
  if (entry.status === "running" || identity === "invalid") {
    const liveStatus = STATUS_OF_RUNNING[identity];
    return {
      identity,
      rule,
      reason,
      liveStatus,
      alive: liveStatus === "running",
      facts,
    };
  }
  return {
    identity,
    rule,
    reason,
    liveStatus: nameEnd(entry.status),
    alive: identity === "verified" ||
      identity === "consistent" && isMarkedKilled(entry),
    facts,
  };
}

/** The live status of an entry whose process is not there. */
export function nameEnd(status: string): End {
  if (status === "running") return "dead";
  return status === "exited" || status === "killed" ? status : "unknown";
}

/**
 * Whether an entry was marked by a killer, who leaves the exit code open; zag,
 * which waited for it, knows it.
 */
export function isMarkedKilled(entry: ProcessEntry): boolean {
  return entry.status === "killed" && (entry.exit_code ?? null) === null &&
    typeof entry.exited_at === "string";
}
