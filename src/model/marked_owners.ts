import { PROCESS_ID_MARKER, type ProcessFacts } from "./process_facts.ts";

/** Marks that an agent sets for what it starts, and that name its session. */
const SESSION_MARKERS = ["CLAUDE_CODE_SESSION_ID", "CODEX_THREAD_ID"] as const;

/** The marks of an environment; `undefined` where it cannot be read. */
export type Markers = ProcessFacts["markers"];

/** An agent, and what is known of its environment. */
export interface MarkedAgent {
  readonly facts: ProcessFacts;
  readonly markers: Markers;
}

/**
 * Finds the agent whose mark a process carries that has lost its parent.
 *
 * The id of a session is not in the environment of the agent itself, but in
 * that of what it starts; so an agent has set the marks of the processes below
 * it that it does not carry, and what else carries one is of the same agent.
 * The id that zag gives is carried by the agent, too: the agent is who has it
 * while no agent above has. A mark that leads to two agents leads to none.
 *
 * @param processes every process
 * @param agents those that others may be a part of
 * @param findAbove the nearest agent above a process, other than itself
 * @returns tells the owner for the marks of a process
 */
export function findMarkedOwners<Agent extends MarkedAgent>(
  processes: Iterable<ProcessFacts>,
  agents: Iterable<Agent>,
  findAbove: (facts: ProcessFacts) => MarkedAgent | undefined,
): (markers: Markers) => ProcessFacts | undefined {
  const owners = new Map<string, ProcessFacts | undefined>();
  function note(mark: string, owner: ProcessFacts): void {
    const known = owners.has(mark) && owners.get(mark) !== owner;
    owners.set(mark, known ? undefined : owner);
  }
  for (const facts of processes) {
    const marks = listMarks(facts.markers, SESSION_MARKERS);
    if (marks.length === 0 || facts.zombie) continue;
    const above = findAbove(facts);
    if (above?.markers === undefined) continue;
    const inherited = listMarks(above.markers, SESSION_MARKERS);
    for (const mark of marks) {
      if (!inherited.includes(mark)) note(mark, above.facts);
    }
  }
  for (const { facts, markers } of agents) {
    for (const mark of listMarks(markers, [PROCESS_ID_MARKER])) {
      const above = listMarks(findAbove(facts)?.markers, [PROCESS_ID_MARKER]);
      if (!above.includes(mark)) note(mark, facts);
    }
  }
  const all = [...SESSION_MARKERS, PROCESS_ID_MARKER];
  return (markers) => {
    for (const mark of listMarks(markers, all)) {
      const owner = owners.get(mark);
      if (owner) return owner;
    }
    return undefined;
  };
}

function listMarks(markers: Markers, names: readonly string[]): string[] {
  if (markers === undefined) return [];
  return names.filter((name) => markers[name])
    .map((name) => `${name}=${markers[name]}`);
}
