/**
 * JSON Schema as zag applies it: drafts 4, 6, 7, 2019-09 and 2020-12 by
 * `$schema`, 2020-12 without one. Nothing is fetched, no pattern backtracks.
 *
 * @module
 */

import {
  type Ajv,
  constructAjv,
  MissingRefError,
  type Options,
  type ValidateFunction,
} from "./ajv.ts";
import { compileLinearRegExp, PatternError } from "./linear_regexp.ts";
import { prepareSchemas } from "./prepare_schema.ts";
import {
  type Draft,
  findDraft,
  isLegacyDraft,
  type SchemaDocuments,
} from "./schema_draft.ts";
import { SchemaError } from "./schema_error.ts";
import { getFormats } from "./schema_formats.ts";
import { changeKeywords } from "./schema_keywords.ts";
import { describeErrors } from "./schema_messages.ts";
import type { JsonDocument } from "./strict_json.ts";
import { BudgetError, WorkBudget } from "./work_budget.ts";

export { SchemaError } from "./schema_error.ts";

/** A schema ready to be applied. */
export interface CompiledSchema {
  /**
   * @returns the violations, one line each; none for a valid document
   * @throws {SchemaError} where the schema cannot be evaluated on it
   */
  validate(document: JsonDocument): string[];
}

/** References followed, with the members of what they are applied to. */
const MAX_STEPS = 10_000_000;
/** Characters matched, times the size of the pattern's program. */
const MAX_MATCHING = 1_000_000_000;

const NO_NUMBERS: JsonDocument["numbers"] = new Map();

/**
 * Compiles a schema.
 *
 * @param documents other schemas that a `$ref` may name, by address
 * @throws {SchemaError} where it is invalid, names a schema that is not at
 * hand, or has a pattern that cannot be run in linear time
 */
export function compileSchema(
  schema: unknown,
  documents: SchemaDocuments = new Map(),
): CompiledSchema {
  return guard(() => {
    const draft = findDraft(schema, documents);
    const prepared = prepareSchemas(schema, documents, draft);
    checkMetaschema(draft, prepared.schema);
    const steps = new WorkBudget(
      MAX_STEPS,
      `it took more than ${MAX_STEPS} steps`,
    );
    const matching = new WorkBudget(MAX_MATCHING, "its patterns take too long");
    const ajv = createAjv(draft, steps, matching);
    // Tracking what is evaluated costs time where nothing asks for it.
    ajv.opts.unevaluated = prepared.unevaluated;
    for (const [address, document] of prepared.documents) {
      ajv.addSchema(asSchema(document), address);
    }
    const validate = compileWith(ajv, prepared.schema);
    return {
      validate: (document) =>
        guard(() => {
          steps.refill();
          matching.refill();
          if (validate(document.value)) return [];
          return describeErrors(validate.errors ?? [], document);
        }),
    };
  });
}

type Schema = Parameters<Ajv["compile"]>[0];

function asSchema(schema: unknown): Schema {
  return schema as Schema;
}

function createAjv(draft: Draft, steps: WorkBudget, matching: WorkBudget): Ajv {
  const legacy = isLegacyDraft(draft);
  const options: Options = {
    allErrors: true,
    code: { optimize: false, regExp: createEngine(matching) },
    ignoreKeywordsWithRef: legacy,
    logger: false,
    messages: false,
    ownProperties: true,
    strict: false,
    validateFormats: legacy,
    // Done before, with an error of our own.
    validateSchema: false,
    verbose: true,
  };
  const ajv = constructAjv(draft, options);
  changeKeywords(ajv, draft, steps);
  if (legacy) {
    for (const [name, check] of getFormats(draft)) ajv.addFormat(name, check);
  }
  return ajv;
}

/** The engine for `pattern` and `patternProperties`. */
function createEngine(matching: WorkBudget) {
  // ajv keeps an expression under its text, so `toString` must tell them apart.
  const createExpression = (pattern: string) => {
    const expression = compileLinearRegExp(pattern);
    return {
      test: (text: string) => {
        matching.spend(text.length * expression.size);
        return expression.test(text);
      },
      toString: () => pattern,
    };
  };
  return Object.assign(createExpression, { code: "linear" });
}

const METASCHEMAS: Readonly<Record<Draft, string>> = {
  "04": "http://json-schema.org/draft-04/schema",
  "06": "http://json-schema.org/draft-06/schema",
  "07": "http://json-schema.org/draft-07/schema",
  "2019-09": "https://json-schema.org/draft/2019-09/schema",
  "2020-12": "https://json-schema.org/draft/2020-12/schema",
};

/** Compiling a metaschema takes longer than most schemas: once is enough. */
const metaschemas = new Map<Draft, ValidateFunction>();

function getMetaschema(draft: Draft): ValidateFunction {
  const known = metaschemas.get(draft);
  if (known !== undefined) return known;
  // The size of a schema is bounded before, and so is this work.
  const unbounded = new WorkBudget(Infinity, "");
  const ajv = createAjv(draft, unbounded, unbounded);
  const validate = ajv.getSchema(METASCHEMAS[draft]);
  if (validate === undefined) throw new Error(`No metaschema of ${draft}`);
  metaschemas.set(draft, validate);
  return validate;
}

function checkMetaschema(draft: Draft, schema: unknown): void {
  const validate = getMetaschema(draft);
  if (validate(schema)) return;
  const [first = ""] = describeErrors(validate.errors ?? [], {
    value: schema,
    numbers: NO_NUMBERS,
  });
  throw new SchemaError(`Invalid JSON schema: ${first}`);
}

function compileWith(ajv: Ajv, schema: unknown) {
  try {
    return ajv.compile(asSchema(schema));
  } catch (error) {
    if (error instanceof MissingRefError) {
      throw new SchemaError(describeMissing(ajv, error));
    }
    throw error;
  }
}

function describeMissing(ajv: Ajv, error: MissingRefError): string {
  const [address = "", fragment = ""] = error.missingRef.split("#");
  if (address !== "" && !Object.hasOwn(ajv.refs, address)) {
    return `Invalid JSON schema: Resource '${address}' is not available: references are not fetched`;
  }
  const kind = fragment.startsWith("/") ? "Pointer" : "Anchor";
  return `Invalid JSON schema: ${kind} '${fragment}' does not exist`;
}

/** Turns every error into one that says why the schema is not evaluated. */
function guard<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof SchemaError) throw error;
    if (error instanceof PatternError) {
      throw new SchemaError(`Invalid JSON schema: ${error.message}`);
    }
    if (error instanceof BudgetError) {
      throw new SchemaError(`Validation was given up: ${error.message}`);
    }
    if (error instanceof RangeError) {
      throw new SchemaError(
        "Validation was given up: the schema is too large or refers to itself without end",
      );
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new SchemaError(`The JSON schema cannot be evaluated: ${why}`);
  }
}
