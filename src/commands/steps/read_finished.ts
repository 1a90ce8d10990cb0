import { saysFinished } from "../../model/agent_state.ts";
import { parseMilliseconds } from "../../model/instant.ts";
import { isFinished } from "../../model/log_progress.ts";
import { locateLog } from "../../model/paths.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import type { Context } from "../context.ts";
import type { SeenAgent } from "../../model/seen_agent.ts";
import type { JudgedEntry } from "./judge.ts";
import type { SessionLookup } from "./session_lookup.ts";

/** A state takes a few kilobytes. */
const MAX_STATE_BYTES = 1024 * 1024;

const decoder = new TextDecoder();

/**
 * Whether a living agent is done: by the log of its session, or by what the
 * agent itself writes of its state, where it does so in a documented place.
 *
 * @returns `undefined` where neither tells
 */
export function readFinished(
  context: Context,
  { entry, agent, untracked }: JudgedEntry,
  sessions: SessionLookup,
): boolean | undefined {
  const logged = untracked ? undefined : readLog(context, entry, sessions);
  return logged ?? (agent && readState(context, agent));
}

function readState(
  { system }: Context,
  { facts, stateFile }: SeenAgent,
): boolean | undefined {
  if (stateFile === undefined) return undefined;
  try {
    const status = system.status(stateFile);
    if (status?.kind !== "file" || status.size > MAX_STATE_BYTES) {
      return undefined;
    }
    const text = decoder.decode(system.readRange(stateFile, 0, status.size));
    const { startedAt } = facts;
    return saysFinished(text, status.modifiedAt, startedAt, system.now());
  } catch {
    // A state that cannot be read tells nothing.
    return undefined;
  }
}

/** Whether a process is done by its log; `undefined` where none tells. */
function readLog(
  { system, paths }: Context,
  entry: ProcessEntry,
  sessions: SessionLookup,
): boolean | undefined {
  const startedAt = parseMilliseconds(entry.started_at);
  const found = sessions.find(entry);
  if (startedAt === undefined || found === undefined) return undefined;
  if (found === "unreadable") return undefined;
  try {
    const { session, store } = found;
    const log = locateLog(paths, store, session, system.realPath);
    const status = system.status(log);
    if (status?.kind !== "file") return undefined;
    return isFinished(
      status.size,
      (start, end) => system.readRange(log, start, end),
      startedAt,
      system.now(),
    );
  } catch {
    // A log that cannot be read, or must not be, tells nothing.
    return undefined;
  }
}
