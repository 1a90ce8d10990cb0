import type { ProcessEntry } from "./process_entry.ts";
import {
  isSignallablePid,
  type Observation,
  PROCESS_ID_MARKER,
  type ProcessFacts,
} from "./process_facts.ts";

/** What a person sees as an entry's status. */
export type LiveStatus = "running" | "dead" | "exited" | "killed" | "unknown";

/**
 * How sure it is that the process is the one that was recorded.
 *
 * - `verified`: its environment carries the entry's own id
 * - `present`: a process has the pid
 * - `dead`: none has it, or it has ended and was not reaped yet
 * - `invalid`: the entry's pid is none that may be looked at or signalled
 * - `unseen`: this program may not look
 */
export type Identity = "verified" | "present" | "dead" | "invalid" | "unseen";

/** The judgement on one entry. */
export interface Verdict {
  /** Status to show. */
  readonly liveStatus: LiveStatus;
  /** Whether the process that was recorded is there now. */
  readonly alive: boolean;
  /** How sure that is. */
  readonly identity: Identity;
  /** The fact that decided. */
  readonly reason: string;
}

/**
 * Judges whether the process of an entry is alive: the one place where an
 * entry meets the facts.
 *
 * The status of an entry that was stored as ended stays as stored, but a
 * process that carries the entry's own id outlived its end (it ignored the
 * signal) and counts as alive.
 */
export function judgeEntry(
  entry: Pick<ProcessEntry, "id" | "pid" | "status">,
  observation: Observation,
): Verdict {
  if (!isSignallablePid(entry.pid)) {
    const reason = `pid ${entry.pid} is not an integer from 2 to 2147483647`;
    return {
      liveStatus: "unknown",
      alive: false,
      identity: "invalid",
      reason,
    };
  }
  const { identity, reason } = identify(entry, observation);
  if (entry.status === "running") {
    const alive = identity === "verified" || identity === "present";
    const gone = identity === "unseen" ? "unknown" : "dead";
    return { liveStatus: alive ? "running" : gone, alive, identity, reason };
  }
  const known = entry.status === "exited" || entry.status === "killed";
  return {
    liveStatus: known ? entry.status as LiveStatus : "unknown",
    alive: identity === "verified",
    identity,
    reason,
  };
}

function identify(
  entry: Pick<ProcessEntry, "id" | "pid">,
  observation: Observation,
): Pick<Verdict, "identity" | "reason"> {
  const facts: ProcessFacts | undefined = observation.processes.get(entry.pid);
  if (facts === undefined) {
    return observation.complete
      ? { identity: "dead", reason: "no process has this pid" }
      : { identity: "unseen", reason: "processes cannot be looked at" };
  }
  if (facts.zombie) {
    return {
      identity: "dead",
      reason: "the process has ended and was not reaped by its parent",
    };
  }
  if (facts.markers?.[PROCESS_ID_MARKER] === entry.id) {
    return {
      identity: "verified",
      reason: `${PROCESS_ID_MARKER} of the process is this id`,
    };
  }
  return { identity: "present", reason: "a process has this pid" };
}
