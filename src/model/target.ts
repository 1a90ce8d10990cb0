import type { BadEntry } from "./decode.ts";
import { ZagPsError } from "./errors.ts";
import { say } from "./escape.ts";
import type { ProcessStore, StoredEntry } from "./process_entry.ts";
import { PROCESS_ID_MARKER } from "./process_facts.ts";

/** Fewer characters than this are taken for a full id only. */
export const MIN_PREFIX_LENGTH = 4;

/** How many candidates of an ambiguous prefix are listed. */
const MAX_CANDIDATES = 10;

/**
 * Replaces `self` by the id in the environment.
 *
 * @throws {ZagPsError} `not-found` if `self` is asked for outside an agent
 */
export function resolveSelf(
  handle: string,
  env: (name: string) => string | undefined,
): string {
  if (handle !== "self") return handle;
  const id = env(PROCESS_ID_MARKER);
  if (id) return id;
  throw new ZagPsError(
    "not-found",
    'Cannot resolve "self": ZAG_PROCESS_ID is not set. Are you running inside a zag session?',
  );
}

/**
 * Replaces `self` by the session in the environment.
 *
 * @throws {ZagPsError} `not-found` if `self` is asked for outside a session
 */
export function resolveOwnSession(
  handle: string,
  env: (name: string) => string | undefined,
): string {
  if (handle !== "self") return handle;
  const id = env("ZAG_SESSION_ID");
  if (id) return id;
  throw new ZagPsError(
    "not-found",
    'Cannot resolve "self": ZAG_SESSION_ID is not set. Are you running inside a zag session?',
  );
}

/**
 * Finds the entry that a handle means: the full id (the first of several), or
 * the only one that begins with it.
 *
 * @param store the decoded process store
 * @param handle an id, a prefix of at least {@linkcode MIN_PREFIX_LENGTH}
 * characters, or `self`
 * @param env reads an environment variable
 * @throws {ZagPsError} `not-found`, or `ambiguous` with the candidates
 */
export function findTarget(
  store: ProcessStore,
  handle: string,
  env: (name: string) => string | undefined,
): StoredEntry {
  const id = resolveSelf(handle, env);
  const exact = store.entries.find(({ entry }) => entry.id === id);
  // Of several entries with one id the first is meant, readable or not.
  const damaged = findDamaged(store, id);
  if (damaged !== undefined && !(damaged.index > (exact?.index ?? Infinity))) {
    throw notFound(store, id);
  }
  if (exact !== undefined) return exact;
  // An id out of the environment is a full one.
  const candidates = handle === "self" ? [] : findByPrefix(store, id);
  const [only, ...others] = candidates;
  if (only === undefined) throw notFound(store, id);
  if (others.length === 0) return only;
  const lines = candidates.slice(0, MAX_CANDIDATES).map(({ entry }) =>
    say`  ${entry.id}  ${entry.provider}  ${entry.status}  ${entry.started_at}`
  );
  const more = candidates.length - lines.length;
  if (more > 0) lines.push(`  and ${more} more`);
  throw new ZagPsError(
    "ambiguous",
    say`Process id "${id}" is ambiguous, it fits ${candidates.length} entries:` +
      `\n${lines.join("\n")}\nGive more characters of the id`,
  );
}

/** The entries, one for each id, whose id begins with a text. */
export function findByPrefix(
  store: ProcessStore,
  prefix: string,
): StoredEntry[] {
  if (prefix.length < MIN_PREFIX_LENGTH) return [];
  const byId = new Map<string, StoredEntry>();
  for (const stored of store.entries) {
    const { id } = stored.entry;
    if (id.startsWith(prefix) && !byId.has(id)) byId.set(id, stored);
  }
  return [...byId.values()];
}

function findDamaged(store: ProcessStore, id: string): BadEntry | undefined {
  return store.bad.find(({ raw }) =>
    typeof raw === "object" && raw !== null &&
    (raw as { id?: unknown }).id === id
  );
}

function notFound(store: ProcessStore, id: string): ZagPsError {
  const damaged = findDamaged(store, id);
  const message = say`Process not found: ${id}`;
  return new ZagPsError(
    "not-found",
    damaged === undefined ? message : message +
      say`\nEntry ${damaged.index} of the store has this id, but cannot be read: ${damaged.reason}`,
  );
}
