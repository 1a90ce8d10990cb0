import type { ListOptions } from "../commands/list.ts";
import type { ResultSource } from "../commands/steps/read_result.ts";
import { say } from "../model/escape.ts";
import { findVerb, GLOBAL_OPTIONS, VERBS, type VerbSpec } from "./spec.ts";
import { didYouMean, parseWords, shorten, usage, type Words } from "./words.ts";

/** What a command line asks for. */
export type Command =
  | { readonly verb: "help"; readonly topic: VerbSpec | undefined }
  | { readonly verb: "version" }
  | { readonly verb: "list"; readonly options: ListOptions }
  | { readonly verb: "show" | "explain"; readonly handle: string }
  | {
    readonly verb: "stop";
    readonly handle: string;
    readonly unverified: boolean;
  }
  | {
    readonly verb: "kill";
    readonly handle: string;
    readonly result: ResultSource | undefined;
    /** The result was typed before any `--`: it may be a second id. */
    readonly mayBeId: boolean;
    readonly skipValidation: boolean;
    readonly unverified: boolean;
  };

/** A command line, understood. */
export interface Request {
  readonly command: Command;
  readonly json: boolean;
  readonly zagHome: string | undefined;
  readonly color: "auto" | "always" | "never";
}

/**
 * Understands a command line.
 *
 * @param argv the arguments, without the program
 * @throws {ZagPsError} `usage` with the remedy
 */
export function parseCommandLine(argv: readonly string[]): Request {
  const words = parseWords(argv);
  const [first, ...others] = words.before;
  // "help kill" is "kill --help".
  const [word, ...rest] = first === "help" ? others : words.before;
  const verb = word === undefined ? undefined : requireVerb(word);
  const common = readCommon(words);
  if (first === "help" || words.flags.has("help")) {
    return { ...common, command: { verb: "help", topic: verb } };
  }
  if (words.flags.has("version")) {
    return { ...common, command: { verb: "version" } };
  }
  const spec = verb ?? requireVerb("list");
  refuseForeignOptions(words, spec);
  return { ...common, command: buildCommand(spec, rest, words) };
}

function requireVerb(word: string): VerbSpec {
  const verb = findVerb(word);
  if (verb !== undefined) return verb;
  throw usage(
    say`Unknown command "${shorten(word)}"`,
    didYouMean(word, verbWords()),
  );
}

function readCommon(
  { flags, values }: Words,
): Pick<Request, "json" | "zagHome" | "color"> {
  const color = values.get("color") ?? "auto";
  if (color !== "auto" && color !== "always" && color !== "never") {
    throw usage(
      say`Option "--color" takes auto, always or never, not "${color}"`,
    );
  }
  return {
    json: flags.has("json"),
    zagHome: values.get("zag-home"),
    color,
  };
}

function refuseForeignOptions({ flags, values }: Words, verb: VerbSpec): void {
  const own = [...verb.options, ...GLOBAL_OPTIONS].map(({ name }) => name);
  for (const name of [...flags, ...values.keys()]) {
    if (own.includes(name)) continue;
    const homes = VERBS.filter(({ options }) =>
      options.some((option) => option.name === name)
    ).map((home) => `"${home.name}"`);
    throw usage(
      `"${verb.name}" has no option "--${name}"`,
      `It belongs to ${homes.join(" and ")}; ` +
        (verb.name === "kill"
          ? "a result that begins with a dash goes after --"
          : `see zag-ps ${verb.name} --help`),
    );
  }
}

function buildCommand(
  verb: VerbSpec,
  rest: readonly string[],
  { after, flags, values }: Words,
): Command {
  const given = [...rest, ...after];
  const [min, max] = verb.arity;
  if (given.length < min) {
    throw usage(
      `"${verb.name}" needs ${verb.positionals}`,
      `See zag-ps ${verb.name} --help`,
    );
  }
  if (given.length > max) {
    const extra = given[max] ?? "";
    const meant = rest.length > max && verb.name === "list" &&
      didYouMean(extra, verbWords());
    throw usage(
      say`Unexpected argument "${shorten(extra)}" for "${verb.name}"`,
      meant ||
        (verb.name === "kill"
          ? "A result of several words goes in quotes"
          : `See zag-ps ${verb.name} --help`),
    );
  }
  const handle = given[0] ?? "";
  if (verb.name === "list") {
    return {
      verb: "list",
      options: {
        running: flags.has("running"),
        limit: readLimit(values.get("limit")),
        provider: values.get("provider"),
        children: values.get("children"),
      },
    };
  }
  if (handle === "") {
    throw usage(`"${verb.name}" needs an ID that is not empty`);
  }
  const unverified = flags.has("unverified");
  if (verb.name === "stop") return { verb: "stop", handle, unverified };
  if (verb.name !== "kill") return { verb: verb.name, handle };
  return {
    verb: "kill",
    handle,
    result: readSource(given[1], values.get("file")),
    mayBeId: rest.length > 1,
    skipValidation: flags.has("skip-validation"),
    unverified,
  };
}

function readSource(
  text: string | undefined,
  file: string | undefined,
): ResultSource | undefined {
  if (text !== undefined && file !== undefined) {
    throw usage(
      'A RESULT and "--file" exclude each other',
      "Give the result once",
    );
  }
  if (text !== undefined) return { text };
  if (file === undefined) return undefined;
  return file === "-" ? { stdin: true } : { file };
}

function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw usage(
    say`Option "--limit" takes a whole number from 0 up, not "${
      shorten(text)
    }"`,
  );
}

function verbWords(): string[] {
  return VERBS.flatMap(({ name, aliases }) => [name, ...aliases]);
}
