/**
 * Hostile values as JSON text: as text, because an object could hold neither
 * a key twice nor a number that no double can.
 *
 * @module
 */

import type { Random } from "./random.ts";

/** The agent that the fuzzed stores are about. */
export const ID = "11111111-aaaa-4bbb-8ccc-000000000001";
/** Its session. */
export const SESSION_ID = "session-1";
/** Pids of which the fuzzed machine has processes. */
export const LIVE_PIDS: readonly number[] = [4711, 4712, 2 ** 31 - 1];

/** Texts that mean something to somebody. */
export const TEXTS: readonly string[] = [
  "",
  " ",
  "self",
  ID,
  ID.slice(0, 4),
  ID.slice(0, 3),
  SESSION_ID,
  "claude",
  "running",
  "killed",
  "exited",
  "Running",
  "../../x",
  "..",
  ".",
  "/",
  "/etc/passwd",
  "/tmp/../etc/x.jsonl",
  "C:\\Windows\\x",
  "\\\\server\\share",
  "a/b",
  "a\\b",
  "a:b",
  "\0",
  "x\0y",
  "\x1b[31mred\x1b[0m",
  "\x1b]0;title\x07",
  "\r\nError: forged",
  "line\nline",
  "\x7f\x80\x9b31m",
  "\u202edrow",
  "\u2066x\u2069",
  "\ud800",
  "x\udc00y",
  "\ufeff",
  "\u0085",
  "\u2028",
  "e\u0301 🙂 日本",
  "__proto__",
  "constructor",
  "prototype",
  "hasOwnProperty",
  "toString",
  "007",
  "1e3",
  "-1",
  "--json",
  "--",
  "-",
  "null",
  "true",
  "2026-11-22T11:59:00.123456789+00:00",
  "2026-13-45T99:99:99Z",
  "9999999999-01-01T00:00:00Z",
  "%s%n",
  "$(id)",
  "`id`",
  "'; rm -rf /; '",
  "::error::x",
  "a".repeat(10_000),
  "🙂".repeat(300),
];

/** Numbers, as text. */
export const NUMBERS: readonly string[] = [
  "0",
  "-0",
  "1",
  "-1",
  "2",
  "1.5",
  "4711",
  "-4711",
  "4711.0",
  "4.711e3",
  "4294972007",
  "2147483647",
  "2147483648",
  "4294967295",
  "4294967296",
  "9007199254740992",
  "9007199254740993",
  "18446744073709551615",
  "18446744073709551616",
  "1e400",
  "-1e400",
  "1e-400",
  "1.7976931348623157e308",
  `1${"0".repeat(400)}`,
  `0.${"1".repeat(2000)}`,
];

/** Texts that are no JSON, or that not every parser takes. */
export const NO_JSON: readonly string[] = [
  "",
  "undefined",
  "NaN",
  "Infinity",
  "01",
  "+1",
  ".5",
  "'x'",
  "{",
  "[1,]",
  "{a:1}",
  "// comment",
  "/* comment",
  "/**/ 1 // end",
  "\ufeff{}",
  '"\\ud800"',
  '"\\x41"',
  '"unterminated',
  '"tab\tinside"',
  "\0",
  "1 2",
];

/** A text of JSON quotes, with the escapes of the generator's choosing. */
export function quote(random: Random, text: string): string {
  const json = JSON.stringify(text);
  if (!random.oneIn(8)) return json;
  return `"${
    [...text].map((character) =>
      [...Array(character.length).keys()].map((i) =>
        `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`
      ).join("")
    ).join("")
  }"`;
}

/** Any value: mostly small ones, now and then a deep or a wide one. */
export function makeValue(random: Random, depth = 3): string {
  const kind = random.below(depth > 0 ? 12 : 8);
  if (kind < 4) return quote(random, random.pick(TEXTS));
  if (kind < 6) return random.pick(NUMBERS);
  if (kind < 8) return random.pick(["null", "true", "false"]);
  if (kind === 8 && random.oneIn(40)) return makeDeep(random, 10_000);
  const count = random.below(4);
  const parts = Array.from({ length: count }, () => {
    const value = makeValue(random, depth - 1);
    return kind % 2 === 0
      ? value
      : `${quote(random, random.pick(TEXTS).slice(0, 40))}:${value}`;
  });
  return kind % 2 === 0 ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
}

/** Arrays in arrays, or objects in objects. */
export function makeDeep(random: Random, depth: number): string {
  return random.oneIn(2)
    ? "[".repeat(depth) + "]".repeat(depth)
    : '{"a":'.repeat(depth) + "1" + "}".repeat(depth);
}

/** An object of given members, some of them hostile, left out or doubled. */
export function makeObject(
  random: Random,
  members: Readonly<Record<string, string>>,
  hostility: number,
): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(members)) {
    if (random.oneIn(hostility * 3)) continue;
    const text = random.oneIn(hostility) ? makeValue(random) : value;
    parts.push(`${JSON.stringify(key)}: ${text}`);
    if (random.oneIn(hostility * 4)) {
      parts.push(`${JSON.stringify(key)}: ${makeValue(random)}`);
    }
  }
  if (random.oneIn(hostility)) {
    const key = random.pick(["__proto__", "constructor", "toString", "x"]);
    parts.push(`"${key}": ${makeValue(random)}`);
  }
  return `{${parts.join(random.oneIn(6) ? ",\n  " : ", ")}}`;
}

/** Damages a text here and there. */
export function damage(random: Random, text: string): string {
  for (let i = random.below(3); i >= 0; i--) {
    const at = random.below(text.length + 1);
    const rest = text.slice(at + random.below(6));
    const added = random.pick([
      "",
      "",
      random.pick(NO_JSON),
      random.pick(TEXTS),
      random.pick(['"', "\\", "{", "}", "[", "]", ",", ":", "/", "*/", "\n"]),
      String.fromCharCode(random.below(256)),
    ]);
    text = random.oneIn(12) ? text.slice(0, at) : text.slice(0, at) + added +
      rest;
  }
  return text;
}
