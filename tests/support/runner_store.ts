/**
 * The zag home of fake runners: agents that are recorded there, with sessions.
 *
 * @module
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { FakeHost } from "./fake_runner.ts";
import { makeEntry, makeSession } from "./records.ts";

/** One agent that is recorded. */
export interface Recorded {
  readonly id: string;
  readonly pid: number;
  readonly provider?: string;
  /** What its launch asks for. */
  readonly exit?: unknown;
  readonly prompt?: string;
}

/** Writes the stores anew, with a session for each agent. */
export function recordAgents(
  { zag }: FakeHost,
  agents: readonly Recorded[],
): void {
  const write = (name: string, value: unknown) =>
    writeFileSync(join(zag, name), JSON.stringify(value, null, 2));
  write("processes.json", {
    processes: agents.map(({ id, pid, provider = "codex", prompt }) =>
      makeEntry({
        ...{ id, pid, provider, session_id: `session-${id}` },
        ...(prompt === undefined ? {} : { prompt }),
      })
    ),
  });
  write("sessions.json", {
    sessions: agents.map(({ id, exit, provider = "codex" }) =>
      makeSession({
        ...{ session_id: `session-${id}`, provider },
        ...(exit === undefined ? {} : { exit }),
      })
    ),
  });
  for (const { id } of agents) {
    const path = join(zag, locateLog(id));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"seq":0,"type":"session_started"}\n');
  }
}

function locateLog(id: string): string {
  return `logs/sessions/session-${id}.jsonl`;
}

/** An entry as the store has it now. */
export function readEntry(
  { zag }: FakeHost,
  id: string,
): Record<string, unknown> {
  const text = readFileSync(join(zag, "processes.json"), "utf8");
  const { processes } = JSON.parse(text);
  return processes.find((entry: { id: string }) => entry.id === id);
}

/**
 * The events of a session, oldest first.
 *
 * @throws {Error} If the log ends in the middle of a line, or has one that is
 * no JSON.
 */
export function readLog(
  { zag }: FakeHost,
  id: string,
): Record<string, unknown>[] {
  const path = join(zag, locateLog(id));
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (!text.endsWith("\n")) throw new Error(`The log is torn: ${text}`);
  return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}
