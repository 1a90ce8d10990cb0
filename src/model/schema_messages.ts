/**
 * What ajv found wrong, in the words and the order of zag.
 *
 * @module
 */

import type { ErrorObject } from "./ajv.ts";
import { compareKeys, cutText, showJson } from "./canonical_json.ts";
import type { JsonDocument } from "./strict_json.ts";
import {
  orderViolations,
  splitPointer,
  type Violation,
} from "./violation_order.ts";

/** Say only that an error listed beside them holds. */
const SUMMARIES = new Set(["if", "propertyNames"]);

/**
 * Describes errors, one line each, without repeats: the message, then
 * ` at <JSON Pointer>` unless it is about the whole document.
 *
 * @param errors made with the options `allErrors` and `verbose`
 */
export function describeErrors(
  errors: readonly ErrorObject[],
  document: JsonDocument,
): string[] {
  const violations = joinPropertyErrors(errors)
    .filter(({ keyword }) => !SUMMARIES.has(keyword))
    .flatMap((error) => new Description(error, document).describe());
  const lines = orderViolations(violations).map(({ message, pointer }) =>
    pointer === "" ? message : `${message} at ${pointer}`
  );
  return [...new Set(lines)];
}

/** The parameters of ajv that name one property too many. */
const EXTRA_PROPERTY: Readonly<Record<string, string>> = {
  additionalProperties: "additionalProperty",
  unevaluatedProperties: "unevaluatedProperty",
};

/** Makes one error of those that name one extra property of an object each. */
function joinPropertyErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  const joined: ErrorObject[] = [];
  const namesOf = new Map<string, Map<unknown, Set<string>>>();
  for (const error of errors) {
    const parameter = EXTRA_PROPERTY[error.keyword];
    if (parameter === undefined) {
      joined.push(error);
      continue;
    }
    const place = `${error.keyword} ${error.instancePath}`;
    const bySchema = namesOf.get(place) ?? new Map<unknown, Set<string>>();
    namesOf.set(place, bySchema);
    let names = bySchema.get(error.parentSchema);
    if (names === undefined) {
      names = new Set();
      bySchema.set(error.parentSchema, names);
      joined.push({ ...error, params: { names } });
    }
    names.add(error.params[parameter] as string);
  }
  return joined;
}

class Description {
  readonly #error: ErrorObject;
  readonly #document: JsonDocument;

  constructor(error: ErrorObject, document: JsonDocument) {
    this.#error = error;
    this.#document = document;
  }

  describe(): Violation[] {
    const { keyword, instancePath, data, schema, params, propertyName } =
      this.#error;
    if (keyword === "items" && schema === false && Array.isArray(data)) {
      const first = params["limit"] as number;
      return data.slice(first).map((_, index) => ({
        pointer: `${instancePath}/${first + index}`,
        keyword,
        message: `False schema does not allow ${
          this.#showItems(data, first + index, first + index + 1)
        }`,
      }));
    }
    return [{
      pointer: instancePath,
      keyword,
      message: this.#getMessage(),
      ...(propertyName === undefined ? {} : { propertyName }),
    }];
  }

  #getMessage(): string {
    const { keyword, schema, params } = this.#error;
    switch (keyword) {
      case "type": {
        const types = [schema].flat().sort().map((type) => `"${type}"`);
        const kind = types.length === 1 ? "type" : "types";
        return `${this.#show()} is not of ${kind} ${types.join(", ")}`;
      }
      case "required":
      case "dependentRequired":
      case "dependencies":
        return `${showJson(params["missingProperty"])} is a required property`;
      case "additionalProperties":
        return this.#describeExtra("Additional properties");
      case "unevaluatedProperties":
        return this.#describeExtra("Unevaluated properties");
      case "additionalItems":
      case "unevaluatedItems":
        return this.#describeExtraItems(keyword);
      case "enum":
        return `${this.#show()} is not one of ${this.#showLimit()}`;
      case "const":
        return `${this.#showLimit()} was expected`;
      case "minLength":
        return `${this.#show()} is shorter than ${count(schema, "character")}`;
      case "maxLength":
        return `${this.#show()} is longer than ${count(schema, "character")}`;
      case "minItems":
        return `${this.#show()} has less than ${count(schema, "item")}`;
      case "maxItems":
        return `${this.#show()} has more than ${count(schema, "item")}`;
      case "minProperties":
        return `${this.#show()} has less than ${count(schema, "property")}`;
      case "maxProperties":
        return `${this.#show()} has more than ${count(schema, "property")}`;
      case "minimum":
      case "maximum":
      case "exclusiveMinimum":
      case "exclusiveMaximum":
        return `${this.#show()} is ${
          COMPARISONS[params["comparison"] as string]
        } of ${this.#showLimit()}`;
      case "multipleOf":
        return `${this.#show()} is not a multiple of ${this.#showLimit()}`;
      case "pattern":
        return `${this.#show()} does not match "${cutText(String(schema))}"`;
      case "format":
        return `${this.#show()} is not a "${cutText(String(schema))}"`;
      case "contentEncoding":
        return `${this.#show()} is not compliant with "${schema}" content encoding`;
      case "contentMediaType":
        return `${this.#show()} is not compliant with "${schema}" media type`;
      case "uniqueItems":
        return `${this.#show()} has non-unique elements`;
      case "contains":
        return `None of ${this.#show()} are valid under the given schema`;
      case "anyOf":
        return this.#describeUnion("not valid under any");
      case "oneOf":
        return this.#describeUnion(
          params["passing"] === 0
            ? "not valid under any"
            : "valid under more than one",
        );
      case "not":
        return `${this.#showLimit()} is not allowed for ${this.#show()}`;
      case "false schema":
        return `False schema does not allow ${this.#show()}`;
      default:
        return `${this.#show()} breaks "${keyword}"`;
    }
  }

  /** The value of the keyword. */
  #showLimit(): string {
    return showJson(this.#error.schema);
  }

  #describeUnion(verdict: string): string {
    return `${this.#show()} is ${verdict} of the schemas listed in the '${this.#error.keyword}' keyword`;
  }

  #describeExtra(what: string): string {
    const names = [...this.#error.params["names"] as Set<string>];
    const quoted = names.sort(compareKeys).map((name) => `'${name}'`);
    return notAllowed(what, cutText(quoted.join(", ")), names.length);
  }

  #describeExtraItems(keyword: string): string {
    const items = this.#error.data as unknown[];
    const first = this.#error.params["limit"] as number;
    return keyword === "additionalItems"
      ? notAllowed(
        "Additional items",
        this.#showItems(items, first, items.length),
        items.length - first,
      )
      : notAllowed(
        "Unevaluated items",
        this.#showItems(items, first, items.length, "'"),
        items.length - first,
      );
  }

  #showItems(items: unknown[], first: number, end: number, quote = ""): string {
    const texts = this.#document.numbers.get(items);
    const shown = items.slice(first, end).map((item, index) =>
      quote +
      (texts?.get(String(first + index)) ??
        showJson(item, this.#document.numbers)) +
      quote
    );
    return cutText(shown.join(", "));
  }

  /** The value at fault, its numbers as they were written. */
  #show(): string {
    const { data, instancePath } = this.#error;
    if (typeof data === "number") {
      const written = findNumberText(this.#document, instancePath);
      if (written !== undefined) return written;
    }
    return showJson(data, this.#document.numbers);
  }
}

/** By what ajv says should hold. */
const COMPARISONS: Readonly<Record<string, string>> = {
  ">=": "less than the minimum",
  "<=": "greater than the maximum",
  ">": "less than or equal to the minimum",
  "<": "greater than or equal to the maximum",
};

function count(limit: unknown, unit: string): string {
  if (limit === 1) return `1 ${unit}`;
  return `${limit} ${unit === "property" ? "properties" : `${unit}s`}`;
}

function notAllowed(what: string, list: string, length: number): string {
  return `${what} are not allowed (${list} ${
    length === 1 ? "was" : "were"
  } unexpected)`;
}

function findNumberText(
  { value, numbers }: JsonDocument,
  pointer: string,
): string | undefined {
  if (numbers.size === 0) return undefined;
  const keys = splitPointer(pointer);
  const last = keys.pop();
  if (last === undefined) return numbers.get(null)?.get("");
  let container = value;
  for (const key of keys) {
    container = (container as Record<string, unknown>)[key];
  }
  return numbers.get(container as object)?.get(last);
}
