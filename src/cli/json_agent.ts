import type { SeenAgent } from "../model/seen_agent.ts";

/** What was seen of an agent, for JSON: what is not known is `null`. */
export function toJsonAgent(agent: SeenAgent): Record<string, unknown> {
  const { facts, launchers, recognition, ownership, supervision } = agent;
  const { runner, run, job, runUrl } = ownership;
  return {
    ci: {
      job: job ?? null,
      run: run ?? null,
      run_url: runUrl ?? null,
      runner: runner ?? null,
    },
    confidence: recognition.confidence,
    cpu_ms: facts.cpuMs ?? null,
    evidence: recognition.evidence,
    folder: facts.folder ?? null,
    launcher_pids: launchers.map(({ pid }) => pid),
    memory_bytes: facts.memoryBytes ?? null,
    orphan: agent.orphan !== undefined,
    orphan_reason: agent.orphan ?? null,
    ownership: ownership.kind,
    ownership_reason: ownership.reason,
    part_of: agent.partOf ?? null,
    process_pid: facts.pid,
    role: recognition.role,
    supervision: supervision === undefined ? null : {
      end_with: supervision.endWith ?? null,
      kind: supervision.kind,
      name: supervision.name,
    },
    tree_memory_bytes: agent.treeMemoryBytes ?? null,
    uid: facts.uid ?? null,
    user: facts.owner ?? null,
  };
}
