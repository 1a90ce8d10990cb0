import { AGENT_PATTERNS } from "../../model/agent_patterns.ts";
import { ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { isSameStart, type ProcessFacts } from "../../model/process_facts.ts";
import type { ExpectedProcess } from "../../model/same_process.ts";
import type { SeenAgent } from "../../model/seen_agent.ts";
import {
  describeSupervision,
  listOwnProcesses,
} from "../../model/untracked.ts";
import type { Context } from "../context.ts";
import type { JudgedEntry } from "./judge.ts";
import { type AgentScan, scanAgents } from "./scan_agents.ts";
import { readEntries } from "./scan_trees.ts";

/** A process that gets the signal. */
export interface SignalTarget {
  /** As it was judged or seen. */
  readonly facts: ProcessFacts;
  /** What it has to be still when it gets it. */
  readonly expected: ExpectedProcess;
}

/**
 * Adds what was seen of the agents, where there may be a launcher or a real
 * process beside the one that is recorded: a signal has to reach both, and who
 * ends an agent wants to know what may start it again.
 */
export async function completeAgents(
  context: Context,
  judged: readonly JudgedEntry[],
): Promise<readonly JudgedEntry[]> {
  const isOpen = ({ agent, verdict: { alive, facts } }: JudgedEntry) =>
    agent === undefined && alive && facts !== undefined;
  if (!judged.some(isOpen)) return judged;
  const { table } = await scanAnyway(context);
  return judged.map((row) => {
    const agent = isOpen(row) ? table.byPid.get(row.entry.pid) : undefined;
    return agent === undefined || !isOf(row, agent) ? row : { ...row, agent };
  });
}

/**
 * Looks at every process, though what a person wrote in `ps.jsonc` may not be
 * readable: that keeps nobody from ending what is recorded. What could not be
 * seen was said before.
 */
async function scanAnyway(context: Context): Promise<AgentScan> {
  const quiet = { ...context, warn: () => {} };
  const entries = readEntries(quiet);
  try {
    return await scanAgents(quiet, entries);
  } catch (error) {
    if (!(error instanceof ZagPsError)) throw error;
    context.warn(error.message);
    return await scanAgents(quiet, entries, AGENT_PATTERNS);
  }
}

/**
 * Whether the process that was judged is of the agent that was seen later:
 * meanwhile another agent may have got its pid, with a launcher of its own.
 */
function isOf({ verdict: { facts } }: JudgedEntry, agent: SeenAgent): boolean {
  const seen = listOwnProcesses(agent).find(({ pid }) => pid === facts?.pid);
  return isSameStart(seen?.startTicks, facts?.startTicks) === true;
}

/** As {@linkcode completeAgents}, for one. */
export async function completeAgent(
  context: Context,
  judged: JudgedEntry,
): Promise<JudgedEntry> {
  const [row = judged] = await completeAgents(context, [judged]);
  return row;
}

/**
 * The processes of an agent that get the signal: the recorded one, and what
 * was seen to be the same agent, in the order of the signals.
 */
export function listSignalled(
  { entry, verdict, agent, untracked }: JudgedEntry,
): SignalTarget[] {
  const { facts } = verdict;
  const own = agent === undefined ? [] : listOwnProcesses(agent);
  const others = own.filter(({ pid }) => untracked || pid !== entry.pid);
  const targets = others.map((seen): SignalTarget => ({
    facts: seen,
    // Nothing but its looks tells what it is.
    expected: { startTicks: seen.startTicks, executable: seen.executable },
  }));
  if (untracked || facts === undefined) return targets;
  // A mark or the time of its entry vouches for it.
  const expected = { startTicks: facts.startTicks };
  const at = own.findIndex(({ pid }) => pid === entry.pid);
  return targets.toSpliced(Math.max(at, 0), 0, { facts, expected });
}

/** Says which of the agents may be started again by what keeps them running. */
export function warnOfSupervision(
  { warn }: Context,
  judged: readonly JudgedEntry[],
): void {
  for (const { entry, agent } of judged) {
    if (agent?.supervision === undefined) continue;
    warn(
      say`Process ${entry.pid} (${entry.id}) ` +
        say`${describeSupervision(agent.supervision)}`,
    );
  }
}
