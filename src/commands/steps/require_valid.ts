import { ZagPsError } from "../../model/errors.ts";
import { escapeControls, say, toSafeJson } from "../../model/escape.ts";
import {
  checkResult,
  type ExitConstraints,
  type ResultVerdict,
} from "../../model/exit_result.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import type { SessionEntry } from "../../model/session_entry.ts";
import type { Context } from "../context.ts";
import type { SessionSearch } from "./find_session.ts";

/** A session that a result may be recorded for. */
export interface ValidSession {
  readonly entry: SessionEntry;
  /** The path of the store that holds it. */
  readonly store: string;
}

interface Circumstances {
  readonly skip: boolean;
  readonly retry: string;
  readonly entry: ProcessEntry;
}

/**
 * Checks a result against what the launch of the session asked for.
 *
 * @returns the session to record the result for; `undefined` if there is
 * neither a session nor a result
 * @throws {ZagPsError} `rejected`, `unevaluable` (unless skipped) or
 * `no-session`
 */
export async function requireValid(
  context: Context,
  found: SessionSearch,
  result: string | undefined,
  circumstances: Circumstances,
): Promise<ValidSession | undefined> {
  const { skip, retry, entry } = circumstances;
  if (found.kind === "none") {
    if (result === undefined) return undefined;
    const what = typeof entry.session_id === "string"
      ? say`session "${entry.session_id}" was not found in any store below "${context.paths.home}"`
      : "its entry names no session";
    throw new ZagPsError(
      "no-session",
      say`Cannot record the result of process ${entry.id}: ` + what +
        "\nNothing was signalled. Keep the result elsewhere and kill without one to end the process all the same",
    );
  }
  if (found.kind === "unreadable") {
    refuseUnlessSkipped(context, found.reason, skip);
  } else {
    const constraints = found.session.exit;
    const verdict = await checkResult(constraints, result);
    if (verdict.kind === "rejected") {
      throw new ZagPsError(
        "rejected",
        describeRejection(verdict, constraints ?? {}, retry),
      );
    }
    if (verdict.kind === "unevaluable") {
      refuseUnlessSkipped(context, verdict.reason, skip);
    }
  }
  return { entry: found.session, store: found.store };
}

function refuseUnlessSkipped(
  context: Context,
  reason: string,
  skip: boolean,
): void {
  const safe = reason.split("\n").map(escapeControls).join("\n");
  if (skip) {
    context.warn(`Validation of the result was skipped: ${safe}`);
    return;
  }
  throw new ZagPsError(
    "unevaluable",
    `Cannot check the result against what the launch asked for: ${safe}\n` +
      "Nothing was recorded or signalled. Mend that, or kill with --skip-validation",
  );
}

/** What was wrong, what was expected, and how to call again. */
export function describeRejection(
  verdict: Extract<ResultVerdict, { kind: "rejected" }>,
  constraints: ExitConstraints,
  retry: string,
): string {
  const hint = constraints.hint?.trim() ?? "";
  const lines: string[] = [];
  if (verdict.rule === "hint") {
    lines.push("Cannot terminate: a non-empty result is required");
  } else if (verdict.rule === "json") {
    const [violation = ""] = verdict.violations;
    lines.push(
      say`Result is not valid JSON: ${
        violation.replace(/^Invalid JSON: /, "")
      }`,
      "It must be one JSON value: an object, array, string, number, boolean or null",
    );
  } else {
    lines.push("Result failed JSON-schema validation:");
    for (const violation of verdict.violations) {
      lines.push(say`  - ${violation}`);
    }
  }
  if (hint !== "") lines.push(say`Expected: ${hint}`);
  if (verdict.rule === "schema") {
    lines.push(`Schema: ${printSchema(constraints.schema)}`);
  }
  lines.push(
    "Nothing was recorded and the process is still running. Fix the result and run:",
    `  ${retry} '<result>'`,
    `  ${retry} --file <path>`,
  );
  return lines.join("\n");
}

/** A rejection stays one, also where its schema is beyond printing. */
function printSchema(schema: unknown): string {
  try {
    return toSafeJson(schema);
  } catch (error) {
    if (error instanceof RangeError) return "(too deeply nested to be shown)";
    throw error;
  }
}
