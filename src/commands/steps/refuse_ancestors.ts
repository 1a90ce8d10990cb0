import { ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { findAncestors, gatherFamily } from "../../model/ancestors.ts";
import { PROCESS_ID_MARKER } from "../../model/process_facts.ts";
import type { Context } from "../context.ts";
import type { JudgedEntry } from "./judge.ts";
import { listSignalled } from "./own_processes.ts";
import { readStore } from "./read_store.ts";

/** No chain of parents is longer; a broken one ends here. */
const MAX_GENERATIONS = 256;

/**
 * Refuses agents that zag-ps itself runs in, unless they were named: who tidies
 * up does not mean itself. Those are its parents, and, where the line of
 * parents is broken (a shell in the background outlives the one that started
 * it), what the mark in its own environment names.
 *
 * @param named the ids that were given one by one
 * @throws {ZagPsError} `refused`; then nothing may be signalled
 */
export async function refuseAncestors(
  context: Context,
  judged: readonly JudgedEntry[],
  named: ReadonlySet<string> = new Set(),
): Promise<void> {
  const others = judged.filter(({ entry, verdict }) =>
    verdict.alive && !named.has(entry.id)
  );
  if (others.length === 0) return;
  const own = others.find(await recognizeOwnLine(context));
  if (own === undefined) return;
  throw new ZagPsError(
    "refused",
    say`Nothing was signalled: zag-ps itself runs in process ${own.entry.pid} (${own.entry.id}), which was selected without being named` +
      say`\nLeave it out with -f id!=${own.entry.id}, or name it to end it, too`,
  );
}

/** Tells whether zag-ps itself runs in an agent. */
export async function recognizeOwnLine(
  context: Context,
): Promise<(judged: JudgedEntry) => boolean> {
  const line = await listOwnLine(context);
  const ids = listOwnIds(context);
  return (judged) =>
    ids.has(judged.entry.id) || line.has(judged.entry.pid) ||
    // The launcher of an agent gets the signal, too.
    listSignalled(judged).some(({ facts }) => line.has(facts.pid));
}

/** The pids of zag-ps and of all that it runs in. */
export async function listOwnLine({ system }: Context): Promise<Set<number>> {
  const line = new Set<number>();
  let pid: number | undefined = system.pid;
  while (pid !== undefined && pid > 1 && line.size < MAX_GENERATIONS) {
    if (line.has(pid)) break;
    line.add(pid);
    const { processes } = await system.observe(new Set([pid]));
    pid = processes.get(pid)?.ppid;
  }
  return line;
}

/** The id that zag-ps carries, and those of the agents that started that one. */
export function listOwnIds(context: Context): Set<string> {
  const id = context.system.env(PROCESS_ID_MARKER);
  if (!id) return new Set();
  const family = gatherFamily(
    readStore(context).entries.map(({ entry }) => entry),
  );
  const own = family.get(id);
  return new Set([id, ...own ? findAncestors(own, family).ids : []]);
}
