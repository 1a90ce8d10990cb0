import type { Choice } from "./choose_agents.ts";
import type { Context } from "./context.ts";
import { endAgents } from "./steps/end_agents.ts";
import type { EndOptions } from "./steps/end_options.ts";
import type { EndReport } from "./steps/report_end.ts";

/** How to stop agents. */
export type StopAgentsOptions = Omit<EndOptions, "first" | "named">;

/**
 * Asks agents to stop, with SIGHUP, and goes on to SIGTERM and SIGKILL where a
 * timeout is given. The store is left as it is.
 *
 * @throws {ZagPsError} before anything is signalled: `refused`, `unseen`
 */
export async function stopAgents(
  context: Context,
  { agents, named }: Choice,
  options: StopAgentsOptions,
): Promise<EndReport[]> {
  return await endAgents(context, agents, {
    ...options,
    first: "SIGHUP",
    named,
  });
}
