/**
 * The official JSON Schema test suite, run through zag-ps.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { compileSchema, SchemaError } from "../../src/model/json_schema.ts";
import { parseStrictJson } from "../../src/model/strict_json.ts";

/** The folders of the suite with the `$schema` that each stands for. */
export const DRAFTS: Readonly<Record<string, string>> = {
  "draft4": "http://json-schema.org/draft-04/schema#",
  "draft6": "http://json-schema.org/draft-06/schema#",
  "draft7": "http://json-schema.org/draft-07/schema#",
  "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
  "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
};

/** Where the suite expects its `remotes` folder to be served. */
const REMOTES = "http://localhost:1234/";

/** The suite's folder, or why it is not there. */
export function findSuite(): { folder: string } | { missing: string } {
  const named = process.env["JSON_SCHEMA_TEST_SUITE"];
  const folder = named ??
    join(process.cwd(), "..", "shared", "data", "json-schema-test-suite");
  if (existsSync(join(folder, "tests", "draft2020-12"))) return { folder };
  return {
    missing: named === undefined
      ? `Skipped: JSON_SCHEMA_TEST_SUITE is not set, and there is no suite in "${folder}"`
      : `Skipped: there is no suite in JSON_SCHEMA_TEST_SUITE "${named}"`,
  };
}

/** A schema of the suite with its cases. */
export interface Group {
  /** The file's name, such as `anyOf.json`. */
  readonly file: string;
  readonly description: string;
  readonly schema: unknown;
  readonly documents: ReadonlyMap<string, unknown> | undefined;
  readonly tests: readonly {
    readonly description: string;
    readonly data: unknown;
    readonly valid: boolean;
  }[];
}

/** Reads the required groups of a draft: the files beside `optional`. */
export function readGroups(folder: string, draft: string): Group[] {
  const tests = join(folder, "tests", draft);
  const documents = readRemotes(folder, draft);
  const groups: Group[] = [];
  for (const file of readdirSync(tests).sort()) {
    if (!file.endsWith(".json")) continue;
    const text = readFileSync(join(tests, file), "utf8");
    for (const group of JSON.parse(text) as Omit<Group, "file">[]) {
      const wanted = JSON.stringify(group.schema).includes(REMOTES);
      groups.push({
        ...group,
        file,
        schema: addDraft(group.schema, draft),
        documents: wanted ? documents : undefined,
      });
    }
  }
  return groups;
}

/** Without `$schema` the old drafts' schemas would be of 2020-12. */
function addDraft(schema: unknown, draft: string): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  return "$schema" in schema ? schema : { $schema: DRAFTS[draft], ...schema };
}

function readRemotes(folder: string, draft: string): Map<string, unknown> {
  const remotes = new Map<string, unknown>();
  const root = join(folder, "remotes");
  for (const entry of readdirSync(root, { recursive: true })) {
    const path = String(entry).replaceAll("\\", "/");
    const [top = ""] = path.split("/");
    const foreign = (top.startsWith("draft") && top !== draft) || top === "v1";
    if (foreign || !path.endsWith(".json")) continue;
    const text = readFileSync(join(root, path), "utf8");
    remotes.set(REMOTES + path, JSON.parse(text));
  }
  return remotes;
}

/** What zag-ps makes of a case. */
export type Outcome = "accepted" | "rejected" | "unevaluable";

/**
 * Runs the cases of a group.
 *
 * @returns the outcomes, in the order of the cases
 * @throws {unknown} whatever is thrown that says nothing of the schema
 */
export function runGroup({ schema, documents, tests }: Group): Outcome[] {
  const refuse = (error: unknown): Outcome => {
    if (error instanceof SchemaError) return "unevaluable";
    throw error;
  };
  let validate: ReturnType<typeof compileSchema>["validate"];
  try {
    ({ validate } = compileSchema(schema, documents));
  } catch (error) {
    const outcome = refuse(error);
    return tests.map(() => outcome);
  }
  return tests.map(({ data }) => {
    const parsed = parseStrictJson(JSON.stringify(data));
    if (!parsed.ok) throw new Error(parsed.why);
    try {
      return validate(parsed).length === 0 ? "accepted" : "rejected";
    } catch (error) {
      return refuse(error);
    }
  });
}
