import type { ProcessFacts } from "./process_facts.ts";

/** So many pids are named, the others counted. */
const MAX_NAMED = 5;

/**
 * Says of which processes the environment could not be read, and what to do
 * about it. Meant for those that matter to somebody: on most machines there
 * are many of other users, which matter to nobody.
 *
 * @returns `undefined` if all could be read, zombies apart
 */
export function describeUnread(
  processes: Iterable<ProcessFacts>,
): string | undefined {
  const pids = [...processes]
    .filter(({ markers, zombie }) => markers === undefined && !zombie)
    .map(({ pid }) => pid)
    .sort((a, b) => a - b);
  if (pids.length === 0) return undefined;
  const named = pids.slice(0, MAX_NAMED).join(", ");
  const more = pids.length - MAX_NAMED;
  const which = pids.length === 1
    ? `process ${named}`
    : `processes ${named}${more > 0 ? ` and ${more} more` : ""}`;
  return `The environment of ${which} cannot be read: what only it would tell is unknown (to see it, run zag-ps as root or as the owner)`;
}
