/** What is recorded of a command that is started. */

import { AGENT_PATTERNS } from "./agent_patterns.ts";
import { findPrograms, isAgentProgram } from "./agent_programs.ts";
import type { ExitConstraints } from "./exit_result.ts";
import { formatInstant } from "./instant.ts";
import type { ProcessEntry } from "./process_entry.ts";
import { PROCESS_ID_MARKER } from "./process_facts.ts";
import type { IndexedSession, SessionEntry } from "./session_entry.ts";

/** zag keeps about so much of a prompt. */
const MAX_PROMPT_CHARACTERS = 100;

/** The ids under which a zag-ps in the background runs a command. */
export const DETACHED_VARIABLE = "ZAG_PS_DETACHED";

/** Who a command is started as. */
export interface LaunchOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** `claude`, `codex`, ...; the program's name unless given. */
  readonly provider?: string | undefined;
  /** The model; empty unless given. */
  readonly model?: string | undefined;
  /** A name for the session. */
  readonly name?: string | undefined;
  /** Tags for the session. */
  readonly tags?: readonly string[] | undefined;
  /** What the final result is checked against. */
  readonly exit?: ExitConstraints | undefined;
}

/** Where and when a command is started. */
export interface Surroundings {
  readonly id: string;
  readonly sessionId: string;
  /** The pid of the program that starts it. */
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The current folder. */
  readonly folder: string;
  /** The project that it is in; `null` for none. */
  readonly root: string | null;
  /** The session log. */
  readonly log: string;
  /** The name of the project's folder in the zag home. */
  readonly project: string;
  env(name: string): string | undefined;
}

/** All that is recorded of a launch. */
export interface Launch {
  readonly entry: ProcessEntry;
  readonly session: SessionEntry;
  readonly indexed: IndexedSession & { readonly started_at: string };
  /** The environment of the child; `undefined` takes a variable away. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Puts together what zag records of a command that it starts. */
export function planLaunch(
  options: LaunchOptions,
  around: Surroundings,
): Launch {
  const { command, model = "", name, tags = [], exit } = options;
  const { id, sessionId, pid, now, folder, root, log, project, env } = around;
  const provider = options.provider ?? nameProvider(command);
  const started_at = formatInstant(now);
  return {
    entry: {
      id,
      pid,
      session_id: sessionId,
      provider,
      model,
      command: "run",
      prompt: describeCommand(command),
      started_at,
      status: "running",
      exit_code: null,
      exited_at: null,
      root,
      parent_process_id: env(PROCESS_ID_MARKER) || null,
      parent_session_id: env("ZAG_SESSION_ID") || null,
    },
    // zag refuses the whole store if one of its fields is missing.
    session: {
      session_id: sessionId,
      provider,
      model,
      worktree_path: folder,
      worktree_name: "",
      created_at: started_at,
      provider_session_id: null,
      sandbox_name: null,
      is_worktree: false,
      discovered: false,
      discovery_source: null,
      log_path: log,
      log_completeness: "partial",
      name: name ?? null,
      description: null,
      tags,
      ...(exit === undefined ? {} : { exit }),
    } as SessionEntry,
    indexed: {
      session_id: sessionId,
      project,
      log_path: log,
      provider,
      started_at,
    },
    // What an outer agent's zag set must not be taken for this one's.
    env: {
      [PROCESS_ID_MARKER]: id,
      ZAG_PROVIDER: provider,
      ZAG_MODEL: model,
      ZAG_SESSION_ID: sessionId,
      ZAG_ROOT: root ?? undefined,
      ZAG_SESSION_NAME: name,
      [DETACHED_VARIABLE]: undefined,
    },
  };
}

/** The name of the agent that a command runs, by its program. */
export function nameProvider(command: readonly string[]): string {
  const facts = { args: command };
  const known = AGENT_PATTERNS.agents.find(({ provider }) =>
    // zag and docker count as any agent there.
    isAgentProgram(facts, provider) && !isAgentProgram(facts, "")
  );
  if (known !== undefined) return known.provider;
  const [program = ""] = findPrograms(facts);
  const name = program.split(/[/\\]/).at(-1) ?? "";
  return name.toLowerCase().replace(/\.(?:exe|cmd|[cm]?js)$/, "") || "unknown";
}

/** The beginning of a command, for a list of processes. */
function describeCommand(command: readonly string[]): string {
  const text = command.map((word) =>
    /^[\w@%+=:,./{}-]+$/.test(word)
      ? word
      : `'${word.replaceAll("'", `'\\''`)}'`
  ).join(" ");
  return [...text].slice(0, MAX_PROMPT_CHARACTERS).join("");
}

/** How a command ended. */
export type ProgramEnd =
  | { readonly code: number }
  | { readonly signal: string; readonly number: number };

/** What is said of an end. */
export interface Ending {
  readonly success: boolean;
  /** What a shell would say: the code, or 128 and the signal's number. */
  readonly exitCode: number;
  /** Why it is no success. */
  readonly error: string | null;
}

/**
 * Judges how a command ended.
 *
 * An agent that ends itself with an accepted result dies of the signal that
 * this sends: that is a success.
 */
export function judgeEnd(
  end: ProgramEnd,
  circumstances: { readonly timeLimit?: string; readonly hasResult: boolean },
): Ending {
  if (circumstances.hasResult) {
    return { success: true, exitCode: 0, error: null };
  }
  if (circumstances.timeLimit !== undefined) {
    const error = `the command was ended after ${circumstances.timeLimit}`;
    return { success: false, exitCode: 124, error };
  }
  if ("code" in end) {
    const success = end.code === 0;
    const error = success ? null : `the command ended with status ${end.code}`;
    return { success, exitCode: end.code, error };
  }
  return {
    success: false,
    exitCode: 128 + end.number,
    error: `the command was ended by ${end.signal}`,
  };
}

/** The members of an entry that its end changes. */
export function endMembers(
  { success, exitCode }: Ending,
  now: number,
): Pick<ProcessEntry, "status" | "exit_code" | "exited_at"> {
  return {
    status: success ? "exited" : "killed",
    exit_code: exitCode,
    exited_at: formatInstant(now),
  };
}
