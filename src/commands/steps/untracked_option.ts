import type { ProcessEntry } from "../../model/process_entry.ts";
import { describeUnread } from "../../model/unread_facts.ts";
import type { Context } from "../context.ts";
import type { JudgedEntry } from "./judge.ts";
import type { AgentScan } from "./scan_agents.ts";

/** Whether agents that nobody recorded are meant, too, or they alone. */
export type Untracked = "include" | "only";

/**
 * Says of which of the agents the environment could not be read, unless the
 * look itself has said why.
 */
export function warnOfUnread(
  { warn }: Context,
  rows: readonly JudgedEntry[],
  scan: AgentScan | undefined,
): void {
  if (scan?.observation.limit !== undefined) return;
  const unread = describeUnread(
    rows.flatMap(({ agent }) => agent?.facts ?? []),
  );
  if (unread !== undefined) warn(unread);
}

/** Looks at every process, if agents that nobody recorded are meant. */
export async function scanIfAsked(
  context: Context,
  entries: readonly ProcessEntry[],
  untracked: Untracked | undefined,
): Promise<AgentScan | undefined> {
  if (untracked === undefined) return undefined;
  // Loaded only here: most runs do not look at every process.
  const { scanAgents } = await import("./scan_agents.ts");
  return await scanAgents(context, entries);
}
