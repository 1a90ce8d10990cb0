/** JSON text with sorted keys and no spaces, for comparing and for messages. */

import type { NumberTexts } from "./json_number.ts";

/** Longer values are cut in messages: see {@linkcode showJson}. */
export const MAX_SHOWN_LENGTH = 2000;

const CUT = "... (cut)";

/**
 * Orders keys by code points, which is the order of their UTF-8 bytes and so
 * that of zag. JavaScript's own order of UTF-16 units differs beyond U+FFFF.
 */
export function compareKeys(left: string, right: string): number {
  const end = Math.min(left.length, right.length);
  for (let index = 0; index < end; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a === b) continue;
    const highA = a >= 0xd800 && a <= 0xdfff;
    const highB = b >= 0xd800 && b <= 0xdfff;
    if (highA !== highB) return highA ? 1 : -1;
    return a - b;
  }
  return left.length - right.length;
}

/**
 * The text that two values share exactly if JSON Schema calls them equal.
 *
 * @param value a JSON value of bounded depth
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) {
    return JSON.stringify(value) ?? "null";
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = value as Record<string, unknown>;
  return `{${
    Object.keys(members).sort().map((key) =>
      `${JSON.stringify(key)}:${canonicalJson(members[key])}`
    ).join(",")
  }}`;
}

/**
 * The text of a value in a message.
 *
 * It is cut after {@linkcode MAX_SHOWN_LENGTH} characters. (zag repeats the
 * whole value in each message that names it; a result of some megabytes that
 * breaks ten rules would fill the reader's context with copies of itself.)
 *
 * @param numbers how the numbers were written, where that matters
 */
export function showJson(value: unknown, numbers?: NumberTexts): string {
  const parts: string[] = [];
  let length = 0;
  const add = (part: string): boolean => {
    parts.push(part);
    length += part.length;
    return length <= MAX_SHOWN_LENGTH;
  };
  const show = (item: unknown, written: string | undefined): boolean => {
    if (written !== undefined) return add(written);
    if (typeof item === "string") {
      return add(JSON.stringify(item.slice(0, MAX_SHOWN_LENGTH + 1)));
    }
    if (typeof item !== "object" || item === null) {
      return add(JSON.stringify(item) ?? "null");
    }
    const texts = numbers?.get(item);
    if (Array.isArray(item)) {
      const shown = item.every((each, index) =>
        add(index === 0 ? "[" : ",") && show(each, texts?.get(String(index)))
      );
      return shown && add(item.length === 0 ? "[]" : "]");
    }
    const members = item as Record<string, unknown>;
    const keys = Object.keys(members).sort(compareKeys);
    const shown = keys.every((key, index) =>
      add((index === 0 ? "{" : ",") + JSON.stringify(key) + ":") &&
      show(members[key], texts?.get(key))
    );
    return shown && add(keys.length === 0 ? "{}" : "}");
  };
  show(value, undefined);
  return cutText(parts.join(""));
}

/** Cuts a text as {@linkcode showJson} does, never inside a character. */
export function cutText(text: string): string {
  if (text.length <= MAX_SHOWN_LENGTH) return text;
  const end = MAX_SHOWN_LENGTH;
  const inside = /^[\udc00-\udfff]/.test(text.slice(end, end + 1));
  return text.slice(0, inside ? end - 1 : end) + CUT;
}
