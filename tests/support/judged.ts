import type { JudgedEntry } from "../../src/commands/steps/judge.ts";
import type { Verdict } from "../../src/model/liveness.ts";
import type { ProcessEntry } from "../../src/model/process_entry.ts";

/** An entry and the judgement on it, to be rendered. */
export function judge(
  fields: Partial<ProcessEntry> = {},
  verdict: Partial<Verdict> = {},
): JudgedEntry {
  return {
    entry: {
      id: "f47ac10b-58cc-4372-a567-0e02b2c3d479",
      pid: 4321,
      provider: "claude",
      model: "opus",
      command: "run",
      prompt: "say hello",
      started_at: "2026-11-22T10:00:00.123456+00:00",
      status: "running",
      ...fields,
    },
    verdict: {
      liveStatus: "running",
      alive: true,
      identity: "verified",
      reason: "the mark is there",
      rule: "marker",
      facts: undefined,
      ...verdict,
    },
  };
}
