/**
 * The person's own patterns: `ps.jsonc` in the zag home adds agents and
 * helpers, and takes away built-in ones. docs/recognition.md describes it.
 *
 * @module
 */

import type {
  AgentPattern,
  AgentPatterns,
  HelperPattern,
} from "./pattern_types.ts";
import { parseZagFile } from "./decode.ts";
import { ZagPsError } from "./errors.ts";
import { say } from "./escape.ts";
import { PlaceScanner } from "./json_places.ts";
import { checkPatterns, type OwnPatterns } from "./pattern_entry.ts";
import { findEnd } from "./text_position.ts";

/** A `ps.jsonc` that was read. */
export interface PatternFile {
  /** Where it is. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
  /** What it says. */
  readonly content: OwnPatterns;
}

/**
 * Reads a `ps.jsonc`.
 *
 * @param path where it is, for messages
 * @throws {ZagPsError} `store` with line and column if it is not JSON, or says
 * what has no meaning here
 */
export function parsePatternFile(text: string, path: string): PatternFile {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const checked = checkPatterns(parseZagFile(body, path));
  if ("patterns" in checked) {
    return { path, text: body, content: checked.patterns };
  }
  const { keys, what, atKey } = checked;
  throw refuse({ path, text: body }, keys, what, atKey);
}

/**
 * Takes patterns away and adds others, as a file says. What it takes away goes
 * first, so that an agent can be replaced.
 *
 * @throws {ZagPsError} `store` with line and column if it takes away what is
 * not there
 */
export function applyPatternFile(
  patterns: AgentPatterns,
  file: PatternFile,
): AgentPatterns {
  const { agents: added = [], helpers = {}, desktops = [] } = file.content;
  const agents = removeAgents(patterns.agents, file);
  for (const one of added) {
    const at = agents.findIndex(({ provider }) => provider === one.provider);
    const before = agents[at];
    if (before === undefined) agents.push(one);
    else agents[at] = merge(before, one);
  }
  return {
    agents,
    helpers: merge(removeHelpers(patterns.helpers, file), helpers),
    desktops: [...patterns.desktops, ...desktops],
  };
}

function removeAgents(
  before: readonly AgentPattern[],
  file: PatternFile,
): AgentPattern[] {
  const { agents: all = [], patterns = {} } = file.content.remove ?? {};
  const known = before.map(({ provider }) => provider);
  const check = (
    provider: string,
    keys: (string | number)[],
    atKey = false,
  ) => {
    if (known.includes(provider)) return;
    const what = say`there is no agent "${provider}"; known are ${
      known.join(", ")
    }`;
    throw refuse(file, ["remove", ...keys], what, atKey);
  };
  all.forEach((provider, i) => check(provider, ["agents", i]));
  for (const provider of Object.keys(patterns)) {
    check(provider, ["patterns", provider], true);
  }
  return before.filter(({ provider }) => !all.includes(provider))
    .map((pattern) => {
      const { provider } = pattern;
      if (!Object.hasOwn(patterns, provider)) return pattern;
      const place = ["remove", "patterns", provider];
      return without(pattern, patterns[provider] ?? [], file, place);
    });
}

function removeHelpers(
  helpers: HelperPattern,
  file: PatternFile,
): HelperPattern {
  const removed = file.content.remove?.helpers ?? [];
  return without(helpers, removed, file, ["remove", "helpers"]);
}

/** What a program is found by, and may be taken away. */
const LISTS = [
  "names",
  "scripts",
  "shared",
  "paths",
  "packages",
  "modules",
] as const;

/** A pattern without some of what its programs are known by. */
function without<P extends AgentPattern | HelperPattern>(
  pattern: P,
  removed: readonly string[],
  file: PatternFile,
  place: readonly (string | number)[],
): P {
  const rest: Record<string, unknown> = { ...pattern };
  const present = new Set<string>();
  for (const key of LISTS) {
    const before = rest[key] as readonly string[] | undefined;
    before?.forEach((one) => present.add(one));
    if (before) rest[key] = before.filter((one) => !removed.includes(one));
  }
  if ("called" in pattern && pattern.called !== undefined) {
    const called = Object.entries(pattern.called);
    called.forEach(([name]) => present.add(name));
    rest["called"] = Object.fromEntries(
      called.filter(([name]) => !removed.includes(name)),
    );
  }
  removed.forEach((one, i) => {
    if (present.has(one)) return;
    const what = say`there is no pattern "${one}" to take away; known are ${
      [...present].join(", ")
    }`;
    throw refuse(file, [...place, i], what);
  });
  return rest as P;
}

/** Adds lists to lists and words to words; all else is replaced. */
function merge<P extends object>(before: P, added: P): P {
  const merged = { ...before } as Record<string, unknown>;
  for (const [key, value] of Object.entries(added)) {
    const old = merged[key];
    merged[key] = Array.isArray(old) && Array.isArray(value)
      ? [...new Set([...old, ...value])]
      : typeof old === "object" && typeof value === "object"
      ? { ...old, ...value }
      : value;
  }
  return merged as P;
}

/** @param atKey the key is meant, not its value */
function refuse(
  { path, text }: Pick<PatternFile, "path" | "text">,
  keys: readonly (string | number)[],
  what: string,
  atKey = false,
): ZagPsError {
  const { line, characters } = findEnd(
    text.slice(0, findPlace(text, keys, atKey)),
  );
  const where = keys.length === 0 ? "" : `${formatKeys(keys)}: `;
  return new ZagPsError(
    "store",
    say`Cannot use "${path}" at line ${line}, column ${
      characters + 1
    }: ${where}${what}\nMend the file or move it away; docs/recognition.md describes it`,
  );
}

/** `agents[0].names`, as a program would name it. */
function formatKeys(keys: readonly (string | number)[]): string {
  return keys.map((key, i) =>
    typeof key === "number" ? `[${key}]` : i === 0 ? key : `.${key}`
  ).join("");
}

/** Where a value is in a text that was parsed; what holds it if it is not. */
function findPlace(
  text: string,
  keys: readonly (string | number)[],
  atKey: boolean,
): number {
  const scanner = new PlaceScanner(text);
  scanner.skipSpace();
  for (const [i, key] of keys.entries()) {
    const start = scanner.position;
    if (typeof key === "number") {
      scanner.position++;
      for (let before = 0; before < key; before++) {
        scanner.skipSpace();
        scanner.skipValue();
        scanner.skipComma();
      }
      scanner.skipSpace();
      continue;
    }
    const member = scanner.readMembers().findLast((one) => one.key === key);
    if (member === undefined) return start;
    const last = i === keys.length - 1;
    scanner.position = last && atKey ? member.start : member.valueStart;
  }
  return scanner.position;
}
