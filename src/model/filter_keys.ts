/**
 * What entries can be selected by: one table. The parser, the help, the
 * documentation's test and completions are made from it, so a new key is one
 * more row here.
 */

import { type Family, findAncestors, findParents } from "./ancestors.ts";
import type { Identity } from "./identity.ts";
import { parseMilliseconds } from "./instant.ts";
import type { LiveStatus, Verdict } from "./liveness.ts";
import type { ProcessEntry } from "./process_entry.ts";
import type { AgentRole, OwnershipKind, SeenAgent } from "./seen_agent.ts";
import type { SessionLabels } from "./session_labels.ts";

/**
 * Where a fact comes from, the cheapest first: the store, the look at the
 * processes of the entries, the look at all processes, the session stores, the
 * session log.
 */
export const SOURCES = [
  "store",
  "processes",
  "machine",
  "sessions",
  "log",
] as const;

/** One of {@linkcode SOURCES}. */
export type Source = typeof SOURCES[number];

/** An entry with the facts that were loaded for it. */
export interface Subject {
  /** The entry. */
  readonly entry: ProcessEntry;
  /** The present, milliseconds since 1970. */
  readonly now: number;
  /** All entries of the store. */
  readonly family: () => Family;
  /** Follows the links of a path; `undefined` if nothing is there. */
  readonly realPath: (path: string) => string | undefined;
  /** Facts of `processes`. */
  readonly verdict?: Verdict | undefined;
  /** Of `machine`; absent where no process is, or where it is not seen. */
  readonly agent?: SeenAgent | undefined;
  /** Of `sessions`: what the session is called; absent if none was found. */
  readonly labels?: SessionLabels | undefined;
  /**
   * Of `sessions`: zag's own and the provider's id of the session, as far as
   * there are; absent where a store that cannot be read may hold them.
   */
  readonly sessionIds?: readonly string[] | undefined;
  /** A fact of `log`; `undefined` where the log cannot be read. */
  readonly finished?: boolean | undefined;
}

/** A fact: a length of time, or the texts that hold. */
export type Fact = number | {
  readonly texts: readonly string[];
  /** Others may hold, too: then nothing can be said not to. */
  readonly partial?: boolean;
};

/**
 * How values are compared.
 *
 * - `text`: the same text
 * - `label`: the same text, in any case
 * - `word`: one of the known values
 * - `id`: the same process id, or its beginning of at least 4 characters;
 * `self` is the agent's own; `pid:1234` is meant as a whole
 * - `session`: likewise, a session's id
 * - `path`: the same folder, or one above
 * - `duration`: shorter or longer
 */
export type ValueKind =
  | "text"
  | "label"
  | "word"
  | "id"
  | "session"
  | "path"
  | "duration";

/** One key. */
export interface FilterKey {
  readonly key: string;
  readonly kind: ValueKind;
  /** One line of help. */
  readonly help: string;
  /** The values that there are, for a `word`. */
  readonly values?: readonly string[];
  /** What has to be loaded first. */
  readonly source: Source;
  /** The fact; `undefined` where it is not known, then no term matches. */
  readonly read: (subject: Subject) => Fact | undefined;
}

const STATUSES: Readonly<Record<LiveStatus, true>> = {
  running: true,
  dead: true,
  exited: true,
  killed: true,
  unknown: true,
};

const IDENTITIES: Readonly<Record<Identity, true>> = {
  verified: true,
  consistent: true,
  unverified: true,
  recycled: true,
  dead: true,
  invalid: true,
  unseen: true,
};

const ROLES: Readonly<Record<AgentRole, true>> = {
  agent: true,
  worker: true,
  server: true,
  helper: true,
  supervisor: true,
};

const OWNERSHIPS: Readonly<Record<OwnershipKind, true>> = {
  "this-job": true,
  leftover: true,
  detached: true,
  "other-runner": true,
  person: true,
  unknown: true,
};

/** Every key, in the order of the help. */
export const FILTER_KEYS: readonly FilterKey[] = [
  {
    key: "id",
    kind: "id",
    help: "The process id, or self",
    source: "store",
    read: ({ entry }) => asFact(entry.id),
  },
  {
    key: "status",
    kind: "word",
    help: "The status that list shows",
    values: Object.keys(STATUSES),
    source: "processes",
    read: ({ verdict }) =>
      verdict && {
        texts: [verdict.liveStatus],
        partial: verdict.identity === "unseen" &&
          verdict.liveStatus === "unknown",
      },
  },
  {
    key: "provider",
    kind: "text",
    help: "claude, codex, gemini, ...",
    source: "store",
    read: ({ entry }) => asFact(entry.provider),
  },
  {
    key: "model",
    kind: "text",
    help: "The model, as list shows it",
    source: "store",
    read: ({ entry }) => asFact(entry.model),
  },
  {
    key: "command",
    kind: "text",
    help: "run, exec, review, plan, ...",
    source: "store",
    read: ({ entry }) => asFact(entry.command),
  },
  {
    key: "session",
    kind: "session",
    help: "The session id, zag's or the provider's, or self",
    source: "sessions",
    read: ({ entry, sessionIds }) =>
      typeof entry.session_id === "string"
        ? {
          texts: [entry.session_id, ...sessionIds ?? []],
          partial: sessionIds === undefined,
        }
        : undefined,
  },
  {
    key: "name",
    kind: "text",
    help: "The name of its session",
    source: "sessions",
    read: ({ labels }) =>
      labels && { texts: labels.name === undefined ? [] : [labels.name] },
  },
  {
    key: "tag",
    kind: "label",
    help: "A tag of its session, in any case",
    source: "sessions",
    read: ({ labels }) => labels && { texts: labels.tags },
  },
  {
    key: "root",
    kind: "path",
    help: "Its root is this folder or below it",
    source: "store",
    read: ({ entry }) => asFact(entry.root),
  },
  {
    key: "parent",
    kind: "id",
    help: "The process or session id that started it, or self",
    source: "store",
    read: ({ entry }) => {
      const texts = findParents(entry);
      return texts && { texts };
    },
  },
  {
    key: "ancestor",
    kind: "id",
    help: "Likewise, or what started that one, and so on",
    source: "store",
    read: ({ entry, family }) => {
      const { ids, complete } = findAncestors(entry, family());
      return { texts: ids, partial: !complete };
    },
  },
  {
    key: "age",
    kind: "duration",
    help: "The time since it was started: 90s, 15m, 2h, 1d, 1h30m",
    source: "store",
    read: ({ entry, now }) => {
      const started = parseMilliseconds(entry.started_at);
      return started === undefined ? undefined : now - started;
    },
  },
  {
    key: "finished",
    kind: "word",
    help:
      "It lives, and for 60s its log, or the state that it writes itself, has a result or an end and nothing after it",
    values: ["true", "false"],
    source: "log",
    read: ({ finished }) => asFact(finished?.toString()),
  },
  {
    key: "identity",
    kind: "word",
    help: "How sure it is that the process is the one recorded, see explain",
    values: Object.keys(IDENTITIES),
    source: "processes",
    read: ({ verdict }) =>
      verdict && {
        texts: [verdict.identity],
        partial: verdict.identity === "unseen",
      },
  },
  {
    key: "role",
    kind: "word",
    help: "What the process does",
    values: Object.keys(ROLES),
    source: "machine",
    read: ({ agent }) => asFact(agent?.recognition.role),
  },
  {
    key: "orphan",
    kind: "word",
    help: "It lives, and what started it is gone",
    values: ["true", "false"],
    source: "machine",
    read: ({ agent }) => agent && asFact(String(agent.orphan !== undefined)),
  },
  {
    key: "ownership",
    kind: "word",
    help: "Whose it is on a host of CI jobs",
    values: Object.keys(OWNERSHIPS),
    source: "machine",
    read: ({ agent }) => asFact(agent?.ownership.kind),
  },
  {
    key: "ci.runner",
    kind: "text",
    help: "The name of the runner whose job started it",
    source: "machine",
    read: ({ agent }) => asFact(agent?.ownership.runner),
  },
  {
    key: "ci.run",
    kind: "text",
    help: "The id of the workflow run that started it",
    source: "machine",
    read: ({ agent }) => asFact(agent?.ownership.run),
  },
  {
    key: "ci.job",
    kind: "text",
    help: "The job of the workflow that started it",
    source: "machine",
    read: ({ agent }) => asFact(agent?.ownership.job),
  },
];

/** zag writes nothing for what it does not know, or an empty text. */
function asFact(text: string | null | undefined): Fact | undefined {
  return text ? { texts: [text] } : undefined;
}
