/**
 * Hostile inputs with a name: each is tried with every verb.
 *
 * @module
 */

import type { FuzzCase } from "./fuzz_cases.ts";
import { RUNS, TRAPS } from "./fuzz_schemas.ts";
import { ID, LIVE_PIDS, NUMBERS, SESSION_ID, TEXTS } from "./fuzz_values.ts";

/** Files by their path in the zag home. */
export type Files = Record<string, string | Uint8Array>;

const DEEP = 10_000;
/** What is tried on each of them. */
export const COMMANDS: readonly (readonly string[])[] = [
  ["list"],
  ["list", "--json"],
  ["list", "--running", "--children", "self"],
  ["show", ID],
  ["show", ID, "--json"],
  ["explain", ID],
  ["stop", ID],
  ["kill", ID],
  ["kill", ID, '{"a":1}'],
  ["kill", ID, "--skip-validation", "--unverified", "--file", "-"],
];

/** An entry of the agent, with some members as other JSON text. */
export function formatEntry(members: Record<string, string> = {}): string {
  return formatMembers({
    id: JSON.stringify(ID),
    pid: String(LIVE_PIDS[0]),
    session_id: JSON.stringify(SESSION_ID),
    provider: '"claude"',
    model: '"opus"',
    command: '"run"',
    prompt: '"mend the roof"',
    started_at: '"2026-11-22T11:59:00+00:00"',
    status: '"running"',
    exit_code: "null",
    exited_at: "null",
    root: "null",
    ...members,
  });
}

/** A session of the agent, likewise. */
export function formatSession(members: Record<string, string> = {}): string {
  return formatMembers({
    session_id: JSON.stringify(SESSION_ID),
    provider: '"claude"',
    worktree_path: '""',
    worktree_name: '""',
    created_at: '""',
    ...members,
  });
}

function formatMembers(members: Record<string, string>): string {
  const parts = Object.entries(members)
    .map(([key, value]) => `${JSON.stringify(key)}: ${value}`);
  return `{${parts.join(", ")}}`;
}

/** A good store, a good session store, and where the log is. */
export const PROCESSES = `{"processes": [${formatEntry()}]}`;
export const SESSIONS = `{"sessions": [${formatSession()}]}`;
export const LOG = `logs/sessions/${SESSION_ID}.jsonl`;

function nest(open: string, close: string, depth: number): string {
  return open.repeat(depth) + "1" + close.repeat(depth);
}

/** What may stand in place of the text of any file. */
export function makeTexts(
  good: string,
): [name: string, content: string | Uint8Array][] {
  const bytes = new TextEncoder().encode(good);
  const half = bytes.length >> 1;
  return [
    ["empty", ""],
    ["white space", " \n\t\r\n"],
    ["NUL bytes", "\0".repeat(1000)],
    ["a NUL in the middle", `${good.slice(0, 30)}\0${good.slice(30)}`],
    ["a BOM", `\ufeff${good}`],
    ["two BOMs", `\ufeff\ufeff${good}`],
    [
      "UTF-16",
      new Uint8Array(
        Uint16Array.from(good, (unit) => unit.charCodeAt(0)).buffer,
      ),
    ],
    ["Latin-1", Uint8Array.from([...bytes.slice(0, half), 0xe9, 0xff])],
    ["a lone surrogate", good.replace("claude", "\\ud800")],
    ["an overlong form", Uint8Array.from([...bytes, 0xc0, 0x80])],
    ["cut off", good.slice(0, half)],
    ["twice", good + good],
    ["deep arrays", nest("[", "]", DEEP)],
    ["deep objects", nest('{"a":', "}", DEEP)],
    ["deep and unclosed", "[".repeat(DEEP)],
    ["a deep prompt", good.replace('"claude"', nest("[", "]", DEEP))],
    ["a deep stranger", good.replace("{", `{"x": ${nest("[", "]", DEEP)}, `)],
    ["comments", good.replace("{", "{ // a\n /* b */ ")],
    ["an endless comment", `${good} /* `],
    ["many comments", "/**/".repeat(20_000) + good],
    ["trailing commas", good.replaceAll("}", ",}")],
    ["keys twice", good.replace("{", '{"processes": 1, "sessions": 1, ')],
    ["__proto__", good.replaceAll("{", '{"__proto__": {"polluted": 1}, ')],
    [
      "constructor",
      good.replaceAll("{", '{"constructor": {"prototype": {"polluted": 1}}, '),
    ],
    ["backslashes", `${good.slice(0, -3)}"${"\\".repeat(50_001)}`],
    ["quotes", '"'.repeat(50_001)],
    ["a huge number", good.replace("null", "9".repeat(100_000))],
    ["an array", "[]"],
    ["null", "null"],
  ];
}

/** All of them. */
export function makeHostileCases(): FuzzCase[] {
  const cases: FuzzCase[] = [];
  const add = (name: string, files: Files, stdin = "{}") => {
    for (const argv of COMMANDS) {
      cases.push(makeCase(`${name}: ${argv.join(" ")}`, files, argv, stdin));
    }
  };
  const files = { "processes.json": PROCESSES, "sessions.json": SESSIONS };
  for (const [name, text] of makeTexts(PROCESSES)) {
    add(`store, ${name}`, { ...files, "processes.json": text });
  }
  for (const [name, text] of makeTexts(SESSIONS)) {
    add(`sessions, ${name}`, { ...files, "sessions.json": text });
    add(`index, ${name}`, { ...files, "sessions_index.json": text });
    add(`log, ${name}`, { ...files, [LOG]: text });
  }
  for (const number of [...NUMBERS, '"4711"', "[4711]", "true", "null"]) {
    for (const key of ["pid", "exit_code"]) {
      const entry = formatEntry({ [key]: number });
      const store = `{"processes": [${entry}, ${formatEntry()}]}`;
      add(`${key} ${number.slice(0, 30)}`, {
        ...files,
        "processes.json": store,
      });
    }
  }
  for (const text of TEXTS) addText(add, files, text);
  for (
    const schema of [
      ...TRAPS,
      nest('{"not":', "}", DEEP),
      nest('{"items":', "}", 500),
    ]
  ) {
    const exit = `{"schema": ${schema}}`;
    const sessions = `{"sessions": [${formatSession({ exit })}]}`;
    for (
      const stdin of [
        ...RUNS.map((run) => JSON.stringify(run)),
        '{"a":{"a":{}}}',
        nest("[", "]", DEEP),
      ]
    ) {
      add(`schema ${schema.slice(0, 40)} on ${stdin.slice(0, 20)}`, {
        ...files,
        "sessions.json": sessions,
      }, stdin);
    }
  }
  return cases;
}

/** A text as the id, the session, the log, the root, the status. */
function addText(
  add: (name: string, files: Files) => void,
  files: Files,
  text: string,
): void {
  const json = JSON.stringify(text);
  const name = json.slice(0, 30);
  for (
    const key of [
      "id",
      "session_id",
      "root",
      "status",
      "started_at",
      "provider",
      "prompt",
    ]
  ) {
    const store = `{"processes": [${formatEntry({ [key]: json })}]}`;
    add(`${key} ${name}`, { ...files, "processes.json": store });
  }
  for (const key of ["session_id", "log_path", "provider"]) {
    const session = formatSession({ [key]: json });
    const entry = formatEntry(key === "session_id" ? { session_id: json } : {});
    add(`session ${key} ${name}`, {
      "processes.json": `{"processes": [${entry}]}`,
      "sessions.json": `{"sessions": [${session}]}`,
    });
  }
}

/** A case in which the agent is there and marked. */
export function makeCase(
  name: string,
  files: Files,
  argv: readonly string[],
  stdin: string,
): FuzzCase {
  const markers = new Map(LIVE_PIDS.map((pid) => [pid, ID]));
  return { name, files, argv, stdin, self: ID, markers };
}
