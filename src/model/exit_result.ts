/**
 * Whether a result is what the launch of a session asked for.
 *
 * @module
 */

import type { SchemaDocuments } from "./schema_draft.ts";
import { type JsonDocument, parseStrictJson } from "./strict_json.ts";

/**
 * What a session was launched with: the member `exit` of its entry. Nothing is
 * checked for what is absent.
 */
export interface ExitConstraints {
  /** What is expected, in words. If not blank, a result must not be blank. */
  readonly hint?: string | null | undefined;
  /** Whether the result must be JSON. */
  readonly json_mode?: boolean | undefined;
  /** A JSON Schema for the result. */
  readonly schema?: unknown;
}

/**
 * What is to be thought of a result.
 *
 * - `accepted`: it keeps to the constraints.
 * - `rejected`: it breaks the one named by `rule`; whoever made it can mend it.
 *   Each violation is one line, without line breaks of its own unless a name
 *   or pattern holds them.
 * - `unevaluable`: the constraints themselves are at fault: an invalid schema,
 *   a `$ref` to what is not at hand, a pattern that cannot be run safely.
 */
export type ResultVerdict =
  | { readonly kind: "accepted" }
  | {
    readonly kind: "rejected";
    readonly rule: "hint" | "schema" | "json";
    readonly violations: readonly string[];
  }
  | { readonly kind: "unevaluable"; readonly reason: string };

/** Settings of {@linkcode checkResult}. */
export interface CheckOptions {
  /**
   * Schemas that a `$ref` of the schema may name, by their absolute address.
   * References to others make the constraints unevaluable: none is fetched.
   */
  readonly documents?: ReadonlyMap<string, unknown> | undefined;
}

const ACCEPTED: ResultVerdict = { kind: "accepted" };

/**
 * Checks a result as zag does: the hint first, then the schema, and JSON mode
 * only where there is no schema. A fence of three backticks around the JSON is
 * allowed. It never uses the network, and rejects nothing by throwing.
 *
 * @param constraints none allow every result
 * @param result none counts as an empty one
 *
 * @example
 * ```ts
 * import { checkResult } from "@zag-ps/zag-ps";
 *
 * const verdict = await checkResult(
 *   { schema: { required: ["answer"] } },
 *   '{"question": 6}',
 * );
 * if (verdict.kind !== "rejected") throw new Error("Expected a rejection");
 * if (verdict.violations[0] !== '"answer" is a required property') {
 *   throw new Error(verdict.violations[0]);
 * }
 * ```
 */
export async function checkResult(
  constraints: ExitConstraints | null | undefined,
  result: string | undefined,
  options: CheckOptions = {},
): Promise<ResultVerdict> {
  const { hint, json_mode = false, schema } = constraints ?? {};
  const text = result ?? "";
  if (typeof hint === "string" && !isBlank(hint) && isBlank(text)) {
    return reject("hint", ["A non-empty result is required"]);
  }
  const hasSchema = schema !== undefined && schema !== null;
  if (!hasSchema && !json_mode) return ACCEPTED;
  const parsed = parseStrictJson(stripFences(text));
  if (!parsed.ok) {
    return reject(hasSchema ? "schema" : "json", [
      `Invalid JSON: ${parsed.why}`,
    ]);
  }
  return hasSchema
    ? await checkSchema(schema, parsed, options.documents)
    : ACCEPTED;
}

async function checkSchema(
  schema: unknown,
  document: JsonDocument,
  documents: SchemaDocuments | undefined,
): Promise<ResultVerdict> {
  // Only a schema pays for loading the validator.
  const { compileSchema, SchemaError } = await import("./json_schema.ts");
  try {
    const violations = compileSchema(schema, documents).validate(document);
    return violations.length === 0 ? ACCEPTED : reject("schema", violations);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return { kind: "unevaluable", reason: error.message };
  }
}

function reject(
  rule: "hint" | "schema" | "json",
  violations: readonly string[],
): ResultVerdict {
  return { kind: "rejected", rule, violations };
}

const FENCE = "```";

/**
 * Takes the Markdown fence off a JSON text, as zag does: one of three
 * backticks, bare or followed at once by `json`, at the very start, and one at
 * the very end. What else there is stays.
 */
export function stripFences(text: string): string {
  const trimmed = trimSpace(text);
  if (!trimmed.startsWith(FENCE)) return trimmed;
  const opening = trimmed.startsWith(`${FENCE}json`) ? `${FENCE}json` : FENCE;
  const rest = trimmed.slice(opening.length);
  return trimSpace(
    rest.endsWith(FENCE) ? rest.slice(0, -FENCE.length) : rest,
  );
}

/** Unicode White_Space. `trim` of JavaScript lacks U+0085 and takes U+FEFF. */
const SPACE =
  /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text.charAt(start))) start++;
  while (end > start && SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(text: string): boolean {
  return trimSpace(text) === "";
}
