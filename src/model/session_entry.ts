import * as v from "valibot";
import { parseZagFile, readArray } from "./decode.ts";
import type { ExitConstraints } from "./exit_result.ts";
import { describeIssue } from "./process_entry.ts";

/** What zag-ps needs of a session (contract, section 3). */
export interface SessionEntry {
  /** zag's own id of the session. */
  readonly session_id: string;
  /** `claude`, `codex`, ... */
  readonly provider: string;
  /** The agent's own id of the session. */
  readonly provider_session_id?: string | null | undefined;
  /** The session log, where it is not at the default place. */
  readonly log_path?: string | null | undefined;
  /** What a final result is checked against; absent: nothing. */
  readonly exit?: ExitConstraints | null | undefined;
}

const optionalText = v.optional(v.nullable(v.string()));

/** valibot schema of a session: loose, the rest is left untouched. */
export const SessionEntrySchema: v.GenericSchema<unknown, SessionEntry> = v
  .looseObject({
    session_id: v.string(),
    provider: v.string(),
    provider_session_id: optionalText,
    log_path: optionalText,
    exit: v.optional(v.nullable(v.pipe(
      v.unknown(),
      // To looseObject an array is an object without any of the keys.
      v.check(
        (value) => !Array.isArray(value),
        "Invalid type: Expected Object but received Array",
      ),
      v.looseObject({
        hint: optionalText,
        json_mode: v.optional(v.boolean()),
        schema: v.optional(v.unknown()),
      }),
    ))),
  }) as v.GenericSchema<unknown, SessionEntry>;

/** A session that zag-ps cannot understand, with what can be told of it. */
export interface BadSession {
  /** Its place in the array, from 0. */
  readonly index: number;
  /** What is wrong with it. */
  readonly reason: string;
  /** Those of its strings that could be read. */
  readonly known: {
    readonly session_id?: string;
    readonly provider?: string;
    readonly provider_session_id?: string;
    readonly log_path?: string;
  };
}

/** A session store: what could be read of it, and what could not. */
export interface SessionStore {
  /** The sessions in file order. */
  readonly sessions: readonly SessionEntry[];
  /** Sessions that zag-ps cannot read; they stay in the file. */
  readonly bad: readonly BadSession[];
}

/**
 * Decodes the text of a `sessions.json`.
 *
 * @throws {ZagPsError} `store` if the file cannot be parsed or has no
 * `sessions` array
 */
export function decodeSessionStore(
  content: string,
  path: string,
): SessionStore {
  const list = readArray(parseZagFile(content, path), "sessions", path);
  const sessions: SessionEntry[] = [];
  const bad: BadSession[] = [];
  list.forEach((raw, index) => {
    const parsed = v.safeParse(SessionEntrySchema, raw);
    // The parsed copy leaves keys such as `__proto__` out of a schema: keep
    // the original.
    if (parsed.success) sessions.push(raw as SessionEntry);
    else {
      const reason = describeIssue(parsed.issues[0]);
      bad.push({ index, reason, known: pickStrings(raw) });
    }
  });
  return { sessions, bad };
}

function pickStrings(raw: unknown): BadSession["known"] {
  if (typeof raw !== "object" || raw === null) return {};
  const keys = [
    "session_id",
    "provider",
    "provider_session_id",
    "log_path",
  ] as const;
  const known: Partial<Record<typeof keys[number], string>> = {};
  for (const key of keys) {
    const value = (raw as Record<string, unknown>)[key];
    if (Object.hasOwn(raw, key) && typeof value === "string") {
      known[key] = value;
    }
  }
  return known;
}

/** A line of the index of sessions that have a log. */
export interface IndexedSession {
  /** zag's own id of the session. */
  readonly session_id: string;
  /** The name of the project's folder. */
  readonly project: string;
  /** The session log. */
  readonly log_path: string;
  /** `claude`, `codex`, ... */
  readonly provider: string;
}

const IndexedSessionSchema: v.GenericSchema<unknown, IndexedSession> = v
  .looseObject({
    session_id: v.string(),
    project: v.string(),
    log_path: v.string(),
    provider: v.string(),
  });

/**
 * Decodes `sessions_index.json`; lines of another shape are passed over.
 *
 * @throws {ZagPsError} `store` if the file cannot be parsed
 */
export function decodeSessionIndex(
  content: string,
  path: string,
): readonly IndexedSession[] {
  return readArray(parseZagFile(content, path), "sessions", path)
    .filter((raw): raw is IndexedSession => v.is(IndexedSessionSchema, raw));
}
