import type { ProcessFacts } from "./process_facts.ts";

/**
 * What a process of an agent does.
 *
 * - `agent`: it works for a person or a task
 * - `worker`: an inner process of an agent, which does a part of its work
 * - `server`: it serves other programs, such as `codex app-server`
 * - `helper`: a program that an agent started to serve it, such as an MCP
 * server
 * - `supervisor`: it keeps others running, such as `claude daemon`
 */
export type AgentRole =
  | "agent"
  | "worker"
  | "server"
  | "helper"
  | "supervisor";

/**
 * How sure it is that a process runs an agent: `high` by a mark, by the folder
 * of its program or by two signs, `medium` by its name alone.
 */
export type Confidence = "high" | "medium";

/** A process that runs an agent, or a part of one. */
export interface Recognition {
  /** `claude`, `codex`, ...: an open set. */
  readonly provider: string;
  /** What it does. */
  readonly role: AgentRole;
  /** It only starts the real process, which is its child. */
  readonly launcher: boolean;
  /** It may start itself anew and wait: of two alike the parent is a launcher. */
  readonly relaunches?: true | undefined;
  /** How sure that is. */
  readonly confidence: Confidence;
  /** The facts that decided, in words. */
  readonly evidence: readonly string[];
}

/** A rule that was tried on a process. */
export interface Trial {
  /** The name of the rule; docs/recognition.md lists them. */
  readonly rule: string;
  /** Whether what the rule is named after was found. */
  readonly fits: boolean;
  /** The fact that decided, in words. */
  readonly why: string;
}

/** What the rules say of a process. */
export interface Examination {
  /** `undefined` for what is no agent. */
  readonly recognition: Recognition | undefined;
  /**
   * What a process is that no agent is known to have started, if it turns out
   * to be an orphan: agents leave their helpers behind.
   */
  readonly stray?: Recognition | undefined;
  /**
   * What a process with a shared name is if what it started is surely the
   * agent: that is its second sign.
   */
  readonly starting?: Recognition | undefined;
  /** Every rule that was tried, in order. */
  readonly trials: readonly Trial[];
}

/** A program that may start an agent again when it ends. */
export interface Supervision {
  /** `systemd`, `pm2`, `tmux`, `claude daemon`, ... */
  readonly kind: string;
  /** The unit, the pane, ...: what it is called there. */
  readonly name: string;
  /** The command that ends it properly; absent where there is none. */
  readonly endWith?: string | undefined;
}

/**
 * Whose a process is, on a host that runs CI jobs.
 *
 * - `this-job`: the job that zag-ps runs in started it
 * - `leftover`: an earlier job of the same runner did
 * - `detached`: a job of the same runner did, and took its tracking id away on
 * purpose
 * - `other-runner`: a job of another runner did, which may still go on
 * - `person`: no job did
 * - `unknown`: its environment does not tell
 */
export type OwnershipKind =
  | "this-job"
  | "leftover"
  | "detached"
  | "other-runner"
  | "person"
  | "unknown";

/** Whose a process is, and what its job says of itself. */
export interface Ownership {
  /** Whose it is. */
  readonly kind: OwnershipKind;
  /** The facts that decided, in words. */
  readonly reason: string;
  /** The name of the runner. */
  readonly runner?: string | undefined;
  /** The id of the workflow run. */
  readonly run?: string | undefined;
  /** The job, as the workflow names it. */
  readonly job?: string | undefined;
  /** The page of the workflow run. */
  readonly runUrl?: string | undefined;
}

/** An agent that was seen on the machine, recorded or not. */
export interface SeenAgent {
  /** The real process. */
  readonly facts: ProcessFacts;
  /** What only started it and still is there, the outermost first. */
  readonly launchers: readonly ProcessFacts[];
  /** What it was recognised as. */
  readonly recognition: Recognition;
  /** The pid of the agent that it is a part or a helper of. */
  readonly partOf: number | undefined;
  /** Resident memory of it, its launchers and all below them, in bytes. */
  readonly treeMemoryBytes: number | undefined;
  /** Why it is an orphan, in words; `undefined` if it is none. */
  readonly orphan: string | undefined;
  /** What may start it again; `undefined` if nothing is known to. */
  readonly supervision: Supervision | undefined;
  /** Whose it is. */
  readonly ownership: Ownership;
  /** Where it writes its own state, if its manual names the place. */
  readonly stateFile?: string | undefined;
}
