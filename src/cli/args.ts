import { say } from "../model/escape.ts";
import { findVerb, GLOBAL_OPTIONS, type VerbCommand, VERBS } from "./spec.ts";
import { didYouMean, shorten, usage } from "./usage_error.ts";
import type { Verb, VerbSpec } from "./verb.ts";
import { parseWords, type Words } from "./words.ts";

/** What a command line asks for. */
export type Command =
  | { readonly verb: "help"; readonly topic: VerbSpec | undefined }
  | { readonly verb: "help-agent" }
  | { readonly verb: "version" }
  | VerbCommand;

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
  if (words.flags.has("help-agent")) {
    return { ...common, command: { verb: "help-agent" } };
  }
  if (words.flags.has("version")) {
    return { ...common, command: { verb: "version" } };
  }
  const spec = verb ?? requireVerb("list");
  refuseForeignOptions(words, spec);
  return { ...common, command: buildCommand(spec, rest, words) };
}

function requireVerb(word: string): Verb<VerbCommand> {
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

function refuseForeignOptions(
  { flags, values, lists }: Words,
  verb: VerbSpec,
): void {
  const own = [...verb.options, ...GLOBAL_OPTIONS].map(({ name }) => name);
  for (const name of [...flags, ...values.keys(), ...lists.keys()]) {
    if (own.includes(name)) continue;
    const homes = VERBS.filter(({ options }) =>
      options.some((option) => option.name === name)
    ).map((home) => `"${home.name}"`);
    throw usage(
      `"${verb.name}" has no option "--${name}"`,
      `It belongs to ${new Intl.ListFormat("en").format(homes)}; ` +
        (verb.name === "kill"
          ? "a result that begins with a dash goes after --"
          : `see zag-ps ${verb.name} --help`),
    );
  }
}

function buildCommand(
  verb: Verb<VerbCommand>,
  rest: readonly string[],
  { after, flags, values, lists }: Words,
): VerbCommand {
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
  return verb.read({ given, typed: rest.length, flags, values, lists });
}

function verbWords(): string[] {
  return VERBS.flatMap(({ name, aliases }) => [name, ...aliases]);
}
