import type { Recorded } from "../../model/launch_chain.ts";
import type { AgentPatterns } from "../../model/pattern_types.ts";
import { type AgentTable, findAgents } from "../../model/agent_table.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import { judgeOwnership } from "../../model/ownership.ts";
import type { Observation, ProcessFacts } from "../../model/process_facts.ts";
import { examineProcess } from "../../model/recognize_process.ts";
import type {
  Examination,
  Recognition,
  SeenAgent,
} from "../../model/seen_agent.ts";
import { describeUntracked, judgeUntracked } from "../../model/untracked.ts";
import type { Context } from "../context.ts";
import { judgeAll, type JudgedEntry } from "./judge.ts";
import { findJob } from "./find_job.ts";
import { readPatterns } from "./read_patterns.ts";

/** Every agent of the machine, recorded or not, in one look. */
export interface AgentScan {
  /** The look itself. */
  readonly observation: Observation;
  /** Every agent and its parts. */
  readonly table: AgentTable;
  /** The judgement on each entry, recorded or not. */
  readonly rows: ReadonlyMap<ProcessEntry, JudgedEntry>;
  /** Those that nobody recorded. */
  readonly untracked: readonly JudgedEntry[];
  /** Tries the rules by which agents are recognised on a process. */
  readonly examine: (facts: ProcessFacts) => Examination;
  /** The rows of an agent by its pid, or by that of one of its launchers. */
  readonly rowsOf: (pid: number) => readonly JudgedEntry[];
}

/**
 * Looks at every process once, judges the entries by that look, and finds the
 * agents that nobody recorded.
 *
 * @param entries all of the store
 * @param patterns by which agents are recognised; the built-in ones and the
 * person's own unless given
 * @throws {ZagPsError} `store` if the person's own patterns cannot be read
 */
export async function scanAgents(
  context: Context,
  entries: readonly ProcessEntry[],
  patterns: AgentPatterns = readPatterns(context),
): Promise<AgentScan> {
  const { system, warn } = context;
  const observation = await system.observeAll();
  if (observation.limit !== undefined) warn(observation.limit);
  const judged = await judgeAll(context, entries, observation);
  const recorded = recognizeRecorded(judged);
  const records = nameRecords(judged);
  const examined = new Map<number, Examination>();
  const examine = (facts: ProcessFacts) =>
    examined.get(facts.pid) ?? examineProcess(facts, patterns);
  const job = findJob(context, observation.processes);
  const table = findAgents({
    processes: observation.processes,
    complete: observation.complete,
    examine: (facts, above) => {
      const examination = examineProcess(facts, patterns, above);
      examined.set(facts.pid, examination);
      const recognition = examination.recognition ?? recorded.get(facts.pid);
      return { ...examination, recognition };
    },
    recordOf: (pid) => records.get(pid),
    judgeOwnership: (facts) => judgeOwnership(facts, job),
  });
  const rows = new Map<ProcessEntry, JudgedEntry>();
  const byPid = new Map<number, JudgedEntry[]>();
  const names = new Map<number, string | undefined>();
  const nameOwner = (agent: SeenAgent): SeenAgent => {
    const { uid, owner } = agent.facts;
    if (uid === undefined || owner !== undefined) return agent;
    if (!names.has(uid)) names.set(uid, system.userName(uid));
    return { ...agent, facts: { ...agent.facts, owner: names.get(uid) } };
  };
  const add = (row: JudgedEntry) => {
    rows.set(row.entry, row);
    if (row.agent === undefined) return;
    const { facts } = row.agent;
    byPid.set(facts.pid, [...byPid.get(facts.pid) ?? [], row]);
  };
  for (const row of judged) {
    const agent = row.verdict.alive
      ? table.byPid.get(row.entry.pid)
      : undefined;
    add(agent === undefined ? row : { ...row, agent: nameOwner(agent) });
  }
  const untracked: JudgedEntry[] = [];
  for (const agent of table.agents) {
    if (byPid.has(agent.facts.pid)) continue;
    const row = {
      entry: describeUntracked(agent),
      verdict: judgeUntracked(agent),
      agent: nameOwner(agent),
      untracked: true,
    } as const;
    untracked.push(row);
    add(row);
  }
  const rowsOf = (pid: number) => {
    const agent = table.byPid.get(pid);
    return agent === undefined ? [] : byPid.get(agent.facts.pid) ?? [];
  };
  return { observation, table, rows, untracked, examine, rowsOf };
}

/**
 * What an entry records is an agent, whatever it runs; and if it is none by
 * its looks, it started one: zag itself, or a script.
 */
function recognizeRecorded(
  judged: readonly JudgedEntry[],
): Map<number, Recognition> {
  const recorded = new Map<number, Recognition>();
  for (const { entry, verdict } of judged) {
    const { alive, identity } = verdict;
    const proven = identity === "verified" || identity === "consistent";
    if (!alive || !proven) continue;
    recorded.set(entry.pid, {
      provider: entry.provider,
      role: "agent",
      launcher: true,
      confidence: "high",
      evidence: [`it is recorded as ${entry.id}`],
    });
  }
  return recorded;
}

/** What the living processes are recorded as. */
function nameRecords(judged: readonly JudgedEntry[]): Map<number, Recorded> {
  const records = new Map<number, Recorded>();
  for (const { entry, verdict } of judged) {
    const { pid, id, session_id } = entry;
    if (!verdict.alive || records.has(pid)) continue;
    const carried = verdict.identity === "verified" ? id : undefined;
    records.set(pid, { session: session_id ?? id, carried });
  }
  return records;
}
