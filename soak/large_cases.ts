/**
 * Files of 100 MB and more: they take a while, so only the soak has them.
 *
 * @module
 */

import type { FuzzCase } from "./fuzz_cases.ts";
import {
  COMMANDS,
  type Files,
  formatEntry,
  formatSession,
  LOG,
  makeCase,
  PROCESSES,
  SESSIONS,
} from "./hostile_cases.ts";

const LINE_BYTES = 100 * 1024 * 1024;

/** No text is that long under Deno and Node. */
const HUGE_BYTES = 600 * 1024 * 1024;

/** A kill reads and parses such a store five times, and writes it once. */
const LARGE_STORE_LIMIT_MS = 10_000;

/** All of them. */
export function* makeLargeCases(): Generator<FuzzCase> {
  const long = "x".repeat(LINE_BYTES);
  const files = { "processes.json": PROCESSES, "sessions.json": SESSIONS };
  const entry = formatEntry({ prompt: `"${long}"` });
  const provider = formatEntry({ provider: `"${long}"` });
  const session = formatSession({ name: `"${long}"` });
  // Made when it is their turn: all of them at once would not fit.
  const rows: [name: string, makeFiles: () => Files, limitMs?: number][] = [
    ["a prompt", () => ({
      ...files,
      "processes.json": `{"processes": [${entry}]}`,
    }), LARGE_STORE_LIMIT_MS],
    ["a prompt, cut off", () => ({
      ...files,
      "processes.json": `{"processes": [${entry}`,
    }), LARGE_STORE_LIMIT_MS],
    ["a store that is no JSON", () => ({
      ...files,
      "processes.json": long,
    }), LARGE_STORE_LIMIT_MS],
    ["a store of empty lines", () => ({
      ...files,
      "processes.json": "\n".repeat(LINE_BYTES),
    }), LARGE_STORE_LIMIT_MS],
    ["a provider", () => ({
      ...files,
      "processes.json": `{"processes": [${provider}]}`,
    }), LARGE_STORE_LIMIT_MS],
    ["a store that is not UTF-8", () => ({
      ...files,
      "processes.json": makeBytes(LINE_BYTES, 0xff),
    }), LARGE_STORE_LIMIT_MS],
    ["a session", () => ({
      ...files,
      "sessions.json": `{"sessions": [${session}]}`,
    })],
    ["a session, cut off", () => ({
      ...files,
      "sessions.json": `{"sessions": [${session}`,
    }), LARGE_STORE_LIMIT_MS],
    ["a line of the log", () => ({
      ...files,
      [LOG]: `{"seq":1,"x":"${long}"}\n`,
    })],
    ["a torn line of the log", () => ({
      ...files,
      [LOG]: `{"seq":1,"x":"${long}`,
    })],
    ["a line of the index", () => ({
      ...files,
      "sessions_index.json": `{"sessions":[{"x":"${long}"}]}`,
    })],
    ["a log of one line, huge", () => ({
      ...files,
      [LOG]: makeBytes(HUGE_BYTES, 0x0a),
    })],
    ["a store, huge", () => ({
      ...files,
      "processes.json": makeBytes(HUGE_BYTES, 0x0a),
    })],
    ["sessions, huge", () => ({
      ...files,
      "sessions.json": makeBytes(HUGE_BYTES, 0x0a),
    })],
  ];
  for (const [name, makeFiles, limitMs] of rows) {
    for (const argv of COMMANDS) {
      const title = `large: ${name}: ${argv.join(" ")}`;
      const one = makeCase(title, makeFiles(), argv, "{}");
      yield limitMs === undefined ? one : { ...one, limitMs };
    }
  }
  for (const end of ['"}', ""]) {
    const result = `{"x":"${long}${end}`;
    const name = `large: a result${end === "" ? ", cut off" : ""}`;
    for (const argv of COMMANDS) {
      yield makeCase(`${name}: ${argv.join(" ")}`, files, argv, result);
    }
  }
}

/** Many times the letter x, then one byte. */
function makeBytes(count: number, last: number): Uint8Array {
  const bytes = new Uint8Array(count + 1).fill(0x78);
  bytes[count] = last;
  return bytes;
}
