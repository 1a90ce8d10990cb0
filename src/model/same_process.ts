import { isSameStart, type ProcessFacts } from "./process_facts.ts";

/** What a process has to be still, right before it gets a signal. */
export interface ExpectedProcess {
  /**
   * When it started, as it was judged; `undefined` where that could not be
   * read: then existence alone is looked at.
   */
  readonly startTicks: string | undefined;
  /**
   * The path of its program, as it was judged; without it no program is
   * compared. A process keeps its pid and its start when it turns into another
   * program: what was recorded may do so and stay what it is, what was only
   * recognised by its program may not.
   */
  readonly executable?: string | undefined;
}

/**
 * - `same`: nothing speaks against it
 * - `another`: it certainly is not the one that was judged
 * - `start unseen`, `program unseen`: that cannot be read again
 */
export type Sameness = "same" | "another" | "start unseen" | "program unseen";

/** What Linux adds to the path of a program whose file was replaced. */
const DELETED = " (deleted)";

/** Compares a process with the one that was judged. */
export function compareProcess(
  facts: ProcessFacts,
  { startTicks, executable }: ExpectedProcess,
): Sameness {
  if (startTicks !== undefined) {
    const same = isSameStart(facts.startTicks, startTicks);
    if (same === false) return "another";
    if (same === undefined) return "start unseen";
  }
  if (executable === undefined) return "same";
  if (facts.executable === undefined) return "program unseen";
  return isSameProgram(facts.executable, executable) ? "same" : "another";
}

/** Whether two paths are those of one program, which an update may replace. */
function isSameProgram(a: string, b: string): boolean {
  return cutDeleted(a) === cutDeleted(b);
}

function cutDeleted(path: string): string {
  return path.endsWith(DELETED) ? path.slice(0, -DELETED.length) : path;
}
