import { parseInstant } from "./instant.ts";
import type { SessionEntry } from "./session_entry.ts";

/** What a session was called by whoever launched it. */
export interface SessionLabels {
  /** Its name. */
  readonly name: string | undefined;
  /** Its tags. */
  readonly tags: readonly string[];
}

/**
 * The name and the tags of a session. They are read with leniency: they
 * decide nothing about a result, and zag writes neither for most sessions.
 */
export function readLabels(session: SessionEntry): SessionLabels {
  const { name, tags } = session as { name?: unknown; tags?: unknown };
  return {
    name: typeof name === "string" && name !== "" ? name : undefined,
    tags: Array.isArray(tags)
      ? tags.filter((tag) => typeof tag === "string")
      : [],
  };
}

/** When a session was made, for the order of sessions with one name. */
export function readCreation(session: SessionEntry): number {
  const { created_at } = session as { created_at?: unknown };
  const instant = typeof created_at === "string"
    ? parseInstant(created_at)
    : undefined;
  return instant === undefined ? -Infinity : instant.seconds;
}
