/**
 * The throw-away zag home of the demo, written as zag writes it.
 *
 * @module
 */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What the demo says of an agent in `processes.json`. */
export interface Recorded {
  id: string;
  pid: number;
  session_id: string | null;
  provider: string;
  model: string;
  command: string;
  prompt: string;
  /** How long ago it started. */
  minutes: number;
  root: string | null;
}

/** A session whose agent has to end with a result. */
export interface Constrained {
  session_id: string;
  provider: string;
  root: string;
  exit: { hint: string; schema: unknown };
}

/** A zag home that is removed in the end. */
export class ZagHome {
  /** Where it is. */
  readonly path: string = mkdtempSync(join(tmpdir(), "zag-ps-demo-"));

  /** Writes the process store. */
  writeProcesses(agents: readonly Recorded[]): void {
    const processes = agents.map(({ minutes, ...agent }) => ({
      id: agent.id,
      pid: agent.pid,
      session_id: agent.session_id,
      provider: agent.provider,
      model: agent.model,
      command: agent.command,
      prompt: agent.prompt,
      started_at: formatTime(Date.now() - minutes * 60_000),
      status: "running",
      exit_code: null,
      exited_at: null,
      root: agent.root,
      parent_process_id: null,
      parent_session_id: null,
    }));
    this.#write("processes.json", format({ processes }));
  }

  /**
   * Writes a session into the store of its project, and begins its log.
   *
   * @returns The log, from the zag home.
   */
  writeSession({ session_id, provider, root, exit }: Constrained): string {
    const project = `projects/${root.replace(/^\/+/, "").replaceAll("/", "-")}`;
    const now = formatTime(Date.now());
    const session = {
      session_id,
      provider,
      worktree_path: root,
      worktree_name: "",
      created_at: now,
      exit: { ...exit, json_mode: false },
    };
    this.#write(`${project}/sessions.json`, format({ sessions: [session] }));
    const started = {
      seq: 0,
      ts: now,
      provider,
      wrapper_session_id: session_id,
      provider_session_id: null,
      source_kind: "wrapper",
      completeness: "full",
      type: "session_started",
      command: "exec",
      model: null,
      cwd: root,
      resumed: false,
      backfilled: false,
    };
    const log = `${project}/logs/sessions/${session_id}.jsonl`;
    this.#write(log, `${JSON.stringify(started)}\n`);
    return log;
  }

  /** The lines of a log, parsed. */
  readLog(log: string): Record<string, unknown>[] {
    return readFileSync(join(this.path, log), "utf8").trimEnd().split("\n")
      .map((line) => JSON.parse(line));
  }

  /** Removes it. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
    if (existsSync(this.path)) throw new Error(`"${this.path}" is still there`);
  }

  #write(name: string, content: string): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

function format(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** zag writes nanoseconds and a numeric zone. */
function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "000000+00:00");
}
