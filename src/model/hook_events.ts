/** When the runner of a CI host calls a hook: before and after each job. */
export const HOOK_EVENTS = ["job-started", "job-completed"] as const;

/** One of {@linkcode HOOK_EVENTS}. */
export type HookEvent = typeof HOOK_EVENTS[number];

/** So long a hook may take: the runner itself sets it no limit. */
export const HOOK_DEADLINE_MS = 30_000;
