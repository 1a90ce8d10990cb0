import { ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { isLeft } from "../model/ladder.ts";
import type { Choice } from "./choose_agents.ts";
import type { Context } from "./context.ts";
import type { EntryChange } from "./steps/change_store.ts";
import { endAgents, previewAgents } from "./steps/end_agents.ts";
import type { EndOptions } from "./steps/end_options.ts";
import { findSession, type SessionSearch } from "./steps/find_session.ts";
import type { JudgedEntry } from "./steps/judge.ts";
import {
  keepMarks,
  markKilled,
  prepareKill,
  takeMarkBack,
} from "./steps/mark_killed.ts";
import { readResult, type ResultSource } from "./steps/read_result.ts";
import { recordResult } from "./steps/record_result.ts";
import type { EndReport } from "./steps/report_end.ts";
import { requireValid, type ValidSession } from "./steps/require_valid.ts";
import { takeMarksBack } from "./steps/take_marks_back.ts";

/** How to kill agents. */
export interface KillAgentsOptions extends Omit<EndOptions, "first" | "named"> {
  /** The final result, or where to read it: only for a single agent. */
  readonly result?: ResultSource | undefined;
  /** Goes on where the constraints cannot be read or evaluated. */
  readonly skipValidation?: boolean | undefined;
  /** The command that a rejection tells the reader to run again, by id. */
  readonly retry?: ((id: string) => string) | undefined;
}

/** What became of one agent that was to be killed. */
export interface KilledAgent extends Omit<EndReport, "outcome"> {
  /** `rejected`: its launch asks for a result, and it was left alone. */
  readonly outcome: EndReport["outcome"] | "rejected";
  /** Whether the result is in the session log now. */
  readonly resultRecorded: boolean;
  /** The log that holds the result; `null` if none was given. */
  readonly log: string | null;
}

/** An agent that may be killed, and what is written for it. */
interface Ready {
  readonly judged: JudgedEntry;
  readonly found: SessionSearch;
  readonly session: ValidSession | undefined;
  mark: EntryChange | undefined;
  log: string | undefined;
}

/**
 * Ends agents with SIGTERM, and goes on to SIGKILL where a timeout is given.
 * As with a single kill each result is checked and recorded first, and the
 * entries are marked before anything is signalled. What survives has its entry
 * put back, and so has what is still there when the work cannot be finished.
 *
 * @throws {ZagPsError} before anything is written or signalled; if only one
 * agent is chosen, also what keeps it from being killed; what keeps the work
 * from being finished
 */
export async function killAgents(
  context: Context,
  { agents, named }: Choice,
  options: KillAgentsOptions,
): Promise<KilledAgent[]> {
  if (options.result !== undefined && agents.length > 1) {
    throw new ZagPsError(
      "usage",
      "Cannot give one result to several agents\nKill them one by one",
    );
  }
  const end: EndOptions = { ...options, first: "SIGTERM", named };
  const { result, ready, reports } = await prepare(context, agents, options);
  // What would be refused must be before anything is written.
  await previewAgents(context, ready.map(({ judged }) => judged), end);

  // --- above decides, below acts ---
  await context.system.deferSignals(async (hurried) => {
    for (const one of ready) {
      await attempt(
        agents,
        one.judged,
        reports,
        () => mark(context, one, result),
      );
    }
    const due = ready.filter(({ judged }) => !reports.has(judged));
    const judged = due.map(({ judged }) => judged);
    let ends: EndReport[];
    try {
      ends = await endAgents(context, judged, end);
    } catch (error) {
      const marks = due.flatMap(({ judged, mark, log }) =>
        mark === undefined ? [] : [{ judged, change: mark, log }]
      );
      throw await takeMarksBack(context, marks, error, hurried);
    }
    const kept: EntryChange[] = [];
    for (const [i, { judged, mark, log }] of due.entries()) {
      const ended = ends[i] as EndReport;
      let { reason } = ended;
      if (mark === undefined) {
        // Nobody recorded it.
      } else if (isLeft(ended.outcome)) {
        const failure = new ZagPsError(
          "signal",
          reason ?? say`Process ${ended.entry.id} survived`,
        );
        const back = await takeMarkBack(
          context,
          mark,
          failure,
          log,
          hurried,
        );
        reason = back.message;
      } else kept.push(mark);
      reports.set(judged, {
        ...ended,
        ...(reason === undefined ? {} : { reason }),
        resultRecorded: log !== undefined,
        log: log ?? null,
      });
    }
    await keepMarks(context, kept, hurried);
  });
  return agents.map((judged) => reports.get(judged) as KilledAgent);
}

/**
 * Finds what {@linkcode killAgents} would signal, and does nothing. Who owes a
 * result has the reason beside it.
 *
 * @throws {ZagPsError} as {@linkcode killAgents}
 */
export async function previewKill(
  context: Context,
  agents: readonly JudgedEntry[],
  options: KillAgentsOptions & EndOptions,
): Promise<Omit<EndReport, "outcome" | "signals">[]> {
  const { ready, reports } = await prepare(context, agents, options);
  const judged = ready.map(({ judged }) => judged);
  const plan = await previewAgents(context, judged, options);
  return agents.map((one) =>
    reports.get(one) ?? plan[judged.indexOf(one)] as typeof plan[number]
  );
}

/** Checks what can be checked before anything is done. */
async function prepare(
  context: Context,
  agents: readonly JudgedEntry[],
  options: KillAgentsOptions,
): Promise<{
  readonly result: string | undefined;
  readonly ready: readonly Ready[];
  readonly reports: Map<JudgedEntry, KilledAgent>;
}> {
  const result = readResult(context.system, options.result);
  const reports = new Map<JudgedEntry, KilledAgent>();
  const ready: Ready[] = [];
  for (const judged of agents) {
    const { entry } = judged;
    await attempt(agents, judged, reports, async () => {
      const found = findSession(context, entry);
      const session = await requireValid(context, found, result, {
        skip: options.skipValidation ?? false,
        retry: options.retry?.(entry.id) ?? `zag-ps kill ${entry.id}`,
        entry,
      });
      ready.push({ judged, found, session, mark: undefined, log: undefined });
    });
  }
  return { result, ready, reports };
}

async function mark(
  context: Context,
  one: Ready,
  result: string | undefined,
): Promise<void> {
  const { judged: { entry, untracked }, found, session } = one;
  if (untracked) return;
  await prepareKill(context, entry, () => {
    if (result !== undefined && session !== undefined) {
      const { entry, store } = session;
      one.log = recordResult(context, entry, store, result).log;
    }
    one.mark = markKilled(context, entry, one.log);
  });
  if (one.log !== undefined && found.kind === "unreadable") {
    context.warn(say`The result was recorded in "${one.log}"`);
  }
}

/** What keeps one of several agents from being killed is reported. */
async function attempt(
  agents: readonly JudgedEntry[],
  judged: JudgedEntry,
  reports: Map<JudgedEntry, KilledAgent>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (agents.length === 1 || !(error instanceof ZagPsError)) throw error;
    reports.set(judged, {
      entry: judged.entry,
      outcome: error.kind === "rejected" ? "rejected" : "denied",
      signals: [],
      members: [],
      spared: [],
      reason: error.message,
      resultRecorded: false,
      log: null,
    });
  }
}
