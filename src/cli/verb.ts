/** What a verb of the command line is made of. */

import type { Context } from "../commands/context.ts";
import type { Style } from "./style.ts";

/**
 * What a completion offers for a value: words, files, folders, filters, a
 * command with its arguments, or one of the lists that `zag-ps completion`
 * prints from the store (see `listCandidates`).
 */
export type Offer =
  | readonly string[]
  | "files"
  | "folders"
  | "filters"
  | "command"
  | { readonly list: string };

/** One option. */
export interface OptionSpec {
  /** Its long name, without the dashes. */
  readonly name: string;
  /** Its one-letter name. */
  readonly short?: string;
  /** What its value stands for in the help; without it, it is a flag. */
  readonly value?: string;
  /** What a completion offers for the value; nothing without it. */
  readonly offers?: Offer;
  /** One line of help. */
  readonly help: string;
  /** It may be given several times. */
  readonly repeatable?: boolean;
}

/** A table at the end of a verb's help. */
export interface HelpTable {
  readonly title: string;
  readonly rows: readonly (readonly [left: string, right: string])[];
}

/** One verb. */
export interface VerbSpec {
  /** Its name. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** Its positional arguments, as the help shows them. */
  readonly positionals: string;
  /** How many positional arguments it takes. */
  readonly arity: readonly [min: number, max: number];
  /** What a completion offers for the first argument, or for each. */
  readonly offers?: Offer;
  readonly summary: string;
  /** What the help says below the options. */
  readonly notes: readonly string[];
  /** Its own options; the global ones come on top. */
  readonly options: readonly OptionSpec[];
  /** What the help says behind the options. */
  readonly tables?: readonly HelpTable[];
}

/** What was typed behind a verb. */
export interface Arguments {
  /** Positional arguments: those before `--`, then those after it. */
  readonly given: readonly string[];
  /** How many of them stood before `--`. */
  readonly typed: number;
  /** The names of the flags that were given. */
  readonly flags: ReadonlySet<string>;
  /** The values of the options that were given. */
  readonly values: ReadonlyMap<string, string>;
  /** The values of the repeatable options that were given, in order. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
}

/** Where the command line prints. */
export interface Console {
  /** Writes data. */
  readonly out: (text: string) => void;
  /** Writes errors, warnings and progress. */
  readonly err: (text: string) => void;
  /** Whether `out` goes to a terminal. */
  readonly isTerminal: () => boolean;
  /** The terminal's width in columns, where it is known. */
  readonly columns: () => number | undefined;
  /** Whether `err` goes to a terminal; without it, it does not. */
  readonly isErrTerminal?: () => Promise<boolean>;
  /**
   * Asks a person for a yes; `undefined` if there is no terminal to ask on.
   */
  readonly confirm?: (question: string) => Promise<boolean | undefined>;
}

/** What a verb works with. */
export interface Invocation {
  readonly context: Context;
  readonly screen: Console;
  /** Whether stdout has to hold one JSON value. */
  readonly json: boolean;
  /** The zag home that was asked for by option. */
  readonly zagHome: string | undefined;
  /** Colours for stdout. */
  readonly style: Style;
  /** Colours for {@linkcode Invocation.progress}. */
  readonly lineStyle: Style;
  /** Writes lines for a person: to stdout, with `--json` to stderr. */
  readonly progress: (text: string) => void;
}

/**
 * A verb: what the help, the parser and the completions say of it, how its
 * arguments are read, and what it does.
 */
export interface Verb<C extends { readonly verb: string }> extends VerbSpec {
  readonly name: C["verb"];
  /** Its exit status is 0 whatever happens: errors are printed alone. */
  readonly neverFails?: true;
  /** @throws {ZagPsError} `usage` */
  read(args: Arguments): C;
  /**
   * Loads the command it needs itself, so that no other verb waits for it.
   *
   * @returns the exit status, 0 without one
   */
  perform(command: C, invocation: Invocation): Promise<number | void>;
}
