import { parse as parseJsonc } from "@std/jsonc/parse";
import { reasonOf, ZagPsError } from "./errors.ts";
import { escapeControls, say } from "./escape.ts";
import { skipComment } from "./json_places.ts";
import { MAX_TEXT_BYTES } from "./max_text.ts";
import { countCharacters, findEnd } from "./text_position.ts";

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** JSONC is a convenience for hand-edited files; deeper ones are refused. */
const MAX_JSONC_DEPTH = 512;

/** The error of a zag file that no text can hold. */
export function tooLarge(
  size: number,
  path: string,
  maxBytes = MAX_TEXT_BYTES,
): ZagPsError {
  return new ZagPsError(
    "store",
    say`Cannot read "${path}": it has ${size} bytes, and ${maxBytes} are the most that can be read\nMove it away; zag-ps leaves it as it is`,
  );
}

/**
 * Turns the bytes of a zag file into text.
 *
 * @param maxBytes how many there may be
 * @throws {ZagPsError} `store` if they are too many, or not UTF-8
 */
export function decodeUtf8(
  bytes: Uint8Array,
  path: string,
  maxBytes = MAX_TEXT_BYTES,
): string {
  if (bytes.length > maxBytes) throw tooLarge(bytes.length, path, maxBytes);
  try {
    return STRICT_UTF8.decode(bytes);
  } catch (cause) {
    const { line, column } = findInvalidUtf8(bytes);
    throw new ZagPsError(
      "store",
      say`Cannot read "${path}" at line ${line}, column ${column}: it is not valid UTF-8\nRestore it from a backup or move it away; zag-ps leaves it as it is`,
      { cause },
    );
  }
}

const NEWLINE = 0x0a;

function findInvalidUtf8(bytes: Uint8Array): { line: number; column: number } {
  let line = 0;
  for (let start = 0; start <= bytes.length; line++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      const lossy = new TextDecoder().decode(bytes.subarray(start, end));
      const before = lossy.slice(0, lossy.indexOf("\ufffd"));
      return { line: line + 1, column: countCharacters(before) + 1 };
    }
    start = end + 1;
  }
  return { line, column: 1 };
}

/**
 * Parses strict JSON, and where that fails JSON with comments and trailing
 * commas.
 *
 * @throws {ZagPsError} `store` with path, line and column
 */
export function parseZagFile(text: string, path: string): unknown {
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    return JSON.parse(content);
  } catch {
    return parseLenient(content, path);
  }
}

function parseLenient(content: string, path: string): unknown {
  let reason: string;
  if (depthOf(content, MAX_JSONC_DEPTH) >= MAX_JSONC_DEPTH) {
    reason = `nested deeper than ${MAX_JSONC_DEPTH} levels`;
  } else {
    try {
      return parseJsonc(content);
    } catch (error) {
      reason = reasonOf(error);
    }
  }
  // Only the end of the text is the parser's own: it quotes the file before.
  const at = /in JSONC at position (\d+)$/.exec(reason);
  const { line, column } = positionOf(
    content,
    at === null ? content.length : Number(at[1]),
  );
  const what = escapeControls(reason)
    .replace(/ in JSONC at position \d+$/, "")
    .replace(/^Cannot parse JSONC: /, "");
  throw new ZagPsError(
    "store",
    say`Cannot parse "${path}" at line ${line}, column ${column}: ${what}\nMend the file or move it away; zag-ps leaves it as it is`,
  );
}

/** How deep a text nests, as far as `limit`; strings and comments apart. */
function depthOf(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < text.length && deepest < limit; i++) {
    const character = text[i];
    if (character === "[" || character === "{") {
      deepest = Math.max(deepest, ++depth);
    } else if (character === "]" || character === "}") depth--;
    else if (character === '"') {
      while (++i < text.length && text[i] !== '"') if (text[i] === "\\") i++;
    } else if (character === "/") i = skipComment(text, i) - 1;
  }
  return deepest;
}

function positionOf(
  text: string,
  offset: number,
): { line: number; column: number } {
  const { line, characters } = findEnd(text.slice(0, offset));
  return { line, column: characters + 1 };
}

/** One entry of a store that could not be understood. */
export interface BadEntry {
  /** Its place in the array, from 0. */
  readonly index: number;
  /** What is wrong with it. */
  readonly reason: string;
  /** The value as it was parsed. */
  readonly raw: unknown;
}

/** The array under a key of the root object, as zag files have it. */
export function readArray(
  root: unknown,
  key: string,
  path: string,
): readonly unknown[] {
  if (typeof root === "object" && root !== null && Object.hasOwn(root, key)) {
    const list = (root as Record<string, unknown>)[key];
    if (Array.isArray(list)) return list;
  }
  throw new ZagPsError(
    "store",
    say`Cannot read "${path}" at line 1, column 1: it should hold {"${key}": [...]}\nMend the file or move it away; zag-ps leaves it as it is`,
  );
}
