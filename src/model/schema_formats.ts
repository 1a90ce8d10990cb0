/**
 * The values of `format` that zag asserts in drafts 4, 6 and 7.
 *
 * No check backtracks: texts are bounded in length before an expression that
 * could, or the expression runs on the engine of the schema's patterns.
 *
 * @module
 */

import { fullFormats } from "ajv-formats/dist/formats.js";
import { isHostname, isIdnHostname } from "./hostname_format.ts";
import { compileLinearRegExp, type LinearRegExp } from "./linear_regexp.ts";
import type { Draft } from "./schema_draft.ts";
import { isUri, isUriReference, toUri } from "./uri_format.ts";

type Check = (text: string) => boolean;

/** The formats with the first draft that has them; later ones keep them. */
const FORMATS: Readonly<Record<string, readonly [since: Draft, Check]>> = {
  "date": ["04", (text) => checkWith("date", text, 10)],
  "date-time": ["04", isDateTime],
  "email": ["04", (text) => isEmail(text, isHostname)],
  "hostname": ["04", isHostname],
  "idn-email": ["04", (text) => isEmail(text, isIdnHostname)],
  "idn-hostname": ["07", isIdnHostname],
  "ipv4": ["04", isIpv4],
  "ipv6": ["04", isIpv6],
  "iri": ["07", (text) => isUri(toUri(text), isIpv6)],
  "iri-reference": ["07", (text) => isUriReference(toUri(text), isIpv6)],
  "json-pointer": ["06", isJsonPointer],
  "regex": ["04", isRegExp],
  "relative-json-pointer": ["07", isRelativeJsonPointer],
  "time": ["04", isTime],
  "uri": ["04", (text) => isUri(text, isIpv6)],
  "uri-reference": ["06", (text) => isUriReference(text, isIpv6)],
  "uri-template": ["06", isUriTemplate],
};

/** @returns the checks that a legacy draft asserts, by format */
export function getFormats(draft: Draft): Map<string, Check> {
  const formats = new Map<string, Check>();
  for (const [name, [since, check]] of Object.entries(FORMATS)) {
    if (draft >= since) formats.set(name, check);
  }
  return formats;
}

/** Asks ajv-formats about a text of bounded length. */
function checkWith(
  name: "date" | "ipv4" | "ipv6" | "time",
  text: string,
  longest: number,
): boolean {
  if (text.length > longest) return false;
  const format = fullFormats[name];
  if (format instanceof RegExp) return format.test(text);
  return typeof format === "object" && typeof format.validate === "function" &&
    (format.validate as Check)(text);
}

/** In the form of RFC 3339, which ajv-formats does not insist on. */
function isTime(text: string): boolean {
  const form =
    /^(?:[01]\d|2[0-3]):[0-5]\d:[0-6]\d(?:\.\d+)?(?:z|[+-]\d\d:\d\d)$/i;
  // The digits of a fraction are not bounded; they decide nothing.
  return form.test(text) && checkWith("time", text.replace(/\.\d+/, ""), 14);
}

function isDateTime(text: string): boolean {
  return /^.{10}t/i.test(text) && checkWith("date", text.slice(0, 10), 10) &&
    isTime(text.slice(11));
}

function isIpv4(text: string): boolean {
  return checkWith("ipv4", text, 15);
}

function isIpv6(text: string): boolean {
  return checkWith("ipv6", text, 45);
}

function isEmail(text: string, isDomain: Check): boolean {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(at, 0));
  const domain = text.slice(at + 1);
  if (at < 1 || local.length > 64) return false;
  const atom = /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+$/u;
  const quoted = /^"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])*"$/u;
  if (
    !quoted.test(local) && !local.split(".").every((part) => atom.test(part))
  ) {
    return false;
  }
  const [, version, address] = /^\[(IPv6:)?(.*)\]$/.exec(domain) ?? [];
  if (address === undefined) return isDomain(domain);
  return version === undefined ? isIpv4(address) : isIpv6(address);
}

function isJsonPointer(text: string): boolean {
  return text === "" || (text.startsWith("/") && !/~(?![01])/.test(text));
}

function isRelativeJsonPointer(text: string): boolean {
  const up = /^(?:0|[1-9]\d*)/.exec(text)?.[0];
  if (up === undefined) return false;
  const rest = text.slice(up.length);
  return rest === "#" || isJsonPointer(rest);
}

let uriTemplate: LinearRegExp | undefined;

function isUriTemplate(text: string): boolean {
  const { source } = fullFormats["uri-template"] as RegExp;
  uriTemplate ??= compileLinearRegExp(`(?i)${source}`);
  return uriTemplate.test(text);
}

/** A valid expression may still be one that `pattern` cannot run. */
function isRegExp(text: string): boolean {
  try {
    new RegExp(text, "u");
    return true;
  } catch {
    // Needless escapes are not valid there, but zag and `pattern` take them.
  }
  try {
    compileLinearRegExp(text);
    return true;
  } catch {
    return false;
  }
}
