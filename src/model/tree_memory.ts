import type { ProcessFacts } from "./process_facts.ts";
import type { ProcessLinks } from "./process_links.ts";

/**
 * Adds up the resident memory of every process and of all below it, in one
 * pass. Pages that processes share are counted once for each of them.
 *
 * @returns tells the bytes for a pid; `undefined` if nothing of it is known
 */
export function sumTrees(
  { processes, children }: ProcessLinks,
): (pid: number) => number | undefined {
  const order: ProcessFacts[] = [];
  const parent = new Map<number, number>();
  const seen = new Set<number>();
  function visit(root: ProcessFacts): void {
    const stack = [root];
    seen.add(root.pid);
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      order.push(next);
      for (const child of children.get(next.pid) ?? []) {
        if (seen.has(child.pid)) continue;
        seen.add(child.pid);
        parent.set(child.pid, next.pid);
        stack.push(child);
      }
    }
  }
  const below = new Set<number>();
  for (const all of children.values()) {
    for (const { pid } of all) below.add(pid);
  }
  for (const facts of processes.values()) {
    if (!below.has(facts.pid)) visit(facts);
  }
  // What is left hangs together in a circle, which has no first one.
  for (const facts of processes.values()) {
    if (!seen.has(facts.pid)) visit(facts);
  }

  const sums = new Map<number, number>();
  for (const { pid, memoryBytes } of order.reverse()) {
    const sum = add(sums.get(pid), memoryBytes);
    if (sum === undefined) continue;
    sums.set(pid, sum);
    const above = parent.get(pid);
    if (above !== undefined) sums.set(above, sum + (sums.get(above) ?? 0));
  }
  return (pid) => sums.get(pid);
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0);
}
