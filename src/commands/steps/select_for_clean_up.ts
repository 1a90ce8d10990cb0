import { type Exemption, EXEMPTION_WORDS } from "../../model/clean_up_scope.ts";
import { parseDuration } from "../../model/duration.ts";
import { parseFilter } from "../../model/filters.ts";
import type { SeenAgent } from "../../model/seen_agent.ts";
import { standsAlone } from "../../model/untracked.ts";
import type { CleanUpOptions } from "../clean_up.ts";
import type { Context } from "../context.ts";
import { list } from "../list.ts";
import type { JudgedEntry } from "./judge.ts";
import { type Exempting, prepareExemption } from "./judge_exemption.ts";
import { select } from "./select.ts";

/** The agents that a clean-up is about, and those that it met. */
export interface CleanUpSelection {
  readonly meant: readonly JudgedEntry[];
  /** What was seen and is none of its business, each with how many. */
  readonly others: ReadonlyMap<string, number>;
  /** The one that was named, if it may not be touched, and why. */
  readonly refused: readonly (readonly [JudgedEntry, string])[];
  /** Why a process is not ended as a part of an agent either, in words. */
  readonly spare: Exempting["spare"];
}

/**
 * Looks at every agent of the machine in one pass, and sorts out those that a
 * clean-up means.
 *
 * @throws {ZagPsError} `usage` for a filter that cannot be read, `not-found`
 * and `ambiguous` for an id
 */
export async function selectForCleanUp(
  context: Context,
  options: CleanUpOptions,
): Promise<CleanUpSelection> {
  const { id, command, tree } = options;
  const found = await selectCandidates(context, options);
  const exempting = await prepareExemption(
    context,
    options,
    id === undefined ? undefined : found[0],
  );
  const meant: JudgedEntry[] = [];
  const exempt: [JudgedEntry, Exemption][] = [];
  const refused: [JudgedEntry, string][] = [];
  for (const judged of found) {
    // Who is named may have ended: the commands say so.
    const exemption = judged.verdict.alive
      ? exempting.judge(judged)
      : undefined;
    const why = id === undefined || command === "list"
      ? undefined
      : explainRefusal(context, judged, exemption, options);
    if (why !== undefined) refused.push([judged, why]);
    else if (exemption === undefined || id !== undefined) meant.push(judged);
    else exempt.push([judged, exemption]);
  }
  const others = new Map<string, number>();
  for (const [judged, exemption] of exempt) {
    const isProven = exemption === "other-user" || exemption === "own-line";
    if (
      command !== "list" && tree && !isProven &&
      exempting.endsWith(judged, meant)
    ) continue;
    const words = EXEMPTION_WORDS[exemption];
    others.set(words, (others.get(words) ?? 0) + 1);
  }
  return { meant, others, refused, spare: exempting.spare };
}

/** What has to be asked for beside a pid. */
const REMEDIES: Readonly<Partial<Record<Exemption, string>>> = {
  person: 'scope "host" and an age',
  detached: "include-detached",
};

/** Why the one that is named is not ended; `undefined` if it may be. */
function explainRefusal(
  { system }: Context,
  { untracked, agent }: JudgedEntry,
  exemption: Exemption | undefined,
  { olderThan }: CleanUpOptions,
): string | undefined {
  if (exemption !== undefined) {
    const words = EXEMPTION_WORDS[exemption];
    const remedy = untracked ? REMEDIES[exemption] : undefined;
    return remedy === undefined
      ? `it is one ${words}, which is never ended`
      : `it is one ${words} and nobody recorded it, so it is ended only with ${remedy}`;
  }
  if (untracked !== true || olderThan === undefined) return undefined;
  const startedAt = agent?.facts.startedAt;
  const isOld = startedAt !== undefined &&
    system.now() - startedAt > parseDuration(olderThan);
  return isOld ? undefined : `it was not started longer ago than ${olderThan}`;
}

/** The one that is named, or all that run and fit. */
async function selectCandidates(
  context: Context,
  { id, filters, olderThan, includeUntracked }: CleanUpOptions,
): Promise<JudgedEntry[]> {
  if (id !== undefined) {
    const handles = [id];
    return await select(context, {
      handles,
      filters: [],
      untracked: "include",
    });
  }
  const terms = filters.map((text) => parseFilter(text));
  const asksStatus = terms.some(({ key }) => key.key === "status");
  // role!=agent names none.
  const asksRole = terms.some(({ key, operator }) =>
    key.key === "role" && operator === "="
  );
  const rows = await list(context, {
    filters: asksStatus ? filters : [...filters, "status=running"],
    olderThan,
    untracked: "include",
  });
  // Of several entries with one id the first is the one that is meant.
  const ids = new Set<string>();
  const isFirst = ({ entry: { id } }: JudgedEntry) =>
    ids.size < ids.add(id).size;
  return rows.filter(isFirst).filter(({ verdict, untracked, agent }) =>
    verdict.alive &&
    (untracked !== true ||
      includeUntracked && agent !== undefined &&
        // Who asks for a role gets what is not an agent of its own, too.
        (asksRole || isForItself(agent)))
  );
}

/**
 * Whether an agent is more than a part of another one. What serves agents has
 * outlived them if the job is over and none of them is there; whether it is an
 * orphan by its parent, a container does not tell.
 */
function isForItself(agent: SeenAgent): boolean {
  if (standsAlone(agent)) return true;
  const { recognition: { role }, partOf, ownership } = agent;
  return partOf === undefined && ownership.kind === "leftover" &&
    (role === "worker" || role === "helper");
}
