import { ZagPsError } from "../../model/errors.ts";
import { planLadder } from "../../model/ladder.ts";
import type { Context } from "../context.ts";
import { climbLadder } from "./climb_ladder.ts";
import type { EndOptions } from "./end_options.ts";
import { type JudgedEntry, requireSignallable } from "./judge.ts";
import { pursue, type Pursuit } from "./pursue.ts";
import { refuseAncestors } from "./refuse_ancestors.ts";
import { type EndReport, reportEnd } from "./report_end.ts";
import { type Hunt, readEntries, scanTrees } from "./scan_trees.ts";

/**
 * Ends agents, all of them step by step together, and looks what came of it.
 * The start of each process is compared right before each signal. Of a tree
 * the agent is signalled first, so that it can end its children in order; then
 * what is left of it, until two looks find nothing new.
 *
 * SIGHUP and SIGTERM that zag-ps gets meanwhile, such as of the agent that it
 * runs in, take effect at the end; after SIGINT no further step is taken. The
 * store is not changed.
 *
 * @throws {ZagPsError} before anything is signalled: `refused` for what
 * zag-ps itself runs in unless it is named, `unseen` if a tree was asked for
 * and processes cannot be listed
 */
export async function endAgents(
  context: Context,
  judged: readonly JudgedEntry[],
  options: EndOptions,
): Promise<EndReport[]> {
  await refuseAncestors(context, judged, options.named);
  const ladder = planLadder(options, context.system.platform);
  return await context.system.deferSignals(async (arrived) => {
    const hunts = openHunts(context, judged, options);
    const open = hunts.filter(({ agent }) => agent.outcome === undefined);
    await climbLadder(context, open, ladder, options, () => arrived("SIGINT"));
    return hunts.map((hunt) => reportEnd(hunt, ladder));
  });
}

/**
 * Finds what {@linkcode endAgents} would signal, and signals nothing.
 *
 * @throws {ZagPsError} as {@linkcode endAgents}
 */
export async function previewAgents(
  context: Context,
  judged: readonly JudgedEntry[],
  options: EndOptions,
): Promise<Omit<EndReport, "outcome" | "signals">[]> {
  await refuseAncestors(context, judged, options.named);
  const hunts = openHunts(context, judged, options);
  if (options.tree === true) {
    const open = hunts.filter(({ agent }) => agent.outcome === undefined);
    await scanTrees(context, open, readEntries(context));
  }
  const ladder = planLadder(options, context.system.platform);
  return hunts.map((hunt) => {
    const { outcome: _, signals: __, ...rest } = reportEnd(hunt, ladder);
    return rest;
  });
}

function openHunts(
  context: Context,
  judged: readonly JudgedEntry[],
  options: EndOptions,
): Hunt[] {
  // zag's spawn records a process twice: it is signalled once.
  const agents = new Map<number, Pursuit>();
  return judged.map((one) => {
    const hunt = openHunt(context, one, options, agents.get(one.entry.pid));
    if (hunt.agent.outcome === undefined) {
      agents.set(one.entry.pid, hunt.agent);
    }
    return hunt;
  });
}

function openHunt(
  context: Context,
  judged: JudgedEntry,
  options: EndOptions,
  known: Pursuit | undefined,
): Hunt {
  const { entry, verdict } = judged;
  let agent = pursue(verdict.facts ?? { pid: entry.pid, zombie: false });
  try {
    requireSignallable(context, judged, options.unverified ?? false);
    const start = known?.facts.startTicks;
    if (known !== undefined && start === agent.facts.startTicks) agent = known;
  } catch (error) {
    if (!(error instanceof ZagPsError)) throw error;
    agent.outcome = error.kind !== "not-running"
      ? "denied"
      : verdict.identity === "recycled"
      ? "recycled"
      : "gone";
    agent.reason = error.message;
  }
  return {
    entry,
    agent,
    members: new Map(),
    spared: new Map(),
    spareAncestors: options.named?.has(entry.id) !== true,
  };
}
