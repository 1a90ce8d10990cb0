/**
 * Judges what a fuzzed command line printed and wrote.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FuzzCase } from "./fuzz_cases.ts";

const RAW =
  // deno-lint-ignore no-control-regex
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Looks at what was printed, and whether it fits the exit status. */
export function judgeOutput(
  { out, err }: { out: string; err: string },
  status: number,
  json: boolean,
): string[] {
  const faults: string[] = [];
  const raw = RAW.exec(out + err);
  if (raw !== null) {
    const code = raw[0].charCodeAt(0).toString(16);
    faults.push(`printed U+${code} raw at ${raw.index}`);
  }
  if (err.includes("Unexpected failure")) faults.push(err.slice(0, 300));
  if (![0, 1, 2, 3, 4].includes(status)) faults.push(`status ${status}`);
  if (status !== 0 && !/^(Warning: .*\n)*Error: ./m.test(err)) {
    faults.push("failed without an error");
  }
  if (json && status === 0 && out !== "" && !isJson(out)) {
    // Help and version are texts.
    if (!/^(Usage|zag-ps)/.test(out)) faults.push("--json printed no JSON");
  }
  return faults;
}

/** Whether a command line has the option `--json`. */
export function asksForJson(argv: readonly string[]): boolean {
  const at = argv.indexOf("--json");
  const end = argv.indexOf("--");
  return at >= 0 && (end < 0 || at < end);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The store as it is; `undefined` where there is none. */
export function readStore(home: string): Uint8Array | undefined {
  const path = join(home, "processes.json");
  return existsSync(path) ? readFileSync(path) : undefined;
}

function holdsJson(bytes: Uint8Array | undefined): boolean {
  try {
    return isJson(new TextDecoder().decode(bytes));
  } catch {
    // More than any text can hold.
    return false;
  }
}

/** Looks at what was written, and where. */
export function judgeFiles(
  folder: string,
  home: string,
  before: Uint8Array | undefined,
  signalled: boolean,
  { files }: FuzzCase,
): string[] {
  const faults: string[] = [];
  if (readdirSync(folder).join() !== "home") {
    faults.push(`files outside the home: ${readdirSync(folder).join()}`);
  }
  const store = readStore(home);
  if (!isSame(store, before)) {
    if (!signalled) faults.push("the store was changed without a signal");
    if (holdsJson(before) && !holdsJson(store)) {
      faults.push("the store is no JSON any more");
    }
  }
  for (const name of readdirSync(home)) {
    const path = join(home, name);
    if (name === "processes.json" || name in files) {
      if (name !== "processes.json" && !isAsWritten(path, files[name], home)) {
        faults.push(`"${name}" was changed`);
      }
    } else if (name !== "logs" && name !== "projects") {
      faults.push(`"${name}" was left`);
    }
  }
  return faults;
}

function isAsWritten(
  path: string,
  content: string | Uint8Array | undefined,
  home: string,
): boolean {
  const then = typeof content === "string"
    ? new TextEncoder().encode(content.replaceAll("HOME", home))
    : content;
  return isSame(readFileSync(path), then);
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Buffer.compare(a, b) === 0;
}

const PROTOTYPES: readonly object[] = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  String.prototype,
  Number.prototype,
  RegExp.prototype,
  Map.prototype,
  Set.prototype,
  Promise.prototype,
  Error.prototype,
];

/** Each member of the prototypes, with what it is. */
export type Prototypes = readonly (readonly [object, PropertyKey, unknown])[];

/** Looks at the prototypes that everything has in common. */
export function lookAtPrototypes(): Prototypes {
  return PROTOTYPES.flatMap((prototype) =>
    Reflect.ownKeys(prototype).map((key) => {
      const { value, get } = Object.getOwnPropertyDescriptor(prototype, key) ??
        {};
      return [prototype, key, value ?? get] as const;
    })
  );
}

/** Tells what has changed since. */
export function findPollution(clean: Prototypes): string[] {
  const now = lookAtPrototypes();
  const same = now.length === clean.length &&
    now.every((member, i) =>
      member.every((part, j) => Object.is(part, clean[i]?.[j]))
    );
  return same ? [] : ["a prototype was changed"];
}
