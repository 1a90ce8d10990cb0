/**
 * Zag's files as zag writes them, for tests.
 *
 * @module
 */

import type { Context } from "../../src/commands/context.ts";
import { ZagPsError } from "../../src/model/errors.ts";
import type { ErrorKind } from "../../src/model/errors.ts";
import { locatePaths } from "../../src/model/paths.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";
import type { ProcessFacts } from "../../src/model/process_facts.ts";
import type { Memory } from "./memory_system.ts";

/** The zag home of the machine in memory. */
export const HOME = "/home/ada/.zag";
/** The process store there. */
export const STORE = `${HOME}/processes.json`;
/** The session store of sessions without a project. */
export const BASE_SESSIONS = `${HOME}/sessions.json`;

/** An id of an entry, of zag's own form. */
export const ID = "5d3f0c6e-1b7a-4a52-9c1e-0f6b8f2d7a11";
/** The session of {@linkcode makeEntry}. */
export const SESSION_ID = "0b9a7d34-6c55-4f0e-8e53-5a1f1a2b3c4d";
/** The pid of {@linkcode makeEntry}. */
export const PID = 4711;

/** A running entry with every field that zag writes. */
export function makeEntry(changes: Partial<ProcessEntry> = {}): ProcessEntry {
  return {
    id: ID,
    pid: PID,
    session_id: SESSION_ID,
    provider: "claude",
    model: "opus",
    command: "run",
    prompt: "mend the roof",
    started_at: "2026-11-22T11:59:00.123456789+00:00",
    status: "running",
    exit_code: null,
    exited_at: null,
    root: null,
    parent_process_id: null,
    parent_session_id: null,
    ...changes,
  };
}

/**
 * What the machine tells of the process of {@linkcode makeEntry}: it started
 * when the entry was written. Nothing is known of its environment.
 */
export function makeFacts(changes: Partial<ProcessFacts> = {}): ProcessFacts {
  return {
    pid: PID,
    zombie: false,
    startTicks: "proc:42",
    startedAt: Date.UTC(2026, 10, 22, 11, 59),
    ...changes,
  };
}

/** The text of a process store. */
export function formatStore(...processes: readonly unknown[]): string {
  return JSON.stringify({ processes }, null, 2);
}

/** A session with every field that zag needs. */
export function makeSession(
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    session_id: SESSION_ID,
    provider: "claude",
    worktree_path: "",
    worktree_name: "",
    created_at: "2026-11-22T11:59:00+00:00",
    provider_session_id: "provider-1",
    ...changes,
  };
}

/** The text of a session store. */
export function formatSessions(...sessions: readonly unknown[]): string {
  return JSON.stringify({ sessions }, null, 2);
}

/** The context of a command on the machine in memory. */
export interface TestContext extends Context {
  /** What was warned of, in order. */
  readonly warnings: string[];
}

/** Makes the context of a command. */
export function createContext({ system }: Memory): TestContext {
  const warnings: string[] = [];
  return {
    system,
    paths: locatePaths(undefined, system.env, system.userHome),
    warn: (message) => warnings.push(message),
    warnings,
  };
}

/** A check for `assert.throws` and `assert.rejects`. */
export function isError(
  kind: ErrorKind,
  pattern: RegExp = /^/,
): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof ZagPsError)) throw error;
    if (error.kind === kind && pattern.test(error.message)) return true;
    throw new Error(
      `Not "${kind}" with ${pattern}: "${error.kind}": ${error.message}`,
    );
  };
}
