import { parseArgs } from "@std/cli/parse-args";
import type { ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { quoteForShell } from "./shell.ts";
import { GLOBAL_OPTIONS, VERBS } from "./spec.ts";
import type { OptionSpec } from "./verb.ts";
import { didYouMean, shorten, usage } from "./usage_error.ts";

/** A command line, taken apart: which word is what. */
export interface Words {
  /** Positional arguments before `--`, the verb included. */
  readonly before: readonly string[];
  /** What stands after `--`. */
  readonly after: readonly string[];
  /** The names of the flags that were given. */
  readonly flags: ReadonlySet<string>;
  /** The values of the options that were given. */
  readonly values: ReadonlyMap<string, string>;
  /** The values of the repeatable options that were given, in order. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

// The published JavaScript of parseArgs carries no types.
const parse: (
  args: string[],
  options: {
    "--": boolean;
    string: string[];
    boolean: string[];
    collect: string[];
    alias: Record<string, string>;
    unknown: (arg: string, key?: string, value?: unknown) => boolean;
  },
) => Record<string, unknown> = parseArgs;

const ALL_OPTIONS: readonly OptionSpec[] = [
  ...GLOBAL_OPTIONS,
  ...VERBS.flatMap(({ options }) => options),
];

/**
 * Takes a command line apart. Texts stay as they were typed.
 *
 * @throws {ZagPsError} `usage` for an option that does not exist, is given
 * twice, or lacks its value
 */
export function parseWords(argv: readonly string[]): Words {
  const names = (wanted: boolean) =>
    ALL_OPTIONS.filter(({ value }) => (value !== undefined) === wanted)
      .map(({ name }) => name);
  const parsed = parse(attachValues(argv), {
    "--": true,
    // With "_" positionals stay the text that was typed.
    string: ["_", ...names(true)],
    boolean: names(false),
    // Without it the last of several values would win silently.
    collect: names(true),
    alias: Object.fromEntries(
      ALL_OPTIONS.flatMap(({ name, short }) => short ? [[name, short]] : []),
    ),
    unknown: (arg, key) => {
      if (key === undefined) return true;
      throw unknownOption(arg, argv);
    },
  });
  const values = new Map<string, string>();
  const lists = new Map<string, readonly string[]>();
  for (const { name, repeatable } of ALL_OPTIONS) {
    const given = parsed[name];
    if (!Array.isArray(given)) continue;
    if (given.includes("")) throw usage(`Option "--${name}" needs a value`);
    const [value, ...others] = given as string[];
    if (value === undefined) continue;
    if (repeatable) {
      lists.set(name, given);
      continue;
    }
    if (others.length > 0) throw usage(`Option "--${name}" is given twice`);
    values.set(name, value);
  }
  return {
    before: parsed._ as string[],
    after: parsed["--"] as string[],
    flags: new Set(names(false).filter((name) => parsed[name] === true)),
    values,
    lists,
  };
}

/**
 * Ties each option to its value, `--file -` to `--file=-` and `-pX` to
 * `--provider=X`, and each flag to its own: left alone, parseArgs takes no
 * value that is a dash, and lets a flag swallow a positional `true` or
 * `false`.
 */
function attachValues(argv: readonly string[]): string[] {
  const tied: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === "--") return [...tied, ...argv.slice(i)];
    // "_" is the name under which parseArgs keeps the positionals.
    if (/^--?_/.test(word)) throw unknownOption(word, argv);
    const option = findOption(word);
    if (option === undefined) {
      tied.push(tieTogether(word));
    } else if (option.value === undefined) {
      tied.push(`--${option.name}=true`);
    } else {
      const value = argv[i + 1];
      if (value === undefined || (value !== "-" && value.startsWith("-"))) {
        throw usage(
          say`Option "${word}" needs a value (${option.value})`,
          value
            ? say`Write ${word}=${shorten(value)} if that is the value`
            // Such as a result "-p": kill has no options with one letter.
            : argv.includes("kill") && option.short !== undefined
            ? dashRemedy(word)
            : undefined,
        );
      }
      tied.push(`--${option.name}=${value}`);
      i++;
    }
  }
  return tied;
}

function findOption(word: string): OptionSpec | undefined {
  return ALL_OPTIONS.find(({ name, short }) =>
    word === `--${name}` || (short !== undefined && word === `-${short}`)
  );
}

/** A word that may hold both an option and its value. */
function tieTogether(word: string): string {
  const named = /^(--[^=]+|-[^-])=/.exec(word)?.[1];
  const flag = named === undefined ? undefined : findOption(named);
  if (flag !== undefined && flag.value === undefined) {
    throw usage(`Option "${named}" takes no value`);
  }
  const short = /^-[^-]/.exec(word)?.[0];
  const option = short === undefined ? undefined : findOption(short);
  if (option?.value === undefined) return word;
  return `--${option.name}=${word.slice(2).replace(/^=/, "")}`;
}

function unknownOption(arg: string, argv: readonly string[]): ZagPsError {
  const word = shorten(arg.split("=")[0] ?? arg);
  const longs = ALL_OPTIONS.map(({ name }) => `--${name}`);
  const meant = didYouMean(word, longs);
  // To kill the same text may have been meant as the result.
  const remedy = argv.includes("kill")
    ? dashRemedy(arg)
    : meant === undefined
    ? "See zag-ps --help"
    : undefined;
  return usage(
    say`Unknown option "${word}"`,
    [readSignalOption(arg, argv) ?? meant, remedy].filter((line) =>
      line !== undefined
    ).join("\n"),
  );
}

/** What is meant by an option that names a signal, as kill(1) takes it. */
function readSignalOption(
  arg: string,
  argv: readonly string[],
): string | undefined {
  if (!argv.includes("kill") && !argv.includes("stop")) return undefined;
  if (/^-(?:9|(?:SIG)?KILL)$/.test(arg)) {
    return "--now ends a process at once, with SIGKILL";
  }
  return /^-(?:15|(?:SIG)?(?:HUP|INT|QUIT|TERM))$/.test(arg)
    ? say`A signal is named with -s: -s ${arg.slice(1)}`
    : undefined;
}

/** How to pass a text that begins with a dash. */
function dashRemedy(text: string): string {
  return say`A text that begins with a dash goes after --, for example: zag-ps kill self -- ${
    quoteForShell(shorten(text))
  }`;
}
