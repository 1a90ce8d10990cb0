import type { CleanUpReport } from "../model/clean_up_report.ts";
import { chooseFrom } from "./choose_agents.ts";
import type { CleanUpCommand, CleanUpOptions } from "./clean_up.ts";
import type { Context } from "./context.ts";
import { killAgents, previewKill } from "./kill_agents.ts";
import { planSteps } from "./plan_reap.ts";
import { reapPlanned } from "./reap.ts";
import {
  describeSpared,
  makeRow,
  makeRowOfEnd,
  makeRowOfMiss,
} from "./steps/clean_up_rows.ts";
import type { EndOptions } from "./steps/end_options.ts";
import type { JudgedEntry } from "./steps/judge.ts";
import { stopAgents } from "./stop_agents.ts";

/** How agents are ended. */
type ActOptions = CleanUpOptions & Pick<EndOptions, "spare"> & {
  readonly command: Exclude<CleanUpCommand, "list">;
};

/** What the commands are told alike. */
type TreeOptions = Pick<EndOptions, "timeoutMs" | "tree" | "spare" | "onStep">;

/** Ends agents with the commands `stop`, `kill` and `reap`. */
export async function endMeant(
  context: Context,
  meant: readonly JudgedEntry[],
  options: ActOptions,
): Promise<CleanUpReport["rows"]> {
  const end = {
    timeoutMs: options.timeoutMs,
    tree: options.tree,
    // What is never ended is not ended as a part of another agent either.
    spare: options.spare,
    onStep: options.onStep,
  };
  return options.command === "reap"
    ? await reapThem(context, meant, options, end)
    : await endThem(context, meant, options, end);
}

async function reapThem(
  context: Context,
  meant: readonly JudgedEntry[],
  { scopes, dryRun, reason, max }: ActOptions,
  end: TreeOptions,
): Promise<CleanUpReport["rows"]> {
  const plan = await planSteps(context, meant, {
    why: `scope ${scopes.join(", ")}`,
    unverified: false,
    named: new Set(),
  });
  const { agents } = await reapPlanned(context, plan, {
    ...end,
    apply: !dryRun,
    reason,
    max,
  });
  return agents.map(({ action, judged, reason, end }) =>
    action === "leave"
      ? makeRow(context, judged, "refused", reason)
      : end === undefined
      ? makeRow(context, judged, "planned")
      : makeRowOfEnd(context, judged, end)
  );
}

async function endThem(
  context: Context,
  meant: readonly JudgedEntry[],
  options: ActOptions,
  end: TreeOptions,
): Promise<CleanUpReport["rows"]> {
  const isNamed = options.id !== undefined;
  const choice = chooseFrom(context, meant, isNamed, options);
  const { agents } = choice;
  const missed = choice.missed.map((miss) =>
    makeRowOfMiss(context, meant, miss)
  );
  if (agents.length === 0) return missed;
  const { command, dryRun, result } = options;
  if (dryRun && command === "stop") {
    const planned = agents.map((judged) => makeRow(context, judged, "planned"));
    return [...planned, ...missed];
  }
  if (command === "stop") {
    const ends = await stopAgents(context, choice, end);
    return [...pair(context, agents, ends), ...missed];
  }
  if (!dryRun) {
    const ends = await killAgents(context, choice, { ...end, result });
    return [...pair(context, agents, ends), ...missed];
  }
  const plan = await previewKill(context, agents, {
    ...end,
    result,
    first: "SIGTERM",
    named: choice.named,
  });
  const planned = agents.map((judged, i) => {
    const { reason, spared = [] } = plan[i] ?? {};
    return reason === undefined
      ? makeRow(context, judged, "planned", describeSpared(spared))
      : makeRow(context, judged, "refused", reason);
  });
  return [...planned, ...missed];
}

type Ends = readonly Parameters<typeof makeRowOfEnd>[2][];

function pair(
  context: Context,
  agents: readonly JudgedEntry[],
  ends: Ends,
): CleanUpReport["rows"] {
  return agents.map((judged, i) =>
    makeRowOfEnd(context, judged, ends[i] as Ends[number])
  );
}
