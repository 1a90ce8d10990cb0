import { reasonOf, ZagPsError } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { checkResult, type ExitConstraints } from "../../model/exit_result.ts";
import { parseStrictJson } from "../../model/strict_json.ts";
import type { System } from "../../system/system.ts";

/** What a launch asks of the final result, as it was typed. */
export interface ConstraintSource {
  /** What is expected, in words. */
  readonly hint?: string | undefined;
  /** Whether the result must be JSON. */
  readonly json?: boolean | undefined;
  /** A JSON Schema, or the file that holds one. */
  readonly schema?: string | undefined;
}

/**
 * Reads what a launch asks of the final result, in the form in which zag keeps
 * it with the session.
 *
 * @throws {ZagPsError} `input` if the file with the schema cannot be read,
 * `usage` if the schema is none: an agent could never meet it
 */
export async function readConstraints(
  system: System,
  { hint = "", json = false, schema }: ConstraintSource,
): Promise<ExitConstraints> {
  if (schema === undefined) return { hint, json_mode: json };
  const constraints = {
    hint,
    json_mode: true,
    schema: readSchema(system, schema),
  };
  // Any JSON will do here: only whether the schema can be evaluated counts.
  const verdict = await checkResult({ schema: constraints.schema }, "null");
  if (verdict.kind !== "unevaluable") return constraints;
  throw new ZagPsError(
    "usage",
    say`Cannot use the JSON Schema of the result: ${verdict.reason}`,
  );
}

function readSchema(system: System, source: string): unknown {
  const inline = parseStrictJson(source);
  if (inline.ok && isSchema(inline.value)) return inline.value;
  // What begins like an object is meant as JSON, not as the name of a file.
  if (!inline.ok && /^\s*\{/.test(source)) {
    throw new ZagPsError(
      "usage",
      say`Cannot read the JSON Schema of the result: ${inline.why}`,
    );
  }
  const parsed = parseStrictJson(readText(system, source));
  if (parsed.ok && isSchema(parsed.value)) return parsed.value;
  const why = parsed.ok ? "it is no JSON Schema" : parsed.why;
  throw new ZagPsError(
    "usage",
    say`Cannot read the JSON Schema in "${source}": ${why}`,
  );
}

/** `false` allows no result at all, and so is a mistake. */
function isSchema(value: unknown): boolean {
  return value === true ||
    typeof value === "object" && value !== null && !Array.isArray(value);
}

function readText(system: System, path: string): string {
  try {
    const bytes = system.readFile(path);
    if (bytes === undefined) {
      throw Object.assign(new Error("no such file"), { code: "ENOENT" });
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    const why = cause instanceof TypeError
      ? "it is not valid UTF-8"
      : reasonOf(cause);
    throw new ZagPsError(
      "input",
      say`Failed to read the JSON Schema "${path}": ${why}`,
      { cause },
    );
  }
}
