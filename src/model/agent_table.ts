import { findStateFile } from "./agent_state.ts";
import {
  findLaunchers,
  type Recognized,
  type Recorded,
} from "./launch_chain.ts";
import { findMarkedOwners, type Markers } from "./marked_owners.ts";
import { findOrphanReason } from "./orphan.ts";
import type { ProcessFacts } from "./process_facts.ts";
import { climb, linkProcesses, type ProcessLinks } from "./process_links.ts";
import { findParent } from "./process_tree.ts";
import type {
  Examination,
  Ownership,
  Recognition,
  SeenAgent,
} from "./seen_agent.ts";
import { findSupervision } from "./supervision.ts";
import { sumTrees } from "./tree_memory.ts";

/** What the agents of a machine are found in. */
export interface AgentQuestion {
  /** Every process that can be seen. */
  readonly processes: ReadonlyMap<number, ProcessFacts>;
  /** Whether a pid that is not in `processes` is certainly no process. */
  readonly complete: boolean;
  /**
   * The rules of recognition: what a process is, and what the nearest one
   * above it is that they recognise.
   */
  readonly examine: (
    facts: ProcessFacts,
    above: Recognition | undefined,
  ) => Examination;
  /** What a process is recorded as; `undefined` for what nobody recorded. */
  readonly recordOf?: (pid: number) => Recorded | undefined;
  /** The rules of ownership. */
  readonly judgeOwnership: (facts: ProcessFacts) => Ownership;
}

/** The agents of a machine. */
export interface AgentTable {
  /** In the order of the processes. */
  readonly agents: readonly SeenAgent[];
  /** By the pid of the real process and of each launcher. */
  readonly byPid: ReadonlyMap<number, SeenAgent>;
}

/** A row before it is known what it is a part of. */
interface Row extends Recognized {
  /** The outermost first. */
  readonly launchers: readonly ProcessFacts[];
  readonly outermost: ProcessFacts;
  /** Of the processes of the agent, the one whose environment can be read. */
  readonly read: ProcessFacts;
  readonly markers: Markers;
}

/**
 * Finds every agent that runs, recorded or not, in one pass over the processes.
 *
 * A launcher and the real process under it are one agent, and the row is the
 * real one's; a launcher whose child is gone, or is not recognised, is the row
 * itself. Workers, helpers and servers name the agent that they are a part of:
 * the nearest above, or the one whose mark they carry.
 */
export function findAgents(question: AgentQuestion): AgentTable {
  const { processes } = question;
  const links = linkProcesses(question);
  const recognized = recognizeAll(question, links);
  if (recognized.size === 0) return { agents: [], byPid: new Map() };

  const rows = makeRows(recognized, links);
  const rowOf = new Map<number, Row>();
  for (const row of rows) {
    for (const { pid } of [row.facts, ...row.launchers]) rowOf.set(pid, row);
  }
  const memory = sumTrees(links);
  const ownerOf = findMarkedOwners(
    processes.values(),
    rows.filter(leadsOthers),
    (facts) => findAgentAbove(facts, links, rowOf),
  );
  const agents = rows.map((row): SeenAgent => {
    const { facts, launchers, outermost, recognition, markers } = row;
    return {
      facts,
      launchers,
      recognition,
      partOf: leadsOthers(row)
        ? undefined
        : (findOwner(row, links, rowOf) ?? ownerOf(markers))?.pid,
      treeMemoryBytes: memory(outermost.pid),
      orphan: findOrphanReason(outermost, links) ??
        (facts === outermost ? undefined : findOrphanReason(facts, links)),
      supervision: findSupervision({
        facts: outermost,
        markers,
        links,
        isAgent: (pid) => rowOf.has(pid),
      }),
      ownership: question.judgeOwnership(row.read),
      stateFile: findStateFile(facts, findParent(facts, processes)),
    };
  });
  const byPid = new Map<number, SeenAgent>();
  for (const agent of agents) {
    for (const { pid } of [...agent.launchers, agent.facts]) {
      byPid.set(pid, agent);
    }
  }
  return { agents, byPid };
}

/** Asks about each process once, and about its parent before it. */
function recognizeAll(
  { processes, examine, recordOf }: AgentQuestion,
  links: ProcessLinks,
): Map<number, Recognized> {
  const own = new Map<number, Recognition>();
  const starting = new Map<number, Recognition>();
  /** What a process is, or the nearest above it that is something. */
  const nearest = new Map<number, Recognition | undefined>();
  for (const facts of processes.values()) {
    const line: ProcessFacts[] = [];
    for (const at of [facts, ...climb(facts, links)]) {
      if (nearest.has(at.pid)) break;
      line.push(at);
    }
    for (const at of line.toReversed()) {
      const parent = findParent(at, processes);
      const above = parent && nearest.get(parent.pid);
      const examination = at.zombie ? undefined : examine(at, above);
      const is = examination && recognize(examination, at, links);
      if (is) own.set(at.pid, is);
      else if (examination?.starting) {
        starting.set(at.pid, examination.starting);
      }
      nearest.set(at.pid, is ?? above);
    }
  }
  for (const [pid, launcher] of starting) {
    const child = findStarted(launcher, links.children.get(pid) ?? [], own);
    if (child === undefined) continue;
    const what = `what it started (pid ${child}) is ${launcher.provider}`;
    own.set(pid, { ...launcher, evidence: [...launcher.evidence, what] });
  }
  const recognized = new Map<number, Recognized>();
  for (const facts of processes.values()) {
    const recognition = own.get(facts.pid);
    if (recognition === undefined) continue;
    const record = recordOf?.(facts.pid);
    recognized.set(facts.pid, { facts, recognition, record });
  }
  return recognized;
}

/** The child that is surely the agent which a launcher may have started. */
function findStarted(
  { provider, role }: Recognition,
  children: readonly ProcessFacts[],
  own: ReadonlyMap<number, Recognition>,
): number | undefined {
  return children.map(({ pid }) => pid).find((pid) => {
    const is = own.get(pid);
    return is?.provider === provider && is.role === role && !is.launcher &&
      is.confidence === "high";
  });
}

/** A helper that nothing ties to an agent is one if it was left behind. */
function recognize(
  { recognition, stray }: Examination,
  facts: ProcessFacts,
  links: ProcessLinks,
): Recognition | undefined {
  if (recognition !== undefined || stray === undefined) return recognition;
  return findOrphanReason(facts, links) === undefined ? undefined : stray;
}

function makeRows(
  recognized: ReadonlyMap<number, Recognized>,
  links: ProcessLinks,
): Row[] {
  const launchersOf = findLaunchers(recognized, links);
  const launching = new Set<number>();
  for (const via of launchersOf.values()) {
    for (const { pid } of via) launching.add(pid);
  }
  const rows: Row[] = [];
  for (const { facts, recognition } of recognized.values()) {
    if (launching.has(facts.pid)) continue;
    const launchers: ProcessFacts[] = [];
    for (let at = facts;;) {
      const via = launchersOf.get(at.pid);
      const launcher = via?.at(-1);
      if (via === undefined || launcher === undefined) break;
      launchers.unshift(...via.toReversed());
      at = launcher;
    }
    // A program that hides its environment has it from its launcher.
    const read = [facts, ...launchers.toReversed()]
      .find(({ markers }) => markers !== undefined) ?? facts;
    rows.push({
      facts,
      read,
      markers: read.markers,
      recognition: confirm(recognition, launchers, recognized),
      launchers,
      outermost: launchers[0] ?? facts,
    });
  }
  return rows;
}

/** A launcher that is surely one makes its child surely the agent. */
function confirm(
  recognition: Recognition,
  launchers: readonly ProcessFacts[],
  recognized: ReadonlyMap<number, Recognized>,
): Recognition {
  if (recognition.confidence === "high") return recognition;
  const sure = launchers.map(({ pid }) => recognized.get(pid))
    .find((launcher) => launcher?.recognition.confidence === "high");
  return sure === undefined ? recognition : {
    ...recognition,
    confidence: "high",
    evidence: [
      ...recognition.evidence,
      ...sure.recognition.evidence.map((fact) =>
        `launcher (pid ${sure.facts.pid}): ${fact}`
      ),
    ],
  };
}

/** Whether others are a part of it, and it is a part of none. */
function leadsOthers({ recognition: { role } }: Recognized): boolean {
  return role === "agent" || role === "supervisor";
}

/** The nearest agent above a process, other than its own. */
function findAgentAbove(
  facts: ProcessFacts,
  links: ProcessLinks,
  rowOf: ReadonlyMap<number, Row>,
): Row | undefined {
  const own = rowOf.get(facts.pid);
  for (const { pid } of climb(facts, links)) {
    const row = rowOf.get(pid);
    if (row && row !== own && leadsOthers(row)) return row;
  }
  return undefined;
}

/**
 * The agent above a worker, a helper or a server. Where there is none, as for
 * what serves a server, the nearest of the others.
 */
function findOwner(
  row: Row,
  links: ProcessLinks,
  rowOf: ReadonlyMap<number, Row>,
): ProcessFacts | undefined {
  let nearest: Row | undefined;
  for (const { pid } of climb(row.outermost, links)) {
    const above = rowOf.get(pid);
    if (above === undefined) continue;
    if (leadsOthers(above)) return above.facts;
    nearest ??= above;
  }
  return nearest?.facts;
}
