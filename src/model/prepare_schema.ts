/** Rewrites a schema where ajv would read it in another way than its draft. */

import {
  type Draft,
  isLegacyDraft,
  type SchemaDocuments,
} from "./schema_draft.ts";
import { SchemaError } from "./schema_error.ts";
import { MAX_NESTED_CONTAINERS, setMember } from "./strict_json.ts";

type Members = Record<string, unknown>;

/** Keywords whose value maps names to schemas. */
const MAPS = new Set([
  "$defs",
  "definitions",
  "dependencies",
  "dependentSchemas",
  "patternProperties",
  "properties",
]);

/** Keywords whose value is data, not a schema. */
const DATA = new Set(["const", "default", "enum", "examples"]);

const UNEVALUATED = ["unevaluatedItems", "unevaluatedProperties"];

/** Beyond this, compiling takes seconds. Data such as `enum` does not count. */
const MAX_SUBSCHEMAS = 5000;

/** Schemas as ajv takes them. */
export interface PreparedSchemas {
  readonly schema: unknown;
  readonly documents: SchemaDocuments;
  /** Whether any of them has `unevaluatedItems` or `unevaluatedProperties`. */
  readonly unevaluated: boolean;
}

/**
 * Copies schemas and changes what ajv takes in a sense of its own:
 *
 * - `nullable` and `$async` are no keywords of any draft, but ajv obeys them.
 * - `properties.__proto__` is skipped by ajv; a pattern says the same.
 * - Drafts 4 to 7 ignore what stands beside `$ref`; ajv, told to do so, still
 *   obeys an id and a type.
 * - `if` without `then` and `else` is skipped by ajv, and with it what it has
 *   evaluated; where that counts, an empty clause that ajv does not see through
 *   keeps it.
 * - `$dynamicRef` and `$recursiveRef` are made a `$ref` where only one schema
 *   can be meant; ajv may find none.
 *
 * @throws {SchemaError} where one is nested too deeply, too large, or holds
 * what is not JSON
 */
export function prepareSchemas(
  schema: unknown,
  documents: SchemaDocuments,
  draft: Draft,
): PreparedSchemas {
  const preparation = new Preparation(draft);
  const prepared = {
    schema: preparation.copySchema(schema, 0),
    documents: new Map(
      Array.from(documents, ([address, document]) => [
        address,
        preparation.copySchema(document, 0),
      ]),
    ),
  };
  preparation.settleReferences();
  preparation.settleConditions();
  return { ...prepared, unevaluated: preparation.unevaluated };
}

class Preparation {
  readonly #draft: Draft;
  #schemas = 0;
  /** How many schemas have each `$dynamicAnchor`. */
  readonly #anchors = new Map<unknown, number>();
  #recursiveAnchors = 0;
  readonly #dynamic: Members[] = [];
  readonly #conditional: Members[] = [];
  unevaluated = false;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  copySchema(schema: unknown, depth: number): unknown {
    const isSchema = typeof schema === "boolean" || isMembers(schema);
    if (isSchema && ++this.#schemas > MAX_SUBSCHEMAS) {
      throw new SchemaError(
        `Validation was given up: the schema holds more than ${MAX_SUBSCHEMAS} subschemas`,
      );
    }
    return this.#copy(schema, depth, (key, value) => {
      if (DATA.has(key)) return this.copyData(value, depth + 1);
      if (MAPS.has(key)) return this.#copyMap(value, depth + 1);
      return this.copySchema(value, depth + 1);
    }, (members) => this.#mend(members));
  }

  #copyMap(map: unknown, depth: number): unknown {
    return this.#copy(map, depth, (_, value) => {
      return this.copySchema(value, depth + 1);
    });
  }

  copyData(data: unknown, depth: number): unknown {
    return this.#copy(data, depth, (_, value) => {
      return this.copyData(value, depth + 1);
    });
  }

  #copy(
    value: unknown,
    depth: number,
    copyMember: (key: string, value: unknown) => unknown,
    mend: (members: Members) => void = () => {},
  ): unknown {
    if (typeof value !== "object" || value === null) {
      if (isJsonScalar(value)) return value;
      throw new SchemaError(
        `Invalid JSON schema: it holds a ${typeof value} that JSON has not`,
      );
    }
    if (depth >= MAX_NESTED_CONTAINERS) {
      throw new SchemaError(
        `Validation was given up: the schema is nested deeper than ${MAX_NESTED_CONTAINERS} levels`,
      );
    }
    if (Array.isArray(value)) {
      return value.map((item, index) => copyMember(String(index), item));
    }
    const members: Members = {};
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      setMember(members, key, copyMember(key, member));
    }
    mend(members);
    return members;
  }

  #mend(schema: Members): void {
    if (typeof schema["nullable"] === "boolean") delete schema["nullable"];
    if (typeof schema["$async"] === "boolean") delete schema["$async"];
    mendPrototype(schema);
    if (isLegacyDraft(this.#draft)) {
      if (typeof schema["$ref"] !== "string") return;
      if (typeof schema["$id"] === "string") delete schema["$id"];
      if (typeof schema["id"] === "string") delete schema["id"];
      delete schema["type"];
      return;
    }
    if (Object.hasOwn(schema, "if")) this.#conditional.push(schema);
    if (UNEVALUATED.some((keyword) => Object.hasOwn(schema, keyword))) {
      this.unevaluated = true;
    }
    const anchor = schema["$dynamicAnchor"];
    this.#anchors.set(anchor, (this.#anchors.get(anchor) ?? 0) + 1);
    if (schema["$recursiveAnchor"] === true) this.#recursiveAnchors++;
    if (typeof schema[this.#dynamicKeyword] === "string") {
      this.#dynamic.push(schema);
    }
  }

  get #dynamicKeyword(): string {
    return this.#draft === "2019-09" ? "$recursiveRef" : "$dynamicRef";
  }

  /** Is called when all schemas are copied. */
  settleConditions(): void {
    if (!this.unevaluated) return;
    for (const schema of this.#conditional) {
      schema["then"] ??= { allOf: [true] };
      schema["else"] ??= { allOf: [true] };
    }
  }

  /** Is called when all schemas are copied. */
  settleReferences(): void {
    const keyword = this.#dynamicKeyword;
    for (const schema of this.#dynamic) {
      const reference = schema[keyword] as string;
      const name = reference.slice(reference.indexOf("#") + 1);
      const candidates = keyword === "$recursiveRef"
        ? this.#recursiveAnchors
        : this.#anchors.get(name) ?? 0;
      // One is its own only candidate: the schema that the name leads to.
      if (candidates > (keyword === "$recursiveRef" ? 0 : 1)) continue;
      delete schema[keyword];
      const { allOf = [] } = schema;
      if (Array.isArray(allOf)) {
        schema["allOf"] = [...allOf, { $ref: reference }];
      }
    }
  }
}

function mendPrototype(schema: Members): void {
  const { properties, patternProperties = {} } = schema;
  if (!isMembers(properties) || !isMembers(patternProperties)) return;
  if (!Object.hasOwn(properties, "__proto__")) return;
  const own = Object.getOwnPropertyDescriptor(properties, "__proto__")?.value;
  schema["patternProperties"] = { ...patternProperties, "^__proto__$": own };
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isJsonScalar(value: unknown): boolean {
  return value === null || typeof value === "string" ||
    typeof value === "boolean" ||
    (typeof value === "number" && Number.isFinite(value));
}
