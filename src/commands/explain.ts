import { ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import { isSignallablePid, type ProcessFacts } from "../model/process_facts.ts";
import { findByPrefix, findTarget } from "../model/target.ts";
import type { Context } from "./context.ts";
import { type JudgedEntry, judgeEntries } from "./steps/judge.ts";
import { readStore } from "./steps/read_store.ts";
import { nameOwner } from "./steps/send_signal.ts";

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
}

/**
 * Explains a verdict: the facts about a process, the rule that decided, and
 * the outcome. Changes nothing.
 *
 * @param handle an id, a unique prefix of one, `self`, or a pid: then every
 * entry with that pid is explained. What could be both counts as a pid if an
 * entry names it
 * @throws {ZagPsError} `not-found` if there is neither such an entry nor such
 * a process, `ambiguous`
 */
export async function explain(
  context: Context,
  handle: string,
): Promise<Explanation> {
  const entries = findEntries(context, handle);
  const pid = entries[0]?.pid ?? Number(handle);
  const judged = entries.length === 0
    ? []
    : await judgeEntries(context, entries);
  const facts = judged.length === 0
    ? await look(context, pid)
    : judged[0]?.verdict.facts;
  if (facts === undefined && judged.length === 0) {
    throw new ZagPsError(
      "not-found",
      say`Process not found: no entry names pid ${handle}, and ` +
        (isSignallablePid(pid)
          ? "no process has it"
          : "it is none that zag-ps looks at"),
    );
  }
  const owner = facts?.uid === undefined
    ? undefined
    : nameOwner(context.system, facts.uid, facts.owner);
  return { pid, facts, owner, judged };
}

/** The entries that a handle means; none for the pid of another process. */
function findEntries(context: Context, handle: string): ProcessEntry[] {
  const store = readStore(context);
  const entries = store.entries.map(({ entry }) => entry);
  if (/^\d{1,10}$/.test(handle) && !entries.some(({ id }) => id === handle)) {
    const named = entries.filter(({ pid }) => pid === Number(handle));
    if (named.length > 0) return named;
    if (findByPrefix(store, handle).length === 0) return [];
  }
  return [findTarget(store, handle, context.system.env).entry];
}

async function look(
  context: Context,
  pid: number,
): Promise<ProcessFacts | undefined> {
  if (!isSignallablePid(pid)) return undefined;
  const { processes, limit } = await context.system.observe(new Set([pid]));
  if (limit !== undefined) context.warn(limit);
  return processes.get(pid);
}
