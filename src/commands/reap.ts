import { ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { isLeft } from "../model/ladder.ts";
import { MAX_AGENTS } from "../model/max_agents.ts";
import type { Context } from "./context.ts";
import {
  planReap,
  type ReapPlan,
  type ReapStep,
  type StaleSelection,
} from "./plan_reap.ts";
import type { EntryChange } from "./steps/change_store.ts";
import { endAgents, previewAgents } from "./steps/end_agents.ts";
import type { EndOptions } from "./steps/end_options.ts";
import {
  keepMarks,
  markKilled,
  prepareKill,
  requireUnchanged,
  takeMarkBack,
} from "./steps/mark_killed.ts";
import { REAP_REASON, REAP_TIMEOUT_MS } from "../model/reap_defaults.ts";
import { recordCancelled } from "./steps/record_cancelled.ts";
import type { EndReport } from "./steps/report_end.ts";
import { takeMarksBack } from "./steps/take_marks_back.ts";

/** How to reap. */
export interface ReapOptions
  extends StaleSelection, Pick<EndOptions, "tree" | "onStep" | "onWait"> {
  /** Does it; without it nothing is changed and nothing signalled. */
  readonly apply?: boolean | undefined;
  /** Why, for the session logs. */
  readonly reason?: string | undefined;
  /** How long each step of the ladder has, in milliseconds; 10 s by default. */
  readonly timeoutMs?: number | undefined;
  /** How many agents may be ended at once. */
  readonly max?: number | undefined;
}

/** How a plan is carried out. */
export type CarryOutOptions =
  & Omit<ReapOptions, Exclude<keyof StaleSelection, "unverified">>
  & Pick<EndOptions, "spare">;

/** An agent that was to be reaped, and what became of it. */
export interface ReapedAgent extends ReapStep {
  /** How it ended; absent if nothing was done. */
  readonly end?: EndReport;
  /** Whether the log says now that the session was cancelled. */
  readonly cancelled: boolean;
}

/** What {@linkcode reap} did, or would do. */
export interface ReapReport {
  /** Those that are stale, newest first. */
  readonly agents: readonly ReapedAgent[];
  /** Whether it was done. */
  readonly applied: boolean;
}

/**
 * Ends stale agents. It cancels them rather than completing them: unless a
 * result or an end is recorded, the session log says so, what the launch asks
 * for notwithstanding. The entries are marked, and then the agents are ended
 * step by step. What survives has its entry put back, and so has what is still
 * there when the work cannot be finished.
 *
 * @throws {ZagPsError} before anything is written or signalled: `usage`,
 * `not-found`, `ambiguous`, `refused`, `unseen`
 */
export async function reap(
  context: Context,
  options: ReapOptions,
): Promise<ReapReport> {
  return await reapPlanned(context, await planReap(context, options), options);
}

/**
 * Carries out a plan, if that is asked for.
 *
 * @throws {ZagPsError} as {@linkcode reap}
 */
export async function reapPlanned(
  context: Context,
  plan: ReapPlan,
  options: CarryOutOptions,
): Promise<ReapReport> {
  const due = plan.steps.filter(({ action }) => action === "end");
  const idle = (step: ReapStep): ReapedAgent => ({ ...step, cancelled: false });
  if (options.apply !== true) {
    return { agents: plan.steps.map(idle), applied: false };
  }
  const { max = MAX_AGENTS } = options;
  if (due.length > max) {
    throw new ZagPsError(
      "refused",
      `Nothing was signalled: ${due.length} agents are selected, and no more than ${max} may be ended at once` +
        `\nSelect fewer, or allow it with --max ${due.length}`,
    );
  }
  const done = due.length === 0
    ? new Map<ReapStep, ReapedAgent>()
    : await carryOut(context, due, plan, options);
  return {
    agents: plan.steps.map((step) => done.get(step) ?? idle(step)),
    applied: true,
  };
}

async function carryOut(
  context: Context,
  due: readonly ReapStep[],
  { named, sessions }: ReapPlan,
  options: CarryOutOptions,
): Promise<Map<ReapStep, ReapedAgent>> {
  const { tree, unverified, spare, onStep, onWait } = options;
  const end: EndOptions = {
    first: "SIGTERM",
    timeoutMs: options.timeoutMs ?? REAP_TIMEOUT_MS,
    tree,
    unverified,
    named,
    spare,
    onStep,
    onWait,
  };
  // What would be refused must be before anything is written.
  await previewAgents(context, due.map(({ judged }) => judged), end);
  const done = new Map<ReapStep, ReapedAgent>();
  await context.system.deferSignals(async (hurried) => {
    const marked: Marked[] = [];
    for (const step of due) {
      let log: string | undefined;
      if (step.judged.untracked) {
        marked.push({ step, change: undefined, log });
        continue;
      }
      try {
        const change = await prepareKill(context, step.judged.entry, () => {
          const { entry } = step.judged;
          // The log of an agent that came up or ended meanwhile stays as it is.
          requireUnchanged(context, entry);
          const found = sessions.get(step) ?? { kind: "none" };
          const { reason = REAP_REASON } = options;
          log = recordCancelled(context, entry, found, reason);
          return markKilled(context, entry, undefined);
        });
        marked.push({ step, change, log });
      } catch (error) {
        if (!(error instanceof ZagPsError)) throw error;
        const end = denied(step, error.message);
        done.set(step, { ...step, end, cancelled: log !== undefined });
      }
    }
    let ends: EndReport[];
    try {
      const agents = marked.map(({ step }) => step.judged);
      ends = await endAgents(context, agents, end);
    } catch (error) {
      const marks = marked.flatMap(({ step: { judged }, change }) =>
        change === undefined ? [] : [{ judged, change }]
      );
      throw await takeMarksBack(context, marks, error, hurried);
    }
    const kept: EntryChange[] = [];
    for (const [i, { step, change, log }] of marked.entries()) {
      let ended = ends[i] as EndReport;
      if (change === undefined) {
        // Nobody recorded it.
      } else if (isLeft(ended.outcome)) {
        const failure = new ZagPsError(
          "signal",
          ended.reason ?? say`Process ${ended.entry.id} survived`,
        );
        const { message } = await takeMarkBack(
          context,
          change,
          failure,
          undefined,
          hurried,
        );
        ended = { ...ended, reason: message };
      } else kept.push(change);
      done.set(step, { ...step, end: ended, cancelled: log !== undefined });
    }
    if (kept.length > 0) await keepMarks(context, kept, hurried);
  });
  return done;
}

/** An agent whose end is written down, if it is recorded. */
interface Marked {
  readonly step: ReapStep;
  readonly change: EntryChange | undefined;
  /** The log that says so, if it did not before. */
  readonly log: string | undefined;
}

function denied({ judged: { entry } }: ReapStep, reason: string): EndReport {
  return {
    entry,
    outcome: "denied",
    signals: [],
    members: [],
    spared: [],
    reason,
  };
}
