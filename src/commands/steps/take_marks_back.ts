import { say } from "../../model/escape.ts";
import type { Context } from "../context.ts";
import type { EntryChange } from "./change_store.ts";
import type { JudgedEntry } from "./judge.ts";
import { keepMarks, restoreEntry, tellNotes } from "./mark_killed.ts";
import { lookAfter, pursue } from "./pursue.ts";

/** A mark on the entry of an agent. */
export interface AgentMark {
  readonly judged: JudgedEntry;
  readonly change: EntryChange;
  /** Where the result was recorded before. */
  readonly log?: string | undefined;
}

/**
 * Takes the marks of several agents back after something failed midway, but
 * for those whose process has ended; their marks stay. What cannot be looked
 * at counts as there: a mark on a living process would hide it.
 *
 * @param failure what failed
 * @returns what to throw: the failure, with what became of the entries
 */
export async function takeMarksBack(
  context: Context,
  marks: readonly AgentMark[],
  failure: unknown,
  hurried: () => boolean,
): Promise<unknown> {
  const looked = marks.map(({ judged: { entry, verdict } }) =>
    pursue(verdict.facts ?? { pid: entry.pid, zombie: false })
  );
  try {
    await lookAfter(context, looked);
  } catch {
    // The failure itself is what the caller has to know.
  }
  const isThere = (_: AgentMark, i: number) => looked[i]?.outcome === undefined;
  const left = marks.filter(isThere);
  const notes: string[] = [];
  for (const { change } of left) {
    const note = await restoreEntry(context, change, hurried);
    notes.push(left.length === 1 ? note : say`${change.id}: ` + note);
  }
  const kept = marks.filter((mark) => !left.includes(mark));
  if (kept.length > 0) {
    await keepMarks(context, kept.map(({ change }) => change), hurried);
  }
  if (left.length === 0) return failure;
  return tellNotes(
    failure,
    left.length === 1 ? left[0]?.log : undefined,
    notes,
  );
}
