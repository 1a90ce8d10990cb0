import { ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import type { ProcessEntry, ProcessStore } from "../model/process_entry.ts";
import { isSignallablePid, type ProcessFacts } from "../model/process_facts.ts";
import type { Examination, SeenAgent } from "../model/seen_agent.ts";
import { findByPrefix, findTarget } from "../model/target.ts";
import { readPidHandle } from "../model/untracked.ts";
import type { Context } from "./context.ts";
import type { JudgedEntry } from "./steps/judge.ts";
import { readStore } from "./steps/read_store.ts";
import { type AgentScan, scanAgents } from "./steps/scan_agents.ts";
import { nameOwner } from "./steps/name_owner.ts";

/** What {@linkcode explain} found. */
export interface Explanation {
  /** The pid in question. */
  readonly pid: number;
  /** What can be seen of the process; `undefined` if there is none. */
  readonly facts: ProcessFacts | undefined;
  /** The name of the owner, or its number; `undefined` if it is not known. */
  readonly owner: string | undefined;
  /** The entries in question, each with the rule that decided. */
  readonly judged: readonly JudgedEntry[];
  /** The rules by which agents are recognised, tried on the process. */
  readonly examination: Examination | undefined;
  /** The agent that the process is, or is the launcher of. */
  readonly agent: SeenAgent | undefined;
}

/**
 * Explains a verdict: the facts about a process, every rule that was tried,
 * and the outcome. Changes nothing.
 *
 * @param handle an id, a unique prefix of one, `self`, or a pid, as `1234` or
 * `pid:1234`: then every entry of that process is explained. What could be
 * both counts as a pid if an entry names it
 * @throws {ZagPsError} `not-found` if there is neither such an entry nor such
 * a process, `ambiguous`
 */
export async function explain(
  context: Context,
  handle: string,
): Promise<Explanation> {
  const store = readStore(context);
  const named = findEntries(context, store, handle);
  const pid = named[0]?.pid ?? readPidHandle(handle) ?? Number(handle);
  const scan = await scanAgents(
    context,
    store.entries.map(({ entry }) => entry),
  );
  const judged = listJudged(scan, named, pid);
  const facts = scan.observation.processes.get(pid) ??
    judged[0]?.verdict.facts ?? await look(context, scan, pid);
  if (facts === undefined && judged.length === 0) {
    throw new ZagPsError(
      "not-found",
      say`Process not found: no entry names pid ${pid}, and ` +
        (isSignallablePid(pid)
          ? "no process has it"
          : "it is none that zag-ps looks at"),
    );
  }
  const owner = facts?.uid === undefined
    ? undefined
    : nameOwner(context.system, facts.uid, facts.owner);
  return {
    pid,
    facts,
    owner,
    judged,
    examination: facts && scan.examine(facts),
    agent: scan.table.byPid.get(pid),
  };
}

/** The entries that a handle means; none for the pid of another process. */
function findEntries(
  context: Context,
  store: ProcessStore,
  handle: string,
): ProcessEntry[] {
  const entries = store.entries.map(({ entry }) => entry);
  const pid = readPidHandle(handle);
  if (pid !== undefined) return entries.filter((entry) => entry.pid === pid);
  if (/^\d{1,10}$/.test(handle) && !entries.some(({ id }) => id === handle)) {
    const named = entries.filter(({ pid }) => pid === Number(handle));
    if (named.length > 0) return named;
    if (findByPrefix(store, handle).length === 0) return [];
  }
  return [findTarget(store, handle, context.system.env).entry];
}

/** The judgements on entries, or on those of the agent that a process is. */
function listJudged(
  { rows, rowsOf }: AgentScan,
  named: readonly ProcessEntry[],
  pid: number,
): JudgedEntry[] {
  if (named.length > 0) return named.flatMap((entry) => rows.get(entry) ?? []);
  return rowsOf(pid).filter(({ untracked }) => untracked === undefined);
}

/** What the look at all processes did not show may be there all the same. */
async function look(
  context: Context,
  { observation }: AgentScan,
  pid: number,
): Promise<ProcessFacts | undefined> {
  if (!isSignallablePid(pid) || observation.complete) return undefined;
  const { processes, limit } = await context.system.observe(new Set([pid]));
  if (limit !== undefined) context.warn(limit);
  return processes.get(pid);
}
