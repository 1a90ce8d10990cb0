import type { Finding, Fix } from "../../../model/diagnosis.ts";
import { reasonOf } from "../../../model/errors.ts";
import type { ProcessEntry } from "../../../model/process_entry.ts";
import { withLock } from "../../../system/lock.ts";
import type { Context } from "../../context.ts";
import { markAsKilled } from "../../prune.ts";
import { editStore } from "../edit_store.ts";
import { isFresh } from "./check_leftovers.ts";
import { isTorn } from "./check_sessions.ts";

/** A finding, and what became of it. */
export interface TreatedFinding extends Finding {
  /** It was mended. */
  readonly fixed: boolean;
  /** Why it could not be mended, where that was tried. */
  readonly failure?: string | undefined;
}

/** What {@linkcode applyFixes} did. */
export interface Treatment {
  readonly findings: readonly TreatedFinding[];
  /** The copies of files as they were. */
  readonly backups: readonly string[];
}

const NEWLINE = new TextEncoder().encode("\n");

/** The order: whoever takes a lock clears temporary files away. */
const ORDER: readonly Fix["kind"][] = [
  "remove-temporary",
  "change-mode",
  "end-line",
  "break-lock",
  "mark-killed",
];

/** Mends what can be mended safely; the rest stays as it is. */
export async function applyFixes(
  context: Context,
  findings: readonly Finding[],
): Promise<Treatment> {
  const failures = new Map<Finding, string>();
  const backups: string[] = [];
  for (const kind of ORDER) {
    const due = findings.filter(({ fix }) => fix?.kind === kind);
    if (kind === "mark-killed") {
      await markAll(context, due, failures, backups);
      continue;
    }
    for (const finding of due) {
      try {
        await apply(context, finding.fix as Fix);
      } catch (error) {
        failures.set(finding, reasonOf(error));
      }
    }
  }
  return {
    findings: findings.map((finding) => {
      const failure = failures.get(finding);
      const fixed = finding.fix !== undefined && failure === undefined;
      return { ...finding, fixed, failure };
    }),
    backups,
  };
}

/** Looks again before each step: what was found may be over by now. */
async function apply(context: Context, fix: Fix): Promise<void> {
  const { system } = context;
  switch (fix.kind) {
    case "remove-temporary": {
      const { processes, complete } = await system.observe(new Set([fix.pid]));
      const facts = processes.get(fix.pid);
      if (!complete || (facts !== undefined && !facts.zombie)) {
        throw new Error(`process ${fix.pid} is there now`);
      }
      if (isFresh(context, fix.path)) throw new Error("it was written to");
      system.remove(fix.path);
      return;
    }
    case "change-mode":
      system.changeMode(fix.path, fix.mode);
      return;
    case "end-line": {
      const size = system.status(fix.path)?.size ?? 0;
      if (isTorn(context, fix.path, size)) system.appendFile(fix.path, NEWLINE);
      return;
    }
    case "break-lock":
      await withLock(system, fix.path, () => {});
  }
}

async function markAll(
  context: Context,
  due: readonly Finding[],
  failures: Map<Finding, string>,
  backups: string[],
): Promise<void> {
  if (due.length === 0) return;
  const entries = due.flatMap(({ fix }): ProcessEntry[] =>
    fix?.kind === "mark-killed" ? [fix.entry] : []
  );
  const changes = markAsKilled(context.system.now());
  try {
    const { changed, backup } = await editStore(context, {
      removed: [],
      changed: entries.map((entry) => ({ entry, changes })),
    }, { backup: true });
    if (backup !== undefined) backups.push(backup);
    if (changed === entries.length) return;
    for (const finding of due) {
      failures.set(finding, "another program changed the store meanwhile");
    }
  } catch (error) {
    for (const finding of due) failures.set(finding, reasonOf(error));
  }
}
