/**
 * Fuzzed cases: files of a zag home and a command line.
 *
 * @module
 */

import { FILTER_KEYS } from "../src/model/filter_keys.ts";
import type { ProcessFacts } from "../src/model/process_facts.ts";
import { makeSchema, RUNS } from "./fuzz_schemas.ts";
import {
  damage,
  ID,
  LIVE_PIDS,
  makeObject,
  makeValue,
  NO_JSON,
  quote,
  SESSION_ID,
  TEXTS,
} from "./fuzz_values.ts";
import { createRandom, type Random } from "./random.ts";

/** One case. */
export interface FuzzCase {
  /** What it is called in a report. */
  readonly name: string;
  /** Files by their path in the zag home. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** The command line, after `--zag-home` and `--color`. */
  readonly argv: readonly string[];
  readonly stdin: string;
  /** The environment variable by which an agent finds itself. */
  readonly self: string | undefined;
  /** `ZAG_USER_LOG_DIR`, by which the logs of a person lead elsewhere. */
  readonly logs?: string;
  /** What the agents' processes have in theirs, by pid. */
  readonly markers: ReadonlyMap<number, string | undefined>;
  /** All processes of the machine, beside the agents' own. */
  readonly processes?: readonly ProcessFacts[];
  /** Those of them that the command line may mean. */
  readonly meant?: readonly number[];
  /** The longest time that it may take, where that is much work. */
  readonly limitMs?: number;
}

/** The case of a seed: the same one each time. */
export function makeCase(seed: number): FuzzCase {
  const random = createRandom(seed);
  // The higher, the rarer: a wholly hostile case gets nowhere.
  const hostility = random.pick([3, 8, 20, 60]);
  const files: Record<string, string | Uint8Array> = {
    "processes.json": makeFile(random, hostility, "processes", makeEntry),
  };
  for (const path of ["sessions.json", "projects/srv-app/sessions.json"]) {
    if (random.oneIn(4)) continue;
    files[path] = makeFile(random, hostility, "sessions", makeSession);
  }
  if (random.oneIn(3)) {
    files["sessions_index.json"] = makeFile(
      random,
      hostility,
      "sessions",
      makeIndexed,
    );
  }
  for (const folder of ["", "projects/srv-app/"]) {
    if (random.oneIn(2)) continue;
    files[`${folder}logs/sessions/${SESSION_ID}.jsonl`] = makeLog(random);
  }
  if (random.oneIn(60)) {
    files["processes.json.lock"] = random.pick([...NO_JSON, makeLock(random)]);
  }
  if (random.oneIn(80)) files["projects/file"] = "x";
  return {
    name: `seed ${seed}`,
    files,
    argv: makeCommandLine(random),
    stdin: makeResult(random),
    self: random.oneIn(3) ? random.pick(TEXTS) : ID,
    markers: new Map(
      LIVE_PIDS.map((pid) => [
        pid,
        random.oneIn(6) ? undefined : random.oneIn(6) ? random.pick(TEXTS) : ID,
      ]),
    ),
  };
}

function makeFile(
  random: Random,
  hostility: number,
  key: string,
  makeItem: (random: Random, hostility: number) => string,
): string | Uint8Array {
  if (random.oneIn(hostility * 4)) {
    return Uint8Array.from(
      { length: random.below(200) },
      () => random.below(256),
    );
  }
  if (random.oneIn(hostility * 4)) return makeValue(random);
  const items = Array.from(
    { length: 1 + random.below(4) },
    () =>
      random.oneIn(hostility * 2)
        ? makeValue(random)
        : makeItem(random, hostility),
  );
  const pad = random.pick(["", " ", "\n  ", "\n\t"]);
  let text = `{${pad}"${key}": [${pad}${items.join(`,${pad}`)}${pad}]}`;
  if (random.oneIn(hostility)) text = text.replace("{", `{ // ${ID}\n`);
  if (random.oneIn(hostility * 2)) text = `\ufeff${text}`;
  if (random.oneIn(hostility * 2)) text = damage(random, text);
  return text;
}

function makeEntry(random: Random, hostility: number): string {
  return makeObject(random, {
    id: quote(random, random.oneIn(4) ? random.pick(TEXTS) : ID),
    pid: String(random.pick(LIVE_PIDS)),
    session_id: random.oneIn(8) ? makeValue(random, 0) : `"${SESSION_ID}"`,
    provider: quote(random, random.pick(["claude", "codex", ...TEXTS])),
    model: quote(random, random.pick(TEXTS)),
    command: '"run"',
    prompt: quote(random, random.pick(TEXTS)),
    started_at: '"2026-11-22T11:59:00.123456789+00:00"',
    status: random.oneIn(4) ? quote(random, random.pick(TEXTS)) : '"running"',
    exit_code: "null",
    exited_at: "null",
    root: random.pick([
      "null",
      '"/srv/app"',
      quote(random, random.pick(TEXTS)),
    ]),
    parent_process_id: quote(random, random.pick(TEXTS)),
    parent_session_id: "null",
  }, hostility);
}

function makeSession(random: Random, hostility: number): string {
  const exit = makeObject(random, {
    hint: random.pick([
      "null",
      '" "',
      '"the answer"',
      quote(random, random.pick(TEXTS)),
    ]),
    json_mode: random.pick(["true", "false"]),
    schema: random.oneIn(2) ? makeSchema(random) : "null",
  }, hostility);
  return makeObject(random, {
    session_id: random.oneIn(6) ? makeValue(random, 0) : `"${SESSION_ID}"`,
    provider: '"claude"',
    worktree_path: '""',
    worktree_name: '""',
    created_at: '""',
    provider_session_id: random.pick(["null", `"${SESSION_ID}"`, '"p-1"']),
    log_path: random.oneIn(4) ? makeLogPath(random) : "null",
    exit: random.pick(["null", exit]),
  }, hostility);
}

function makeIndexed(random: Random, hostility: number): string {
  return makeObject(random, {
    session_id: `"${SESSION_ID}"`,
    project: quote(random, random.pick(TEXTS)),
    log_path: makeLogPath(random),
    provider: '"claude"',
    started_at: '""',
  }, hostility);
}

/** `HOME` is replaced by the zag home when the files are written. */
function makeLogPath(random: Random): string {
  return quote(
    random,
    random.pick([
      "HOME/logs/sessions/other.jsonl",
      "HOME/processes.json",
      "HOME/sessions.json",
      "HOME/../x.jsonl",
      "HOME/logs/../../x.jsonl",
      "HOME/./logs//x.jsonl",
      "HOME",
      "HOMEx/x.jsonl",
      "/tmp/x.jsonl",
      ...TEXTS,
    ]),
  );
}

function makeLog(random: Random): string {
  const lines = Array.from(
    { length: random.below(5) },
    () =>
      random.pick<() => string>([
        () => '{"seq":3,"type":"session_started"}',
        () =>
          `{"seq":${makeValue(random, 0)},"type":"session_result","result":${
            makeValue(random, 1)
          }}`,
        () => makeValue(random),
        () => damage(random, '{"seq":7,"type":"heartbeat"}'),
        () => "",
      ])(),
  );
  return lines.join("\n") + random.pick(["\n", "", '\n{"seq":9,"ty']);
}

function makeLock(random: Random): string {
  return makeObject(random, {
    pid: makeValue(random, 0),
    start_ticks: '"proc:1"',
    boot_id: '"x"',
    pid_namespace: '"x"',
    time_namespace: '"x"',
    host: quote(random, random.pick(TEXTS)),
    token: quote(random, random.pick(TEXTS)),
  }, 4);
}

function makeResult(random: Random): string {
  return random.pick<() => string>([
    () => '{"a":1}',
    () => "```json\n{}\n```",
    () => random.pick(TEXTS),
    () => random.pick(NO_JSON),
    () => makeValue(random),
    () => JSON.stringify(random.pick(RUNS)),
    () => damage(random, '{"a":[1,2,{"b":"c"}]}'),
  ])();
}

/** A filter that may be one: known keys with likely and unlikely values. */
function makeFilter(random: Random): string {
  const { key, kind, values = [] } = random.pick([...FILTER_KEYS]);
  if (random.oneIn(10)) return random.pick(TEXTS);
  const operator = random.pick(kind === "duration" ? ["<", ">"] : ["=", "!="]);
  const value = random.pick([...values, "self", "1h", "/", ID, ...TEXTS]);
  return `${key}${operator}${value}`;
}

function makeCommandLine(random: Random): string[] {
  const handle = () => random.oneIn(4) ? random.pick(TEXTS) : ID;
  const words = random.pick<() => string[]>([
    () => ["list"],
    () => ["list", "--children", handle()],
    () => ["list", "-n", random.pick(["0", "2", ...TEXTS])],
    () => ["list", "--running", "-p", random.pick(TEXTS)],
    () => ["list", "-f", makeFilter(random), "-f", makeFilter(random)],
    () => ["list", "--older-than", random.pick(["0s", "1d", ...TEXTS])],
    () => ["show", handle()],
    () => ["show", handle(), handle()],
    () => ["explain", handle()],
    () => ["stop", handle()],
    () => ["kill", handle()],
    () => ["kill", handle(), "--", makeResult(random)],
    () => ["kill", ID, "--", makeResult(random)],
    () => ["kill", "self", "--file", "-"],
    () => ["kill", ID, "--file", random.pick(["-", ...TEXTS])],
    () => ["kill", ID, makeResult(random)],
    () => Array.from({ length: random.below(5) }, () => random.pick(TEXTS)),
  ])();
  for (const option of ["--json", "--skip-validation", "--unverified"]) {
    if (random.oneIn(4)) words.splice(random.below(2), 0, option);
  }
  return words;
}
