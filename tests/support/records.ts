/** Entries of zag's files as zag writes them, with every field. */

/** The id of the agent that most tests are about. */
export const ID = "11111111-aaaa-4bbb-8ccc-000000000001";
/** The id of the bystander. */
export const OTHER_ID = "22222222-aaaa-4bbb-8ccc-000000000002";

/** An entry of the process store. */
export function makeEntry(
  fields: Record<string, unknown> & { pid: number },
): Record<string, unknown> {
  return {
    id: ID,
    session_id: null,
    provider: "claude",
    model: "opus",
    command: "run",
    prompt: "fix the tests",
    started_at: new Date().toISOString().replace("Z", "+00:00"),
    status: "running",
    exit_code: null,
    exited_at: null,
    root: null,
    parent_process_id: null,
    parent_session_id: null,
    ...fields,
  };
}

/** An entry of a session store. */
export function makeSession(
  fields: Record<string, unknown>,
): Record<string, unknown> {
  return {
    session_id: "session-1",
    provider: "claude",
    worktree_path: "/tmp/project",
    worktree_name: "project",
    created_at: "2026-11-22T10:00:00+00:00",
    provider_session_id: null,
    ...fields,
  };
}
