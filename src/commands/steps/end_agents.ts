import { ZagPsError } from "../../model/errors.ts";
import { planLadder } from "../../model/ladder.ts";
import type { Context } from "../context.ts";
import {
  completeAgents,
  listSignalled,
  warnOfSupervision,
} from "./own_processes.ts";
import { climbLadder } from "./climb_ladder.ts";
import type { EndOptions } from "./end_options.ts";
import type { JudgedEntry } from "./judge.ts";
import { requireSignallable } from "./require_signallable.ts";
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
  const ladder = planLadder(options, context.system.platform);
  return await context.system.deferSignals(async (arrived) => {
    const hunts = await openHunts(context, judged, options);
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
  const hunts = await openHunts(context, judged, options);
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

/** @throws {ZagPsError} `refused` for what zag-ps itself runs in */
async function openHunts(
  context: Context,
  judged: readonly JudgedEntry[],
  options: EndOptions,
): Promise<Hunt[]> {
  const seen = await completeAgents(context, judged);
  await refuseAncestors(context, seen, options.named);
  warnOfSupervision(context, seen);
  // zag's spawn records a process twice: it is signalled once.
  const known = new Map<string, Pursuit>();
  return seen.map((one) => openHunt(context, one, options, known));
}

function openHunt(
  context: Context,
  judged: JudgedEntry,
  options: EndOptions,
  known: Map<string, Pursuit>,
): Hunt {
  const { entry, verdict } = judged;
  const facts = verdict.facts ?? { pid: entry.pid, zombie: false };
  const rest = {
    entry,
    members: new Map(),
    spared: new Map(),
    spareAncestors: options.named?.has(entry.id) !== true,
    spare: options.spare,
  };
  try {
    requireSignallable(context, judged, options.unverified ?? false);
  } catch (error) {
    if (!(error instanceof ZagPsError)) throw error;
    const agent = pursue(facts);
    agent.outcome = error.kind !== "not-running"
      ? "denied"
      : verdict.identity === "recycled"
      ? "recycled"
      : "gone";
    agent.reason = error.message;
    return { ...rest, agent, own: [agent] };
  }
  const own = listSignalled(judged).map((target) => {
    const key = `${target.facts.pid} ${target.facts.startTicks}`;
    const pursuit = known.get(key) ?? pursue(target.facts, target.expected);
    known.set(key, pursuit);
    return pursuit;
  });
  const agent = own.find((one) => one.facts.pid === entry.pid) ?? pursue(facts);
  return { ...rest, agent, own };
}
