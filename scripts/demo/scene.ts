/**
 * Who takes part in the demo: two agents at work and one that is gone.
 *
 * @module
 */

import { randomUUID } from "node:crypto";
import type { Agent, Children } from "./children.ts";
import type { ZagHome } from "./zag_home.ts";

/** A result that breaks the schema of the agent's session. */
export const WRONG_RESULT = '{"tests_run": "all of them"}';
/** A result that fits. */
export const RIGHT_RESULT =
  '{"summary": "Rounded once, at the end", "tests_run": 128}';

const ROOT = "/srv/shop";
const EXIT = {
  hint: "A summary, and how many tests were run",
  schema: {
    type: "object",
    required: ["summary", "tests_run"],
    properties: {
      summary: { type: "string" },
      tests_run: { type: "integer" },
    },
  },
};

/** What the demo plays with. */
export interface Scene {
  /** The agent that has to end with a result. */
  agent: Agent;
  /** Its id in the process store. */
  id: string;
  /** Its session log, from the zag home. */
  log: string;
  /** The agent that nobody means. */
  bystander: Agent;
}

/** Starts the agents and records them as zag does. */
export async function setScene(
  children: Children,
  home: ZagHome,
): Promise<Scene> {
  const [id, bystanderId, session] = [randomUUID(), randomUUID(), randomUUID()];
  const [agent, bystander, lost] = await Promise.all([
    children.startAgent({
      ZAG_PROCESS_ID: id,
      ZAG_SESSION_ID: session,
      ZAG_PROVIDER: "claude",
      ZAG_MODEL: "opus",
      ZAG_ROOT: ROOT,
    }),
    children.startAgent({
      ZAG_PROCESS_ID: bystanderId,
      ZAG_PROVIDER: "codex",
      ZAG_MODEL: "gpt-5",
    }),
    children.startAgent({}),
  ]);
  await lost.end();
  home.writeProcesses([
    {
      id: randomUUID(),
      pid: lost.pid,
      session_id: null,
      provider: "gemini",
      model: "pro",
      command: "run",
      prompt: "Translate the manual into French",
      minutes: 95,
      root: null,
    },
    {
      id: bystanderId,
      pid: bystander.pid,
      session_id: null,
      provider: "codex",
      model: "gpt-5",
      command: "run",
      prompt: "Review the open changes",
      minutes: 0.1,
      root: null,
    },
    {
      id,
      pid: agent.pid,
      session_id: session,
      provider: "claude",
      model: "opus",
      command: "exec",
      prompt: "Find the rounding error in the invoices",
      minutes: 0,
      root: ROOT,
    },
  ]);
  const log = home.writeSession({
    session_id: session,
    provider: "claude",
    root: ROOT,
    exit: EXIT,
  });
  return { agent, id, log, bystander };
}
