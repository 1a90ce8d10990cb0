import { formatIfDate } from "./instant.ts";
import type { Verdict } from "./liveness.ts";
import type { ProcessEntry } from "./process_entry.ts";
import type { SeenAgent, Supervision } from "./seen_agent.ts";

const PID_HANDLE = /^pid:([1-9]\d{0,9})$/;

/** The pid of a handle such as `pid:1234`; `undefined` for any other one. */
export function readPidHandle(handle: string): number | undefined {
  const digits = PID_HANDLE.exec(handle)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The handle of an agent that nobody recorded. */
export function formatPidHandle(pid: number): string {
  return `pid:${pid}`;
}

/**
 * An entry for an agent that nobody recorded, made of what was seen of it. It
 * is never written to the store: whoever writes has to ask whether an entry is
 * recorded.
 */
export function describeUntracked(agent: SeenAgent): ProcessEntry {
  const { facts, recognition } = agent;
  return {
    id: formatPidHandle(facts.pid),
    pid: facts.pid,
    provider: recognition.provider,
    model: "",
    command: recognition.role,
    started_at: formatIfDate(facts.startedAt) ?? "",
    status: "running",
    root: facts.folder ?? null,
  };
}

/** The judgement on an agent that was seen just now. */
export function judgeUntracked({ facts }: SeenAgent): Verdict {
  return {
    identity: "consistent",
    rule: "seen",
    reason: "it was seen running, nobody recorded it",
    liveStatus: "running",
    alive: true,
    facts,
  };
}

/**
 * Whether filters may choose an agent that nobody recorded: an agent that
 * works by itself, or what one has left behind. What belongs to a living
 * agent, a server and a supervisor have to be asked for by their role.
 */
export function standsAlone(
  { recognition: { role, confidence }, partOf, orphan }: SeenAgent,
): boolean {
  if (partOf !== undefined) return false;
  if (role === "agent") return true;
  // An MCP server that no agent is known to have started may be anybody's.
  return orphan !== undefined && confidence === "high" &&
    (role === "worker" || role === "helper");
}

/**
 * The processes of an agent itself, in the order in which they are signalled:
 * the real one first, then what started it, from the inside out.
 */
export function listOwnProcesses(agent: SeenAgent): SeenAgent["launchers"] {
  return [agent.facts, ...agent.launchers.toReversed()];
}

/** Programs that hold terminals: what runs in one is not theirs to start. */
const TERMINAL_HOLDERS: readonly string[] = ["tmux", "screen"];

/** What may start an agent again, and how it is ended properly, in words. */
export function describeSupervision(
  { kind, name, endWith }: Supervision,
): string {
  if (TERMINAL_HOLDERS.includes(kind)) {
    const end = endWith === undefined ? "" : `; ${endWith} ends that`;
    return `runs in ${kind} (${name}), and what runs there may start it again${end}`;
  }
  const end = endWith === undefined ? "" : `; ${endWith} ends it properly`;
  return `may be started again by ${kind} (${name})${end}`;
}
