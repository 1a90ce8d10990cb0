/**
 * Makes process stores of any size, as zag writes them.
 *
 * @module
 */

/** A seeded generator (mulberry32): each run measures the same bytes. */
function createRandom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const AGENTS = [
  ["claude", "claude-opus-4-5"],
  ["codex", "gpt-5.2-codex"],
  ["gemini", "gemini-3-pro"],
  ["ollama", ""],
] as const;
const COMMANDS = ["run", "exec", "exec", "review"];
const PROMPTS = [
  "Find out why the integration tests of the payment module fail on CI only, and mend them without",
  "Review the changes of this branch.\nLook for mistakes in concurrency and write what you find to /",
  "Move the configuration out of the code, keep the defaults, and describe each key in the docs; run",
  "Übersetze die Fehlermeldungen ins Deutsche, lass die Platzhalter stehen und prüfe jede Länge 🙂",
  "Write the release notes from the commits since the last tag, grouped by area, without the chores",
  "Reproduce the crash in the attached report, add a test that fails before the fix, then mend it\n",
  "Replace the hand-written parser by the one of the standard library; the error texts must stay as",
  "Measure where the time of the import goes, and say what could be gained before you change a thing",
];
const JAPANESE_PROMPT =
  "決済モジュールの統合テストがCIでのみ失敗する原因を調べて、修正してください。そしてテストを追加";
const QUOTING_PROMPT =
  'Replace "foo" by "bar" in C:\\src\\app, then tell me what you did, so that I can review the changes';
const FIRST_START_MS = Date.UTC(2026, 8, 1);
const LAST_START_MS = Date.UTC(2026, 10, 1);
/** Linux hands out no larger pid by default. */
const MAX_PID = 4_194_304;

type Entry = ReturnType<typeof makeEntries>[number];

/** What stores may be like: each is made of the entries of the usual one. */
export const STORE_KINDS = {
  usual: (entries) => entries,
  /** The runtime keeps its text in half of the memory. */
  ascii: (entries) =>
    entries.map((entry) => ({ ...entry, prompt: toAscii(entry.prompt) })),
  japanese: (entries) => withPrompt(entries, JAPANESE_PROMPT),
  quotes: (entries) => withPrompt(entries, QUOTING_PROMPT),
  /** Nothing has ended, as far as the store says. */
  running: (entries) =>
    entries.map((entry) => ({
      ...entry,
      status: "running",
      exit_code: null,
      exited_at: null,
    })),
  /** Started by a person, with a word or two. */
  short: (entries) =>
    entries.map((entry, i) => ({
      ...entry,
      session_id: null,
      prompt: `mend it (${i})`,
      root: null,
      parent_process_id: null,
      parent_session_id: null,
    })),
  /** Each pair the wrong way round, as after starts at the same time. */
  unsorted: (entries) => entries.map((entry, i) => entries[i ^ 1] ?? entry),
  /** A field that zag does not have, at the end. */
  newer: (entries) => entries.map((entry) => ({ ...entry, host: "ci-7" })),
  /** Such a field, with more than one value. */
  foreign: (entries) =>
    entries.map((entry) => ({ ...entry, labels: ["ci", "linux"] })),
} satisfies Record<string, (entries: readonly Entry[]) => readonly object[]>;

/** The name of a kind of stores. */
export type StoreKind = keyof typeof STORE_KINDS;

/** Reads the name of a kind; `undefined` if there is none of that name. */
export function readStoreKind(name: string): StoreKind | undefined {
  return Object.hasOwn(STORE_KINDS, name) ? name as StoreKind : undefined;
}

/**
 * Makes the text of a process store.
 *
 * @param kind What it is like. The usual one has about 710 bytes an entry, in
 * the order in which the processes started, one in a hundred still marked
 * running.
 * @param count How many entries.
 * @param livePids Processes that are there: the newest entries that are marked
 * running have these pids, the others pids that no process has.
 * @returns The file's content.
 */
export function makeStore(
  kind: StoreKind,
  count: number,
  livePids: readonly number[],
): string {
  const processes = STORE_KINDS[kind](makeEntries(count, livePids));
  return JSON.stringify({ processes }, null, 2);
}

/** The entries of the usual store, in the order of their starts. */
function makeEntries(count: number, livePids: readonly number[]) {
  const random = createRandom(count);
  const pick = <T>(values: readonly T[]): T =>
    values[Math.floor(random() * values.length)] as T;
  const makeId = () => makeUuid(random);
  const step = (LAST_START_MS - FIRST_START_MS) / count;
  const live = [...livePids];
  // The newest first, so that the live pids go to the newest entries.
  return Array.from({ length: count }, (_, i) => {
    const running = i % 100 === 1;
    const started = LAST_START_MS - (i + random()) * step;
    const [provider, model] = pick(AGENTS);
    const child = random() < 0.9;
    const failed = random() < 0.1;
    return {
      id: makeId(),
      pid: running
        ? live.shift() ?? MAX_PID + i
        : 300 + Math.floor(random() * (MAX_PID - 300)),
      session_id: makeId(),
      provider,
      model,
      command: pick(COMMANDS),
      prompt: `${pick(PROMPTS)} (${i})`,
      started_at: formatTime(started, random),
      status: running ? "running" : failed ? "killed" : "exited",
      exit_code: running ? null : Number(failed),
      exited_at: running ? null : formatTime(started + 600_000, random),
      root: `/home/somebody/projects/customer-${i % 7}/repository-${i % 20}`,
      parent_process_id: child ? makeId() : null,
      parent_session_id: child ? makeId() : null,
    };
  }).reverse();
}

function withPrompt(entries: readonly Entry[], prompt: string): Entry[] {
  return entries.map((entry, i) => ({ ...entry, prompt: `${prompt} (${i})` }));
}

function toAscii(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[^\x00-\x7f]/gu, "?");
}

function makeUuid(random: () => number): string {
  return "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx".replaceAll(
    "x",
    () => Math.floor(random() * 16).toString(16),
  );
}

/** zag writes nanoseconds and a numeric zone. */
function formatTime(milliseconds: number, random: () => number): string {
  const below = String(Math.floor(random() * 1e6)).padStart(6, "0");
  return new Date(milliseconds).toISOString().replace("Z", `${below}+00:00`);
}
