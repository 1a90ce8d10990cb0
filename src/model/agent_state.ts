/**
 * What agents themselves write about their state, in the places that their
 * manuals name.
 *
 * There is one: the background sessions of Claude Code. "Manage multiple
 * agents with agent view" (code.claude.com/docs/en/agent-view, read for
 * 2.1.174) says of `~/.claude/jobs/<id>/state.json` that it holds the state of
 * a session, and that the session has that folder in `CLAUDE_JOB_DIR`; the
 * states are those that it lists for `claude agents --json`. It says nothing of
 * the other fields, so a field is only used to doubt that a session is done.
 *
 * `~/.claude/sessions/<pid>.json`, which holds `idle` and `busy`, is in no
 * manual; codex, gemini and opencode document no such place.
 *
 * @module
 */

import { parseMilliseconds } from "./instant.ts";
import { QUIET_MS } from "./log_progress.ts";
import type { ProcessFacts } from "./process_facts.ts";

/** States after which a session does nothing until it is spoken to. */
const ENDS: ReadonlySet<unknown> = new Set(["done", "failed", "stopped"]);

/**
 * Where a process's background session has its state.
 *
 * What the session starts inherits its folder; so what has the folder of the
 * process above it is part of that one's session, and where the environment
 * above cannot be read it may be.
 *
 * @param above its parent
 * @returns the path of the file; `undefined` for what is no such session
 */
export function findStateFile(
  { markers }: ProcessFacts,
  above: ProcessFacts | undefined,
): string | undefined {
  const folder = markers?.["CLAUDE_JOB_DIR"];
  if (folder === undefined || above?.markers === undefined) return undefined;
  if (above.markers["CLAUDE_JOB_DIR"] === folder) return undefined;
  const [, separator] =
    /^(?:\/|[A-Za-z]:[/\\]).*?([/\\])jobs[/\\][A-Za-z0-9][A-Za-z0-9_-]*$/
      .exec(folder) ?? [];
  return separator && `${folder}${separator}state.json`;
}

/**
 * Whether a background session has done what it was started for: its state
 * says so, was written while the process ran, and did not change for
 * {@linkcode QUIET_MS}. A state that cannot be read says nothing.
 *
 * @param text what the file holds
 * @param changedAt when the file was written, milliseconds since 1970
 * @param startedAt when the process started, likewise
 * @param now the present, likewise
 */
export function saysFinished(
  text: string,
  changedAt: number,
  startedAt: number | undefined,
  now: number,
): boolean {
  const state = parseObject(text);
  if (state === undefined || !ENDS.has(state["state"])) return false;
  // It has begun again, and tells so later.
  if (state["tempo"] === "active" || countTasks(state["inFlight"]) !== 0) {
    return false;
  }
  const { updatedAt } = state;
  const told = typeof updatedAt === "string"
    ? parseMilliseconds(updatedAt)
    : undefined;
  const last = Math.max(changedAt, told ?? changedAt);
  return startedAt !== undefined && last > startedAt && now - last >= QUIET_MS;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? value as Record<string, unknown>
      : undefined;
  } catch {
    return undefined;
  }
}

/** How many tasks it tells of; `undefined` for what tells of none clearly. */
function countTasks(inFlight: unknown): number | undefined {
  if (inFlight === undefined || inFlight === null) return 0;
  if (typeof inFlight !== "object") return undefined;
  const { tasks = 0, queued = 0 } = inFlight as Record<string, unknown>;
  return typeof tasks === "number" && typeof queued === "number"
    ? tasks + queued
    : undefined;
}
