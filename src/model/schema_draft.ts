/** The drafts of JSON Schema that zag knows, and how a schema names one. */

import { SchemaError } from "./schema_error.ts";

/** A draft by the number or date in its address. */
export type Draft = "04" | "06" | "07" | "2019-09" | "2020-12";

const DRAFT_OF_ADDRESS: ReadonlyMap<string, Draft> = new Map([
  ["http://json-schema.org/draft-04/schema", "04"],
  ["http://json-schema.org/draft-06/schema", "06"],
  ["http://json-schema.org/draft-07/schema", "07"],
  ["https://json-schema.org/draft/2019-09/schema", "2019-09"],
  ["https://json-schema.org/draft/2020-12/schema", "2020-12"],
]);

/** Schemas at hand by their address; nothing else is ever looked for. */
export type SchemaDocuments = ReadonlyMap<string, unknown>;

/**
 * Tells the draft of a schema by its `$schema`; 2020-12 without one.
 *
 * @param documents where the address of somebody's own metaschema is looked up
 * @throws {SchemaError} where `$schema` names something else
 */
export function findDraft(schema: unknown, documents: SchemaDocuments): Draft {
  let current = schema;
  const seen = new Set<unknown>();
  for (;;) {
    const address = readAddress(current);
    if (address === undefined) return "2020-12";
    const draft = DRAFT_OF_ADDRESS.get(address.replace(/#+$/, ""));
    if (draft !== undefined) return draft;
    current = documents.get(address);
    if (current === undefined || seen.has(current)) {
      throw new SchemaError(
        `Invalid JSON schema: Unknown specification: ${address}`,
      );
    }
    seen.add(current);
  }
}

function readAddress(schema: unknown): string | undefined {
  if (typeof schema !== "object" || schema === null) return undefined;
  const address = (schema as Record<string, unknown>)["$schema"];
  return typeof address === "string" ? address : undefined;
}

/** In these, keywords beside `$ref` are ignored and `format` is asserted. */
export function isLegacyDraft(draft: Draft): boolean {
  return draft === "04" || draft === "06" || draft === "07";
}
