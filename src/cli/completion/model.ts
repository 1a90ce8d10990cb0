/**
 * What there is to complete: the tables of the command line, laid out as the
 * scripts of all shells need them.
 */

import { FILTER_KEYS } from "../../model/filter_keys.ts";
import { findVerb, GLOBAL_OPTIONS, VERBS } from "../spec.ts";
import type { Offer, OptionSpec, VerbSpec } from "../verb.ts";

/** One option. */
export interface Flag {
  /** Its names as they are typed: `-f`, `--filter`. */
  readonly words: readonly string[];
  readonly option: OptionSpec;
}

/** One verb. */
export interface VerbWords {
  readonly verb: VerbSpec;
  /** Its name and its aliases. */
  readonly words: readonly string[];
  /** Its own options, then the global ones. */
  readonly flags: readonly Flag[];
  /** Whether it takes more than one argument of the kind that it offers. */
  readonly many: boolean;
}

/** One key of the filters. */
export interface KeyWords {
  readonly key: string;
  /** How a filter of it begins: `status=`, or `age>` and `age<`. */
  readonly starts: readonly { readonly text: string; readonly help: string }[];
  /** Its values, where they are few; else they are asked for. */
  readonly values: readonly string[] | undefined;
}

/** The verb that is meant where none is named. */
export const DEFAULT_VERB = "list";

/** Every verb. */
export function getVerbs(): VerbWords[] {
  return VERBS.map((verb) => ({
    verb,
    words: [verb.name, ...verb.aliases],
    flags: [...verb.options, ...GLOBAL_OPTIONS].map(toFlag),
    many: verb.arity[1] === Infinity,
  }));
}

/** The options that stand where no verb is named. */
export function getDefaultFlags(): Flag[] {
  const { options = [] } = findVerb(DEFAULT_VERB) ?? {};
  return [...options, ...GLOBAL_OPTIONS].map(toFlag);
}

/** Every word that is followed by a value. */
export function getValueWords(): string[] {
  const flags = getVerbs().flatMap(({ flags }) => flags);
  return [
    ...new Set(
      flags.filter(({ option }) => option.value !== undefined)
        .flatMap(({ words }) => words),
    ),
  ];
}

/** Every key of the filters. */
export function getKeys(): KeyWords[] {
  return FILTER_KEYS.map(({ key, kind, help, values }) => ({
    key,
    starts: kind === "duration"
      ? [
        { text: `${key}>`, help: `More: ${help}` },
        { text: `${key}<`, help: `Less: ${help}` },
      ]
      : [{ text: `${key}=`, help }],
    values: kind === "duration" ? findDurations() : values,
  }));
}

/** The ages that `--older-than` offers. */
function findDurations(): readonly string[] {
  const offers = findOffer("older-than");
  return Array.isArray(offers) ? offers : [];
}

function findOffer(name: string): Offer | undefined {
  return getDefaultFlags().find(({ option }) => option.name === name)?.option
    .offers;
}

/** The name of the list that is asked for. */
export function getList(offers: Offer | undefined): string | undefined {
  return typeof offers === "object" && "list" in offers
    ? offers.list
    : undefined;
}

/** The words that are offered. */
export function getWords(offers: Offer | undefined): readonly string[] {
  return Array.isArray(offers) ? offers : [];
}

function toFlag(option: OptionSpec): Flag {
  const { name, short } = option;
  return { words: [...(short ? [`-${short}`] : []), `--${name}`], option };
}
