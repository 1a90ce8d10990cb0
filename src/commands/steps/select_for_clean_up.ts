import {
  type Exemption,
  EXEMPTION_WORDS,
  findExemption,
  listKinds,
} from "../../model/clean_up_scope.ts";
import { parseFilter } from "../../model/filters.ts";
import type { SeenAgent } from "../../model/seen_agent.ts";
import { standsAlone } from "../../model/untracked.ts";
import type { CleanUpOptions } from "../clean_up.ts";
import type { Context } from "../context.ts";
import { list } from "../list.ts";
import type { JudgedEntry } from "./judge.ts";
import { recognizeOwnLine } from "./refuse_ancestors.ts";
import { select } from "./select.ts";

/** The agents that a clean-up is about, and those that it met. */
export interface CleanUpSelection {
  readonly meant: readonly JudgedEntry[];
  /** What was seen and is none of its business, each with how many. */
  readonly others: ReadonlyMap<string, number>;
  /** The one that was named, if it may not be touched, and why. */
  readonly refused: readonly (readonly [JudgedEntry, string])[];
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
  const { id, command } = options;
  const found = await selectCandidates(context, options);
  const judgeExemption = await prepareExemption(context, options);
  const meant: JudgedEntry[] = [];
  const others = new Map<string, number>();
  const refused: [JudgedEntry, string][] = [];
  for (const judged of found) {
    // Who is named may have ended: the commands say so.
    const exemption = judged.verdict.alive ? judgeExemption(judged) : undefined;
    if (exemption === undefined || id !== undefined && command === "list") {
      meant.push(judged);
      continue;
    }
    const words = EXEMPTION_WORDS[exemption];
    if (id === undefined) others.set(words, (others.get(words) ?? 0) + 1);
    else refused.push([judged, `it is one ${words}, which is never ended`]);
  }
  return { meant, others, refused };
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

/** Gathers what tells why an agent is none of a clean-up's business. */
async function prepareExemption(
  context: Context,
  { id, scopes, includeDetached }: CleanUpOptions,
): Promise<(judged: JudgedEntry) => Exemption | undefined> {
  const { system } = context;
  const kinds = listKinds(
    id === undefined ? scopes : undefined,
    includeDetached,
  );
  const isOwnLine = await recognizeOwnLine(context);
  const { processes } = await system.observe(new Set([system.pid]));
  const ownUid = processes.get(system.pid)?.uid;
  return (judged) => {
    const { verdict, agent } = judged;
    return findExemption(kinds, {
      ownership: agent?.ownership.kind,
      uid: agent?.facts.uid ?? verdict.facts?.uid,
      ownUid,
      isOwnLine: isOwnLine(judged),
    });
  };
}
