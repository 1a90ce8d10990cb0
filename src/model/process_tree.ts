import { isSameStart, isSignallablePid } from "./process_facts.ts";
import { PROCESS_ID_MARKER, type ProcessFacts } from "./process_facts.ts";
import { findProtection } from "./protected_programs.ts";

/** A process of a tree, and what ties it to the agent. */
export interface TreeMember {
  readonly facts: ProcessFacts;
  /**
   * `agent`: it is the agent; `nested`: a nested entry records it; `known`: an
   * earlier look found it; `parent`: its parent is in the tree; `marker`: its
   * environment carries the id of an agent of the tree.
   */
  readonly via: "agent" | "nested" | "known" | "parent" | "marker";
}

/** A process that is tied to an agent and still not taken for its own. */
export interface Spared {
  readonly facts: ProcessFacts;
  /** Why, in words. */
  readonly reason: string;
}

/** What belongs to an agent. */
export interface ProcessTree {
  readonly members: readonly TreeMember[];
  readonly spared: readonly Spared[];
}

/** Whose tree is asked for, and of whom. */
export interface TreeQuestion {
  /** Every process that can be seen. */
  readonly processes: ReadonlyMap<number, ProcessFacts>;
  /** The agent's process, as it was judged. */
  readonly agent: ProcessFacts;
  /** The ids of the agent's entry and of those nested in it. */
  readonly ids: ReadonlySet<string>;
  /** The processes of nested entries, each proven to be the recorded one. */
  readonly nested: readonly ProcessFacts[];
  /** What earlier looks found: its parent may have ended since. */
  readonly known: readonly ProcessFacts[];
  /** The process that asks. */
  readonly ownPid: number;
  /**
   * The processes of the agents that zag-ps runs in by their entries, wherever
   * the parent links lead.
   */
  readonly runsIn: readonly ProcessFacts[];
  /** Whether the processes that zag-ps runs in are spared. */
  readonly spareAncestors: boolean;
  /** Why else something is spared, with what hangs below it, in words. */
  readonly spare?: ((facts: ProcessFacts) => string | undefined) | undefined;
}

/**
 * Finds the processes of an agent: its descendants by parent pid, whatever
 * carries its id in the environment, and the same for the agents nested in
 * it. What was re-parented (setsid, double fork) is tied by the mark alone.
 *
 * A parent link counts only if the parent started before the child: while the
 * processes are read one after the other, a parent may end and another program
 * get its pid.
 */
export function findTree(question: TreeQuestion): ProcessTree {
  const { processes, agent, ids, nested, known } = question;
  const children = listChildren(processes);
  const spare = makeSparing(question, listBelow(children, question.ownPid));
  const members = new Map<number, TreeMember>();
  const spared = new Map<number, Spared>();
  const seen = new Set<number>();

  function add(facts: ProcessFacts, via: TreeMember["via"]): void {
    const queue: TreeMember[] = [{ facts, via }];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { facts, via } = next;
      const { pid } = facts;
      // What an entry names may have been spared as a child before.
      const named = via === "agent" || via === "nested";
      if (facts.zombie || members.has(pid) || seen.has(pid) && !named) continue;
      seen.add(pid);
      const why = spare(facts, via);
      if (why === undefined) {
        members.set(pid, next);
        spared.delete(pid);
      } else if (why.reason !== undefined) {
        spared.set(pid, { facts, reason: why.reason });
      }
      if (why?.alone === false) continue;
      for (const child of children.get(pid) ?? []) {
        queue.push({ facts: child, via: "parent" });
      }
    }
  }

  const seeds: [TreeMember["via"], readonly ProcessFacts[]][] = [
    ["agent", [agent]],
    ["nested", nested],
    ["known", known],
  ];
  for (const [via, all] of seeds) {
    for (const { pid, startTicks } of all) {
      const now = processes.get(pid);
      // Another program may have the pid by now.
      if (now && isSameStart(now.startTicks, startTicks) !== false) {
        add(now, via);
      }
    }
  }
  for (const facts of processes.values()) {
    const marker = facts.markers?.[PROCESS_ID_MARKER];
    if (marker === undefined || !ids.has(marker)) continue;
    if (members.has(facts.pid) || spared.has(facts.pid)) continue;
    const other = findOtherAbove(facts, marker, processes, members);
    if (other === undefined) add(facts, "marker");
    else if (!facts.zombie) {
      const reason =
        `it runs under another program (${other}), and only its environment names the agent`;
      spared.set(facts.pid, { facts, reason });
    }
  }
  return { members: [...members.values()], spared: [...spared.values()] };
}

/** The pids of a process and of those that it runs in, by any parent link. */
export function listAncestors(
  processes: ReadonlyMap<number, ProcessFacts>,
  pid: number,
): Set<number> {
  const line = new Set<number>();
  for (
    let next: number | undefined = pid;
    next !== undefined && next > 0 && !line.has(next);
    next = processes.get(next)?.ppid
  ) line.add(next);
  return line;
}

/** Why a process is spared; `undefined` if it is not. */
type Sparing = (
  facts: ProcessFacts,
  via: TreeMember["via"],
) =>
  | {
    /** `undefined` for what goes without saying. */
    readonly reason: string | undefined;
    /** Whether it is spared alone, and what hangs below it is not. */
    readonly alone: boolean;
  }
  | undefined;

function makeSparing(
  question: TreeQuestion,
  own: ReadonlySet<number>,
): Sparing {
  const { processes, agent, ownPid, runsIn, spareAncestors, spare } = question;
  const above = listAncestors(processes, ownPid);
  for (const { pid } of runsIn) above.add(pid);
  const owner = processes.get(agent.pid)?.uid ?? agent.uid;
  return (facts, via) => {
    const { pid, uid } = facts;
    if (own.has(pid) || !isSignallablePid(pid)) {
      return { reason: undefined, alone: false };
    }
    if (spareAncestors && above.has(pid)) {
      return { reason: "zag-ps itself runs in it", alone: false };
    }
    if (uid !== undefined && owner !== undefined && uid !== owner) {
      return { reason: "it belongs to another user", alone: true };
    }
    const reason = via === "agent" ? undefined : spare?.(facts);
    if (reason !== undefined) return { reason, alone: false };
    const protection = findProtection(facts);
    if (protection?.kind === "runner") {
      return { reason: describe(protection), alone: false };
    }
    // What an entry names is an agent, whatever it runs.
    if (protection === undefined || via === "agent" || via === "nested") {
      return undefined;
    }
    return { reason: describe(protection), alone: false };
  };
}

/** A process and what hangs below it: what zag-ps itself started, as `ps`. */
function listBelow(
  children: ReadonlyMap<number, readonly ProcessFacts[]>,
  pid: number,
): Set<number> {
  const below = new Set([pid]);
  for (const parent of below) {
    for (const child of children.get(parent) ?? []) below.add(child.pid);
  }
  return below;
}

function describe({ name, reason }: { name: string; reason: string }): string {
  return `it is a ${name}: ${reason}`;
}

/** The children of each process that has any, by believed parent links. */
export function listChildren(
  processes: ReadonlyMap<number, ProcessFacts>,
): Map<number, ProcessFacts[]> {
  const children = new Map<number, ProcessFacts[]>();
  for (const facts of processes.values()) {
    const parent = findParent(facts, processes);
    if (parent === undefined) continue;
    const siblings = children.get(parent.pid);
    if (siblings === undefined) children.set(parent.pid, [facts]);
    else siblings.push(facts);
  }
  return children;
}

/**
 * The parent, if it is believed to be one: it is there, and started before the
 * child. A start that is not known proves nothing.
 */
export function findParent(
  facts: ProcessFacts,
  processes: ReadonlyMap<number, ProcessFacts>,
): ProcessFacts | undefined {
  const parent = facts.ppid === undefined
    ? undefined
    : processes.get(facts.ppid);
  return parent && parent !== facts && startedBefore(parent, facts)
    ? parent
    : undefined;
}

/** A clock tick is 10 ms, a second under `ps`: the same one counts. */
function startedBefore(parent: ProcessFacts, child: ProcessFacts): boolean {
  if (parent.startedAt === undefined || child.startedAt === undefined) {
    return false;
  }
  return parent.startedAt <= child.startedAt;
}

/**
 * What a process hangs under, outside the tree, and has its mark from: a
 * shared daemon, or the runner of a CI job that an agent once started. A runner
 * without the mark did not hand it on.
 */
function findOtherAbove(
  facts: ProcessFacts,
  marker: string,
  processes: ReadonlyMap<number, ProcessFacts>,
  members: ReadonlyMap<number, TreeMember>,
): string | undefined {
  const seen = new Set<number>([facts.pid]);
  let parent = findParent(facts, processes);
  while (parent !== undefined && !seen.has(parent.pid)) {
    if (members.has(parent.pid)) return undefined;
    seen.add(parent.pid);
    const protection = findProtection(parent);
    const hasMark = parent.markers?.[PROCESS_ID_MARKER] === marker;
    if (protection && (protection.kind === "daemon" || hasMark)) {
      return protection.name;
    }
    parent = findParent(parent, processes);
  }
  return undefined;
}
