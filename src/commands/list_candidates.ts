import type { ProcessEntry } from "../model/process_entry.ts";
import { escapeControls } from "../model/escape.ts";
import {
  FILTER_KEYS,
  type FilterKey,
  type Subject,
} from "../model/filter_keys.ts";
import { parseMilliseconds } from "../model/instant.ts";
import { sortNewestFirst } from "../model/newest_first.ts";
import { PROCESS_ID_MARKER } from "../model/process_facts.ts";
import { readLabels } from "../model/session_labels.ts";
import { formatPidHandle, standsAlone } from "../model/untracked.ts";
import type { Context } from "./context.ts";
import { type JudgedEntry, judgeEntries } from "./steps/judge.ts";
import { readStore } from "./steps/read_store.ts";
import { openSessions, type SessionLookup } from "./steps/session_lookup.ts";

/** More than these are no help at the prompt. */
const MAX_CANDIDATES = 100;

/** How the handle of an agent begins that nobody recorded. */
const PID_LEAD = formatPidHandle(0).slice(0, -1);

/** Longer texts are typed by nobody. */
const MAX_LENGTH = 200;

/**
 * The lists there are: `process` are the ids of processes, and the names of
 * their sessions; `running` likewise, of those that run. `agent` and `running`
 * have agents that nobody recorded, too, once a `p` is typed: then every
 * process is looked at. The others are the values that a key of the filters
 * has.
 */
export const CANDIDATE_LISTS: readonly string[] = [
  "process",
  "agent",
  "running",
  ...FILTER_KEYS.map(({ key }) => key),
];

/** What a word of a command line may go on as. */
export interface Candidate {
  /** The word. */
  readonly value: string;
  /** What the value is: an entry's id, a session's name, or a fact. */
  readonly what: "id" | "name" | "fact";
  /** How many entries have it. */
  readonly count: number;
  /** The newest entry that has it. */
  readonly newest?: JudgedEntry | undefined;
  /** How long ago that one was started, in milliseconds. */
  readonly ageMs?: number | undefined;
}

/**
 * What a completion can offer. Changes nothing. A text that could act on a
 * terminal, or be taken for an option, is not offered.
 *
 * @param list one of {@linkcode CANDIDATE_LISTS}
 * @param prefix what was typed so far
 * @returns the candidates that begin with it, those of the newest entries
 * first
 */
export async function listCandidates(
  context: Context,
  list: string,
  prefix: string,
): Promise<Candidate[]> {
  const entries = sortNewestFirst(
    readStore(context).entries.map(({ entry }) => entry),
  );
  const fits = (text: string) => text.startsWith(prefix) && isTypable(text);
  const key = FILTER_KEYS.find((row) => row.key === list);
  if (key === undefined) {
    const recorded = await listProcesses(
      context,
      entries,
      list === "running",
      fits,
    );
    const asksForPids = list !== "process" && prefix !== "" &&
      (prefix.startsWith(PID_LEAD) || PID_LEAD.startsWith(prefix));
    return asksForPids
      ? [...recorded, ...await listUntracked(context, entries, fits)]
      : recorded;
  }
  if (key.kind === "id") {
    const found = await listIds(context, entries, fits);
    return found.slice(0, MAX_CANDIDATES);
  }
  if (key.values !== undefined) {
    return key.values.filter(fits)
      .map((value) => ({ value, what: "fact", count: 0 }));
  }
  const facts = key.source === "machine"
    ? await listSeenFacts(context, entries, key)
    : listFacts(context, entries, key);
  return facts.filter(({ value }) => fits(value)).slice(0, MAX_CANDIDATES);
}

function isTypable(text: string): boolean {
  return text !== "" && text.length <= MAX_LENGTH && !text.startsWith("-") &&
    escapeControls(text) === text;
}

/** Ids first, then the names of sessions. */
async function listProcesses(
  context: Context,
  entries: readonly ProcessEntry[],
  running: boolean,
  fits: (text: string) => boolean,
): Promise<Candidate[]> {
  const ids = running
    ? await listIds(context, entries, () => true, "running")
    : await listIds(context, entries, fits);
  const sessions = openSessions(context);
  const names = new Map<string, Candidate>();
  // Of what has ended only the newest are looked up: it is their name that
  // is remembered.
  const named = running
    ? ids
    : await listIds(context, entries.slice(0, MAX_CANDIDATES), () => true);
  for (const candidate of named) {
    const name = findName(candidate.newest, sessions);
    if (name === undefined || !fits(name)) continue;
    const first = names.get(name) ?? { ...candidate, value: name, count: 0 };
    names.set(name, { ...first, what: "name", count: first.count + 1 });
  }
  return [
    ...ids.filter(({ value }) => fits(value)).slice(0, MAX_CANDIDATES),
    ...[...names.values()].slice(0, MAX_CANDIDATES),
  ];
}

function findName(
  newest: JudgedEntry | undefined,
  sessions: SessionLookup,
): string | undefined {
  const found = newest && sessions.find(newest.entry);
  return found === undefined || found === "unreadable"
    ? undefined
    : readLabels(found.session).name;
}

/** The ids of entries, each once, and `self` inside an agent. */
async function listIds(
  context: Context,
  entries: readonly ProcessEntry[],
  fits: (text: string) => boolean,
  status?: string,
): Promise<Candidate[]> {
  const byId = new Map<string, ProcessEntry>();
  const { system } = context;
  const own = system.env(PROCESS_ID_MARKER);
  for (const entry of entries) {
    const isFull = status === undefined && byId.size >= MAX_CANDIDATES;
    const wanted = entry.id === own || !isFull && fits(entry.id);
    if (wanted && !byId.has(entry.id)) byId.set(entry.id, entry);
  }
  const judged = await judgeEntries(context, [...byId.values()]);
  const now = system.now();
  const candidates = judged
    .filter(({ verdict }) =>
      status === undefined || verdict.liveStatus === status
    )
    .map((newest): Candidate => {
      const ageMs = readAge(newest.entry, now);
      return { value: newest.entry.id, what: "id", count: 1, newest, ageMs };
    });
  const self = candidates.find(({ value }) => value === own);
  return [
    ...(self && fits("self") ? [{ ...self, value: "self" }] : []),
    ...candidates.filter(({ value }) => fits(value)),
  ];
}

/** The agents that nobody recorded, and that filters would choose. */
async function listUntracked(
  context: Context,
  entries: readonly ProcessEntry[],
  fits: (text: string) => boolean,
): Promise<Candidate[]> {
  const { scanAgents } = await import("./steps/scan_agents.ts");
  const { untracked } = await scanAgents(context, entries);
  const rows = new Map(
    untracked.filter(({ agent }) => agent !== undefined && standsAlone(agent))
      .map((row) => [row.entry, row]),
  );
  return sortNewestFirst([...rows.keys()])
    .filter(({ id }) => fits(id))
    .slice(0, MAX_CANDIDATES)
    .map((entry): Candidate => ({
      value: entry.id,
      what: "id",
      count: 1,
      newest: rows.get(entry),
      ageMs: readAge(entry, context.system.now()),
    }));
}

function readAge(entry: ProcessEntry, now: number): number | undefined {
  const started = parseMilliseconds(entry.started_at);
  return started === undefined ? undefined : now - started;
}

/** The values that a key has among the agents that are seen. */
async function listSeenFacts(
  context: Context,
  entries: readonly ProcessEntry[],
  key: FilterKey,
): Promise<Candidate[]> {
  const { scanAgents } = await import("./steps/scan_agents.ts");
  const { rows } = await scanAgents(context, entries);
  const now = context.system.now();
  return countFacts(
    [...rows.values()].map(({ entry, agent }) => ({
      entry,
      agent,
      now,
      family: () => new Map(),
      realPath: (path) => path,
    })),
    key,
  );
}

/** The values that a key has in the store. */
function listFacts(
  context: Context,
  entries: readonly ProcessEntry[],
  key: FilterKey,
): Candidate[] {
  const { system } = context;
  const sessions = openSessions(context);
  return countFacts(
    entries.map((entry) => {
      const found = key.source === "sessions"
        ? sessions.find(entry)
        : undefined;
      const session = found === "unreadable" ? undefined : found?.session;
      return {
        entry,
        now: system.now(),
        family: () => new Map(),
        realPath: (path) => path,
        ...(session && { labels: readLabels(session) }),
      };
    }),
    key,
  );
}

function countFacts(subjects: readonly Subject[], key: FilterKey): Candidate[] {
  const counts = new Map<string, number>();
  for (const subject of subjects) {
    const fact = key.read(subject);
    if (typeof fact !== "object") continue;
    for (const text of new Set(fact.texts)) {
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
  }
  return [...counts].map(([value, count]) => ({ value, what: "fact", count }));
}
