import type { ProcessEntry } from "./process_entry.ts";

/** The entries of a store by id. */
export type Family = ReadonlyMap<string, ProcessEntry>;

/** Who started an entry, directly and indirectly. */
export interface Ancestors {
  /** Their ids and the ids of their sessions. */
  readonly ids: readonly string[];
  /** Whether there can be no others: the line was followed to its top. */
  readonly complete: boolean;
}

/** Makes a family; of several entries with one id the first is meant. */
export function gatherFamily(entries: readonly ProcessEntry[]): Family {
  const family = new Map<string, ProcessEntry>();
  for (const entry of entries) {
    if (!family.has(entry.id)) family.set(entry.id, entry);
  }
  return family;
}

/**
 * The ids of what started an entry; `undefined` where zag did not say. An
 * entry that says `null` was started by no agent.
 */
export function findParents(
  entry: ProcessEntry,
): readonly string[] | undefined {
  const { parent_process_id: id, parent_session_id: session } = entry;
  if (id === undefined && session === undefined) return undefined;
  return [id, session].filter((id) => typeof id === "string");
}

/**
 * Follows an entry's parents upward, as far as the store has them. A line that
 * leads out of the store, or in a circle, is not complete.
 */
export function findAncestors(entry: ProcessEntry, family: Family): Ancestors {
  const ids = new Set<string>();
  const climbed = new Set<ProcessEntry>();
  for (let at: ProcessEntry | undefined = entry;;) {
    climbed.add(at);
    const parents = findParents(at);
    for (const id of parents ?? []) ids.add(id);
    const { parent_process_id: above } = at;
    if (typeof above !== "string") {
      return { ids: [...ids], complete: parents?.length === 0 };
    }
    at = family.get(above);
    if (at === undefined || climbed.has(at)) {
      return { ids: [...ids], complete: false };
    }
    if (typeof at.session_id === "string") ids.add(at.session_id);
  }
}
