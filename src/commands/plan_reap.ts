import { ZagPsError } from "../model/errors.ts";
import type { ExitConstraints } from "../model/exit_result.ts";
import { parseFilter } from "../model/filters.ts";
import { parseMilliseconds } from "../model/instant.ts";
import type { Context } from "./context.ts";
import { findSession, type SessionSearch } from "./steps/find_session.ts";
import type { JudgedEntry } from "./steps/judge.ts";
import { requireSignallable } from "./steps/require_signallable.ts";
import { createLastSign } from "./steps/last_sign.ts";
import { findLog } from "./steps/record_cancelled.ts";
import { completeAgents } from "./steps/own_processes.ts";
import { refuseAncestors } from "./steps/refuse_ancestors.ts";
import { select } from "./steps/select.ts";
import type { Untracked } from "./steps/untracked_option.ts";

/** Which agents are stale. */
export interface StaleSelection {
  /** Only these: ids, unique prefixes, `self`, session ids or names. */
  readonly handles?: readonly string[] | undefined;
  /** Only those for which these hold; `status=running` unless one says else. */
  readonly filters?: readonly string[] | undefined;
  /** Only those that were started longer ago: a duration such as `2h`. */
  readonly olderThan?: string | undefined;
  /** Only those that have recorded a result or an end, and yet live. */
  readonly finished?: boolean | undefined;
  /** Whether filters mean agents that nobody recorded, too, or them alone. */
  readonly untracked?: Untracked | undefined;
  /**
   * Also ends a process of which nothing proves that it is the one recorded;
   * never one that certainly is another.
   */
  readonly unverified?: boolean | undefined;
}

/** What reap does, or would do, with one agent. */
export interface ReapStep {
  /** The entry, and the judgement on it. */
  readonly judged: JudgedEntry;
  /** `leave`: it was selected, and cannot be ended. */
  readonly action: "end" | "leave";
  /** What it was selected by, in words. */
  readonly why: string;
  /** Milliseconds since its start; `undefined` if that is no date. */
  readonly ageMs: number | undefined;
  /** Milliseconds since the last line of its log; `undefined` without one. */
  readonly silentMs: number | undefined;
  /** What its log has recorded since its start. */
  readonly recorded: "session_result" | "session_ended" | undefined;
  /**
   * Whether its launch asks for a result. It is cancelled without one;
   * `undefined` if that cannot be read.
   */
  readonly asksResult: boolean | undefined;
  /** Why it is left alone. */
  readonly reason?: string | undefined;
}

/** The agents to reap, and which of them were named. */
export interface ReapPlan {
  readonly steps: readonly ReapStep[];
  /** What was found of their sessions. */
  readonly sessions: ReadonlyMap<ReapStep, SessionSearch>;
  /** The ids of those that were named one by one. */
  readonly named: ReadonlySet<string>;
}

/**
 * Plans a reap. Changes nothing.
 *
 * @throws {ZagPsError} `usage` if nothing says what is stale, `not-found` and
 * `ambiguous` for a handle, `refused` if zag-ps itself runs in one of them
 */
export async function planReap(
  context: Context,
  selection: StaleSelection,
): Promise<ReapPlan> {
  const { handles = [], olderThan, finished, untracked, unverified = false } =
    selection;
  const given = [
    ...selection.filters ?? [],
    ...(finished === true ? ["finished=true"] : []),
  ];
  if (given.length === 0 && olderThan === undefined) {
    throw new ZagPsError(
      "usage",
      "Cannot reap: nothing says which agents are stale" +
        "\nGive --older-than, --finished or a filter, for example --older-than 2h",
    );
  }
  const asksStatus = given.some((text) =>
    parseFilter(text).key.key === "status"
  );
  const filters = asksStatus ? given : [...given, "status=running"];
  const rows = await select(context, {
    handles,
    filters,
    olderThan,
    untracked,
  });
  const chosen = await completeAgents(
    context,
    rows.filter(({ verdict }) => verdict.alive),
  );
  const named = new Set(
    handles.length === 0 ? [] : chosen.map(({ entry }) => entry.id),
  );
  const why = [
    ...(olderThan === undefined ? [] : [`age>${olderThan}`]),
    ...given,
  ]
    .join(", ");
  return await planSteps(context, chosen, { why, unverified, named });
}

/**
 * Plans the reap of agents that were selected.
 *
 * @throws {ZagPsError} `refused` if zag-ps itself runs in one of them that was
 * not named
 */
export async function planSteps(
  context: Context,
  chosen: readonly JudgedEntry[],
  { why, unverified, named }: {
    readonly why: string;
    readonly unverified: boolean;
    readonly named: ReadonlySet<string>;
  },
): Promise<ReapPlan> {
  const lastSign = createLastSign(context);
  const sessions = new Map<ReapStep, SessionSearch>();
  for (const judged of chosen) {
    const found = findSession(context, judged.entry);
    const facts = { why, unverified, lastSign, found };
    sessions.set(planStep(context, judged, facts), found);
  }
  const steps = [...sessions.keys()];
  await refuseAncestors(
    context,
    steps.filter(({ action }) => action === "end").map(({ judged }) => judged),
    named,
  );
  return { steps, sessions, named };
}

function planStep(
  context: Context,
  judged: JudgedEntry,
  { why, unverified, lastSign, found }: {
    readonly why: string;
    readonly unverified: boolean;
    readonly lastSign: ReturnType<typeof createLastSign>;
    readonly found: SessionSearch;
  },
): ReapStep {
  const { entry } = judged;
  const now = context.system.now();
  const started = parseMilliseconds(entry.started_at);
  const heard = lastSign(entry);
  const step = {
    judged,
    why,
    ageMs: started === undefined ? undefined : now - started,
    silentMs: heard === undefined ? undefined : now - heard,
    asksResult: found.kind === "unreadable"
      ? undefined
      : found.kind === "found" && asksResult(found.session.exit),
  };
  try {
    requireSignallable(context, judged, unverified);
    const recorded = findLog(context, entry, found)?.recorded;
    return { ...step, action: "end", recorded };
  } catch (error) {
    if (!(error instanceof ZagPsError)) throw error;
    const reason = error.message;
    return { ...step, action: "leave", recorded: undefined, reason };
  }
}

/** Whether an agent that is killed has to give a result. */
function asksResult(exit: ExitConstraints | null | undefined): boolean {
  if (!exit) return false;
  return (exit.hint ?? "").trim() !== "" || exit.json_mode === true ||
    (exit.schema ?? null) !== null;
}
