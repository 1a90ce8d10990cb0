/** Whose agents a clean-up on a CI host may end. */

import { judgeOwnership, type OwnJob } from "./ownership.ts";
import type { ProcessFacts } from "./process_facts.ts";
import type { OwnershipKind } from "./seen_agent.ts";

/**
 * How far a clean-up goes.
 *
 * - `job`: the agents that this job has started
 * - `runner`: those that earlier jobs of this runner have left
 * - `host`: those, and what no job has started
 */
export type Scope = "job" | "runner" | "host";

const KINDS: Readonly<Record<Scope, readonly OwnershipKind[]>> = {
  job: ["this-job"],
  runner: ["leftover"],
  host: ["leftover", "person"],
};

/** Those that a person may name, one by one. */
const NAMEABLE: readonly OwnershipKind[] = [
  "this-job",
  "leftover",
  "detached",
  "person",
];

/**
 * Lists whose agents are meant. Those of other runners, and those of which
 * nobody knows whose they are, never are.
 *
 * @param scopes `undefined` where the agent is named
 * @param includeDetached also what a job of this runner has left on purpose
 */
export function listKinds(
  scopes: readonly Scope[] | undefined,
  includeDetached: boolean,
): ReadonlySet<OwnershipKind> {
  if (scopes === undefined) return new Set(NAMEABLE);
  return new Set([
    ...scopes.flatMap((scope) => KINDS[scope]),
    ...(includeDetached ? ["detached"] as const : []),
  ]);
}

/** Why an agent is none of a clean-up's business. */
export type Exemption = OwnershipKind | "other-user" | "own-line";

/** What is known of an agent that was met. */
export interface Belonging {
  readonly ownership: OwnershipKind | undefined;
  /** The owner of its process, and that of zag-ps; absent on Windows. */
  readonly uid: number | undefined;
  readonly ownUid: number | undefined;
  /** Whether zag-ps itself runs in it. */
  readonly isOwnLine: boolean;
}

/** Why an agent is not ended; `undefined` if it may be. */
export function findExemption(
  kinds: ReadonlySet<OwnershipKind>,
  { ownership = "unknown", uid, ownUid, isOwnLine }: Belonging,
): Exemption | undefined {
  if (isOwnLine) return "own-line";
  if (uid !== ownUid) return "other-user";
  return kinds.has(ownership) ? undefined : ownership;
}

/**
 * Why a process of an agent's tree is left alone, in words: its environment
 * proves that it is none of a clean-up's business. What proves nothing, such
 * as a server that an agent started with an emptied environment, is of the
 * agent that it hangs below.
 */
export function findOtherOwner(
  kinds: ReadonlySet<OwnershipKind>,
  facts: ProcessFacts,
  job: OwnJob,
): string | undefined {
  const { kind, reason } = judgeOwnership(facts, job);
  const id = facts.markers?.["RUNNER_TRACKING_ID"];
  const proven = kind === "other-runner" || kind === "detached" ||
    kind === "this-job" && id !== undefined && id === job.trackingId;
  return proven && !kinds.has(kind) ? reason : undefined;
}

/** What is left alone, for the end of a sentence: `2 of other runners`. */
export const EXEMPTION_WORDS: Readonly<Record<Exemption, string>> = {
  "this-job": "of this job",
  "leftover": "left by earlier jobs",
  "detached": "detached on purpose",
  "other-runner": "of other runners",
  "person": "of persons",
  "unknown": "of whom nothing is known",
  "other-user": "of other users",
  "own-line": "that zag-ps runs in",
};
