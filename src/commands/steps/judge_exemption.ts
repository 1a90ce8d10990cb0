import {
  type Exemption,
  findExemption,
  findOtherOwner,
  listKinds,
} from "../../model/clean_up_scope.ts";
import { judgeOwnership, type OwnJob } from "../../model/ownership.ts";
import type { ProcessFacts } from "../../model/process_facts.ts";
import { findParent } from "../../model/process_tree.ts";
import type { OwnershipKind } from "../../model/seen_agent.ts";
import { listOwnProcesses } from "../../model/untracked.ts";
import type { CleanUpOptions } from "../clean_up.ts";
import type { Context } from "../context.ts";
import { findJob } from "./find_job.ts";
import type { JudgedEntry } from "./judge.ts";
import { recognizeOwnLine } from "./refuse_ancestors.ts";

/** Whose agents a clean-up means; the one that is named may be recorded. */
type Meaning = Pick<CleanUpOptions, "id" | "scopes" | "includeDetached">;

/** What tells whose business an agent is. */
export interface Exempting {
  /** Why an agent is not ended; `undefined` if it may be. */
  readonly judge: (judged: JudgedEntry) => Exemption | undefined;
  /** Why a process is not ended as a part of an agent either, in words. */
  readonly spare: (facts: ProcessFacts) => string | undefined;
  /** Whether an agent hangs below one of others, and ends with its tree. */
  readonly endsWith: (
    judged: JudgedEntry,
    others: readonly JudgedEntry[],
  ) => boolean;
}

/**
 * Gathers what tells why an agent is none of a clean-up's business.
 *
 * @param named the one that was named, if one was
 */
export async function prepareExemption(
  context: Context,
  options: Meaning,
  named: JudgedEntry | undefined,
): Promise<Exempting> {
  const { system } = context;
  const kinds = chooseKinds(options, named);
  const isOwnLine = await recognizeOwnLine(context);
  const { processes } = await system.observeAll();
  const job = findJob(context, processes);
  const ownUid = processes.get(system.pid)?.uid;
  const spare = (facts: ProcessFacts) => findOtherOwner(kinds, facts, job);
  return {
    judge: (judged) => {
      for (const part of listParts(judged, job)) {
        const exemption = findExemption(kinds, {
          ...part,
          ownUid,
          isOwnLine: isOwnLine(judged),
        });
        if (exemption !== undefined) return exemption;
      }
      return undefined;
    },
    spare,
    endsWith: ({ agent }, others) => {
      const pids = new Set(
        others.flatMap(({ agent }) =>
          agent === undefined
            ? []
            : listOwnProcesses(agent).map(({ pid }) => pid)
        ),
      );
      let next = agent?.facts;
      // A line of parents that goes in a circle is none.
      for (let i = 0; next !== undefined && i < processes.size; i++) {
        if (pids.has(next.pid)) return true;
        if (spare(next) !== undefined) return false;
        next = findParent(next, processes);
      }
      return false;
    },
  };
}

/**
 * The one that is named may be anything that a clean-up ever ends, if it is
 * recorded; a bare pid vouches for nothing, so it has to be in scope.
 */
function chooseKinds(
  { id, scopes, includeDetached }: Meaning,
  named: JudgedEntry | undefined,
): ReadonlySet<OwnershipKind> {
  if (id === undefined) return listKinds(scopes, includeDetached);
  return named?.untracked === true
    ? listKinds(["job", "runner", ...scopes], includeDetached)
    : listKinds(undefined, includeDetached);
}

/** Whose the processes of an agent itself are: it, and what only started it. */
function listParts(
  { verdict, agent }: JudgedEntry,
  job: OwnJob,
): { ownership: OwnershipKind | undefined; uid: number | undefined }[] {
  if (agent === undefined) {
    return [{ ownership: undefined, uid: verdict.facts?.uid }];
  }
  return [
    { ownership: agent.ownership.kind, uid: agent.facts.uid },
    ...agent.launchers.map((facts) => ({
      ownership: judgeOwnership(facts, job).kind,
      uid: facts.uid,
    })),
  ];
}
