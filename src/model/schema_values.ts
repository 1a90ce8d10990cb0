/** Keywords that judge a value by itself, where ajv's own ones fall short. */

import type { FuncKeywordDefinition } from "./ajv.ts";
import { canonicalJson } from "./canonical_json.ts";
import type { Draft } from "./schema_draft.ts";
import { parseStrictJson } from "./strict_json.ts";

/** A definition under one name. */
export type ValueKeyword =
  & FuncKeywordDefinition
  & { readonly keyword: string };

/**
 * ajv compares values with a function that trips over keys such as `valueOf`,
 * compares every pair of items, refuses an empty `enum`, and divides binary
 * fractions (19.99 is no multiple of 0.01).
 */
const COMPARISONS: readonly ValueKeyword[] = [
  {
    keyword: "enum",
    schemaType: "array",
    compile: (values: unknown[]) => {
      const known = new Set(values.map(canonicalJson));
      return (data) => known.has(canonicalJson(data));
    },
  },
  {
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    compile: (unique: boolean) => (data: unknown[]) =>
      !unique || new Set(data.map(canonicalJson)).size === data.length,
  },
  {
    keyword: "multipleOf",
    type: "number",
    schemaType: "number",
    compile: (divisor: number) => (data: number) => isMultiple(data, divisor),
  },
];

const CONST: ValueKeyword = {
  keyword: "const",
  compile: (value: unknown) => {
    const known = canonicalJson(value);
    return (data) => canonicalJson(data) === known;
  },
};

/** zag asserts these two in drafts 6 and 7; later they are annotations. */
const CONTENT: readonly ValueKeyword[] = [
  {
    keyword: "contentEncoding",
    type: "string",
    schemaType: "string",
    compile: (encoding: string) => (data: string) =>
      encoding !== "base64" || decodeBase64(data) !== undefined,
  },
  {
    keyword: "contentMediaType",
    type: "string",
    schemaType: "string",
    compile: (type: string, parent) => (data: string) => {
      if (type !== "application/json") return true;
      const encoded = (parent as Record<string, unknown>)["contentEncoding"];
      const text = encoded === "base64" ? decodeBase64(data) : data;
      // What cannot be decoded is the violation of the other keyword.
      return text === undefined || parseStrictJson(text).ok;
    },
  },
];

/** @returns those of a draft */
export function getValueKeywords(draft: Draft): ValueKeyword[] {
  if (draft === "04") return [...COMPARISONS];
  const hasContent = draft === "06" || draft === "07";
  return [...COMPARISONS, CONST, ...(hasContent ? CONTENT : [])];
}

/** Divides as decimals, as the numbers were written. */
function isMultiple(value: number, divisor: number): boolean {
  const [digits, exponent] = toDecimal(value);
  const [divisorDigits, divisorExponent] = toDecimal(divisor);
  const shift = exponent - divisorExponent;
  const scale = 10n ** BigInt(Math.abs(shift));
  return shift >= 0
    ? digits * scale % divisorDigits === 0n
    : digits % (divisorDigits * scale) === 0n;
}

/** @returns digits and exponent: the value is digits * 10^exponent */
function toDecimal(value: number): [digits: bigint, exponent: number] {
  const [mantissa = "0", exponent = "0"] = value.toExponential().split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}

function decodeBase64(text: string): string | undefined {
  // `atob` takes white space and missing padding, RFC 4648 does not.
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    return undefined;
  }
  const bytes = Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
