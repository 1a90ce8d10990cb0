/** The inputs of the Action: environment variables in, one typed value out. */

import * as v from "valibot";
import type { ResultSource } from "../src/commands/steps/read_result.ts";
import { parseDuration } from "../src/model/duration.ts";
import { reasonOf, ZagPsError } from "../src/model/errors.ts";
import { say } from "../src/model/escape.ts";
import { parseFilter } from "../src/model/filters.ts";
import { CONTRADICTIONS } from "./contradictions.ts";

/** The environment of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What a person asks of the Action. */
export type Inputs =
  & Omit<Values, "result" | "result-file">
  & {
    /** The final result, where one is given. */
    readonly result: ResultSource | undefined;
  };

/** The values of all inputs, by their names. */
export type Values = v.InferOutput<typeof SCHEMA>;

/** Says what is wrong with a value. */
function fail(text: string, takes: string): string {
  return say`it takes ${takes}, not "${shorten(text)}"`;
}

const oneOf = <const T extends readonly [string, string, ...string[]]>(
  words: T,
  fallback: T[number],
) => {
  const names = words.slice(0, -1).join(", ") + ` or ${words.at(-1)}`;
  const word = v.picklist(
    words,
    ({ input }) => fail(String(input), names),
  );
  return v.optional(v.pipe(v.string(), v.trim(), word), fallback);
};

const FLAGS: Readonly<Record<string, boolean>> = {
  // Those that GitHub's own toolkit knows: the core schema of YAML 1.2.
  ...{ true: true, True: true, TRUE: true },
  ...{ false: false, False: false, FALSE: false },
};

const flag = (fallback: "true" | "false") => {
  const text = v.pipe(
    v.string(),
    v.trim(),
    v.check(
      (text) => Object.hasOwn(FLAGS, text),
      ({ input }) => fail(input, "true or false"),
    ),
    v.transform((text) => FLAGS[text] === true),
  );
  return v.optional(text, fallback);
};

/** A text that a function understands, or says why not. */
const parsed = <T>(parse: (text: string) => T) =>
  v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
    try {
      return parse(dataset.value);
    } catch (error) {
      addIssue({ message: reasonOf(error) });
      return NEVER;
    }
  });

/** What is empty was not given. */
const text = () =>
  v.optional(
    v.pipe(v.string(), v.trim(), v.transform((text) => text || undefined)),
    "",
  );

const lines = (check: (line: string) => unknown) =>
  v.optional(
    v.pipe(
      v.string(),
      v.transform((text) =>
        text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean)
      ),
      v.rawTransform<string[], readonly string[]>(
        ({ dataset, addIssue, NEVER }) => {
          try {
            dataset.value.forEach(check);
            return dataset.value;
          } catch (error) {
            addIssue({ message: reasonOf(error) });
            return NEVER;
          }
        },
      ),
    ),
    "",
  );

/** Every input, with its default as action.yml has it. */
const SCHEMA = v.object({
  command: oneOf(["list", "stop", "kill", "reap", "prune"], "list"),
  scope: oneOf(["job", "runner", "host"], "runner"),
  "older-than": v.optional(
    v.pipe(
      v.string(),
      v.trim(),
      parsed((text) => {
        if (text !== "") parseDuration(text);
        return text || undefined;
      }),
    ),
    "",
  ),
  provider: lines((line) => line),
  filter: lines((line) => parseFilter(line)),
  "include-untracked": flag("true"),
  "include-detached": flag("false"),
  timeout: v.optional(
    v.pipe(v.string(), v.trim(), parsed(parseDuration)),
    "10s",
  ),
  tree: flag("true"),
  post: oneOf(["none", "list", "stop", "kill"], "none"),
  "dry-run": flag("false"),
  "fail-on-found": flag("false"),
  "fail-on-survivor": flag("true"),
  max: v.optional(v.pipe(v.string(), v.trim(), parsed(parseMax)), "50"),
  id: text(),
  // Every character of a result counts.
  result: v.optional(v.string(), ""),
  "result-file": text(),
  "zag-home": text(),
  summary: flag("true"),
  "show-prompts": flag("false"),
});

/** The names of the inputs. */
export const INPUT_NAMES = Object.keys(SCHEMA.entries) as (keyof Values)[];

/**
 * Reads and checks the inputs.
 *
 * @param variables the environment: the runner sets `INPUT_<NAME>`, for
 * inputs that action.yml does not know, too
 * @throws {ZagPsError} `usage` that names the input
 */
export function readInputs(variables: Variables): Inputs {
  const given = gather(variables);
  const read = v.safeParse(SCHEMA, given, { abortEarly: true });
  if (!read.success) {
    const [{ path, message }] = read.issues;
    throw refuse(String(path?.[0]?.key), message);
  }
  const { result, "result-file": file, ...values } = read.output;
  const contradiction = CONTRADICTIONS.find(({ holds }) => holds(read.output));
  if (contradiction !== undefined) {
    throw refuse(contradiction.input, contradiction.why);
  }
  return {
    ...values,
    result: file !== undefined
      ? { file }
      : result !== ""
      ? { text: result }
      : undefined,
  };
}

/** What was given, by name; what the Action does not know is refused. */
function gather(variables: Variables): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [variable, value] of Object.entries(variables)) {
    if (!variable.startsWith("INPUT_") || value === undefined) continue;
    const name = variable.slice("INPUT_".length).toLowerCase();
    if (!INPUT_NAMES.some((known) => known === name)) {
      const known = `Known inputs: ${INPUT_NAMES.join(", ")}`;
      throw refuse(shorten(name), `there is no such input\n${known}`);
    }
    given[name] = value;
  }
  return given;
}

function parseMax(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new ZagPsError("usage", fail(text, "a whole number from 1 up"));
}

function refuse(input: string, why: string): ZagPsError {
  return new ZagPsError(
    "usage",
    say`Cannot use the input "${input}": ` + why,
  );
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
