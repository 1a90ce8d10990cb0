/** The order in which violations are listed. */

import { compareKeys } from "./canonical_json.ts";

/** One thing that is wrong with a document. */
export interface Violation {
  /** The JSON Pointer of the value at fault. */
  readonly pointer: string;
  readonly keyword: string;
  readonly message: string;
  /** The member whose name is at fault, not its value. */
  readonly propertyName?: string;
}

/** @returns the keys of a JSON Pointer, as they are in the document */
export function splitPointer(pointer: string): string[] {
  return pointer.split("/").slice(1).map((key) =>
    key.replaceAll("~1", "/").replaceAll("~0", "~")
  );
}

/**
 * Sorts as zag does for a schema without branches: members by key, items by
 * index, and the violations of one value by keyword, where those of its own
 * members and items stand at `properties` and `items`.
 */
export function orderViolations(violations: readonly Violation[]): Violation[] {
  return violations
    .map((violation) => ({
      violation,
      keys: splitPointer(violation.pointer),
      rank: getRank(violation),
    }))
    .sort((left, right) => {
      for (let at = 0;; at++) {
        const a = left.keys[at];
        const b = right.keys[at];
        if (a === undefined && b === undefined) {
          return compareKeys(left.rank, right.rank);
        }
        if (a === undefined) return compareKeys(left.rank, getPlace(b));
        if (b === undefined) return compareKeys(getPlace(a), right.rank);
        if (a !== b) {
          return isIndex(a) && isIndex(b)
            ? Number(a) - Number(b)
            : compareKeys(a, b);
        }
      }
    })
    .map(({ violation }) => violation);
}

function getPlace(key: string | undefined): string {
  return isIndex(key) ? "items" : "properties";
}

function isIndex(key: string | undefined): boolean {
  return key !== undefined && /^\d{1,15}$/.test(key);
}

function getRank({ keyword, propertyName }: Violation): string {
  if (propertyName !== undefined) {
    return `propertyNames ${propertyName}\0${keyword}`;
  }
  // zag looks at the other members together with those that have a schema.
  return keyword === "additionalProperties" ? "properties, others" : keyword;
}
