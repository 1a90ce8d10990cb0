import { MAX_AGENTS } from "../model/max_agents.ts";
import { ZagPsError } from "../model/errors.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import type { Context } from "./context.ts";
import type { JudgedEntry } from "./steps/judge.ts";
import { requireSignallable } from "./steps/require_signallable.ts";
import { select, type Selection } from "./steps/select.ts";

/** The agents that a selection means. */
export interface Choice {
  /** Those to be ended. */
  readonly agents: readonly JudgedEntry[];
  /** Those that cannot be, each with why. */
  readonly missed: readonly {
    readonly entry: ProcessEntry;
    readonly error: ZagPsError;
  }[];
  /** The ids of those that were named one by one. */
  readonly named: ReadonlySet<string>;
}

/** How agents are chosen. */
export interface ChooseOptions {
  /** How many may be ended at once; 50 unless given. */
  readonly max?: number | undefined;
  /** Also those of which nothing proves that they are the ones recorded. */
  readonly unverified?: boolean | undefined;
}

/**
 * Chooses the agents to be ended: those that are named, or all that run and
 * fit.
 *
 * @throws {ZagPsError} `not-found` if that is none, `refused` if they are more
 * than allowed, and what is wrong with the only one
 */
export async function chooseAgents(
  context: Context,
  selection: Selection,
  options: ChooseOptions,
): Promise<Choice> {
  const isNamed = selection.handles.length > 0;
  const selected = (await select(context, selection))
    // Of those that were not named, the ended ones were not meant.
    .filter(({ verdict }) => isNamed || verdict.alive);
  return chooseFrom(context, selected, isNamed, options);
}

/**
 * Chooses the agents to be ended from those that were selected.
 *
 * @param isNamed whether they were named one by one
 * @throws {ZagPsError} as {@linkcode chooseAgents}
 */
export function chooseFrom(
  context: Context,
  selected: readonly JudgedEntry[],
  isNamed: boolean,
  { max = MAX_AGENTS, unverified = false }: ChooseOptions,
): Choice {
  const agents: JudgedEntry[] = [];
  const missed: { entry: ProcessEntry; error: ZagPsError }[] = [];
  for (const judged of selected) {
    try {
      requireSignallable(context, judged, unverified);
      agents.push(judged);
    } catch (error) {
      if (!(error instanceof ZagPsError)) throw error;
      missed.push({ entry: judged.entry, error });
    }
  }
  const [first, ...others] = missed;
  if (agents.length === 0 && others.length === 0) {
    throw first?.error ?? new ZagPsError(
      "not-found",
      "No running process is selected",
    );
  }
  if (agents.length > max) {
    throw new ZagPsError(
      "refused",
      `Nothing was signalled: ${agents.length} agents are selected, and no more than ${max} may be ended at once` +
        `\nSelect fewer, or allow it with --max ${agents.length}`,
    );
  }
  const named = isNamed ? agents.map(({ entry }) => entry.id) : [];
  return { agents, missed, named: new Set(named) };
}
