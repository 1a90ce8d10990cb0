import { locateLog } from "../model/paths.ts";
import { findTarget } from "../model/target.ts";
import type { Context } from "./context.ts";
import { findSession } from "./steps/find_session.ts";
import { type JudgedEntry, judgeEntries } from "./steps/judge.ts";
import { readStore } from "./steps/read_store.ts";

/** One entry, the judgement on it, and where its session is logged. */
export interface ShownEntry extends JudgedEntry {
  /** The session log; `null` if there is no session or no safe path. */
  readonly logPath: string | null;
}

/**
 * Shows one recorded process. Changes nothing.
 *
 * @param handle an id, a unique prefix of one, or `self`
 */
export async function show(
  context: Context,
  handle: string,
): Promise<ShownEntry> {
  const store = readStore(context);
  const { entry } = findTarget(store, handle, context.system.env);
  const [judged] = await judgeEntries(context, [entry]);
  const found = findSession(context, entry);
  let logPath: string | null = null;
  if (found.kind === "unreadable") context.warn(found.reason);
  const isKnown = found.kind === "found" ||
    (found.kind === "unreadable" && typeof found.session.log_path === "string");
  if (found.kind !== "none" && isKnown) {
    try {
      logPath = locateLog(
        context.paths,
        found.store,
        found.session,
        context.system.realPath,
      );
    } catch {
      // A path that must not be used is not shown as one.
    }
  }
  return { ...judged as JudgedEntry, logPath };
}
