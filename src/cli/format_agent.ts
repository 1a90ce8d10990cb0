import { formatBytes } from "../model/byte_size.ts";
import { formatDuration } from "../model/duration.ts";
import type { ProcessFacts } from "../model/process_facts.ts";
import type { SeenAgent } from "../model/seen_agent.ts";
import { describeSupervision } from "../model/untracked.ts";

/** What `show` adds for an agent that was seen, label and value. */
export function listSeen(
  agent: SeenAgent,
): [label: string, value: string | number | undefined][] {
  const { facts, launchers, recognition, ownership, supervision } = agent;
  const { role, confidence, evidence } = recognition;
  const pids = launchers.map(({ pid }) => pid).join(", ");
  return [
    ["Role", role],
    ["Known by", `${evidence.join("; ")} (confidence: ${confidence})`],
    ["Launchers", pids || undefined],
    ["Part of", agent.partOf],
    ["User", formatOwner(facts) || undefined],
    ["CPU time", facts.cpuMs && formatDuration(facts.cpuMs)],
    ["Memory", describeMemory(agent)],
    ["Orphan", agent.orphan],
    ["Ownership", `${ownership.kind}: ${ownership.reason}`],
    ["Left by", ownership.runUrl],
    ["Supervisor", supervision && describeSupervision(supervision)],
  ];
}

function describeMemory(
  { facts: { memoryBytes }, treeMemoryBytes }: SeenAgent,
): string | undefined {
  if (memoryBytes === undefined) return undefined;
  return `${formatBytes(memoryBytes)}, with all below it ${
    formatMemory(treeMemoryBytes) || "unknown"
  }`;
}

/** An amount of memory; empty where it is not known. */
export function formatMemory(bytes: number | undefined): string {
  return bytes === undefined ? "" : formatBytes(bytes);
}

/** The owner's name, or number; empty where it is not known. */
export function formatOwner({ owner, uid }: ProcessFacts): string {
  return owner ?? (uid === undefined ? "" : String(uid));
}
