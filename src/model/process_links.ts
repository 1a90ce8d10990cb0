import type { ProcessFacts } from "./process_facts.ts";
import { findParent, listChildren } from "./process_tree.ts";

/** All processes of a look, and how they hang together. */
export interface ProcessLinks {
  readonly processes: ReadonlyMap<number, ProcessFacts>;
  /** Whether a pid that is not in `processes` is certainly no process. */
  readonly complete: boolean;
  /** The children of each process that has any, by believed parent links. */
  readonly children: ReadonlyMap<number, readonly ProcessFacts[]>;
}

/** Links the processes of a look, in one pass. */
export function linkProcesses(
  { processes, complete }: Pick<ProcessLinks, "processes" | "complete">,
): ProcessLinks {
  return { processes, complete, children: listChildren(processes) };
}

/**
 * The processes above one by believed parent links, the nearest first. A
 * circle, which a look that takes time can see, ends it.
 */
export function* climb(
  facts: ProcessFacts,
  { processes }: Pick<ProcessLinks, "processes">,
): Generator<ProcessFacts, void, undefined> {
  const seen = new Set([facts.pid]);
  for (
    let next = findParent(facts, processes);
    next !== undefined && !seen.has(next.pid);
    next = findParent(next, processes)
  ) {
    seen.add(next.pid);
    yield next;
  }
}
