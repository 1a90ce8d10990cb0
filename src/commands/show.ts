import { ZagPsError } from "../model/errors.ts";
import { locateLog } from "../model/paths.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import { formatPidHandle } from "../model/untracked.ts";
import type { Context } from "./context.ts";
import { findSession } from "./steps/find_session.ts";
import type { JudgedEntry } from "./steps/judge.ts";
import { readStore } from "./steps/read_store.ts";
import { resolveHandle } from "./steps/resolve_handle.ts";
import { select, selectOne } from "./steps/select.ts";
import { openSessions } from "./steps/session_lookup.ts";

/** One entry, the judgement on it, and where its session is logged. */
export interface ShownEntry extends JudgedEntry {
  /** The session log; `null` if there is no session or no safe path. */
  readonly logPath: string | null;
}

/**
 * Shows the recorded processes that handles mean, in their order, each once.
 * Changes nothing.
 *
 * @param handles ids, unique prefixes of ids, `self`, session ids or names of
 * sessions, and pids as `pid:1234` or `1234`
 */
export async function showSelected(
  context: Context,
  handles: readonly string[],
): Promise<ShownEntry[]> {
  const known = await Promise.all(
    handles.map((handle) => readBarePid(context, handle)),
  );
  const rows = await select(context, { handles: known, filters: [] });
  return rows.map((row) => ({ ...row, logPath: locate(context, row.entry) }));
}

/**
 * Shows one recorded process. Changes nothing.
 *
 * @param handle an id, a unique prefix of one, `self`, a session's id or name,
 * or a pid as `pid:1234` or `1234`
 */
export async function show(
  context: Context,
  handle: string,
): Promise<ShownEntry> {
  const row = await selectOne(context, await readBarePid(context, handle));
  return { ...row, logPath: locate(context, row.entry) };
}

/** A number that no id begins with and no session is called by is a pid. */
async function readBarePid(context: Context, handle: string): Promise<string> {
  if (!/^[1-9]\d{0,9}$/.test(handle)) return handle;
  const quiet = { ...context, warn: () => {} };
  try {
    await resolveHandle(quiet, readStore(quiet), openSessions(quiet), handle);
    return handle;
  } catch (error) {
    const isUnknown = error instanceof ZagPsError && error.kind === "not-found";
    return isUnknown ? formatPidHandle(Number(handle)) : handle;
  }
}

/** The session log; `null` if there is no session or no safe path. */
function locate(context: Context, entry: ProcessEntry): string | null {
  const found = findSession(context, entry);
  if (found.kind === "unreadable") context.warn(found.reason);
  const isKnown = found.kind === "found" ||
    (found.kind === "unreadable" && typeof found.session.log_path === "string");
  if (found.kind === "none" || !isKnown) return null;
  try {
    return locateLog(
      context.paths,
      found.store,
      found.session,
      context.system.realPath,
    );
  } catch {
    // A path that must not be used is not shown as one.
    return null;
  }
}
