import type { JudgedEntry } from "../commands/steps/judge.ts";
import { toSafeJson } from "../model/escape.ts";
import { toJsonAgent } from "./json_agent.ts";

/** The JSON of `list`: an array on one line. */
export function renderJsonList(rows: readonly JudgedEntry[]): string {
  return `${toSafeJson(rows.map(toJsonEntry))}\n`;
}

export function sortKeys(
  object: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1),
  );
}

/** Every field of the contract, in alphabetical order, and the judgement. */
export function toJsonEntry(
  { entry, verdict, agent, finished, untracked }: JudgedEntry,
): Record<string, unknown> {
  const plain = {
    alive: verdict.alive,
    command: entry.command,
    exit_code: entry.exit_code ?? null,
    exited_at: entry.exited_at ?? null,
    id: entry.id,
    identity: verdict.identity,
    identity_reason: verdict.reason,
    live_status: verdict.liveStatus,
    model: entry.model,
    parent_process_id: entry.parent_process_id ?? null,
    parent_session_id: entry.parent_session_id ?? null,
    pid: entry.pid,
    prompt: entry.prompt ?? null,
    provider: entry.provider,
    root: entry.root ?? null,
    session_id: entry.session_id ?? null,
    started_at: entry.started_at,
    status: entry.status,
  };
  if (agent === undefined) return plain;
  const seen = toJsonAgent(agent);
  return sortKeys({
    ...plain,
    ...seen,
    finished: finished ?? null,
    untracked: untracked === true,
  });
}
