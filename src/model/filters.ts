/** The filters `key=value`, `key!=value`, `key<value` and `key>value`. */

import { parseDuration } from "./duration.ts";
import { ZagPsError } from "./errors.ts";
import { say } from "./escape.ts";
import {
  type Fact,
  FILTER_KEYS,
  type FilterKey,
  type Subject,
} from "./filter_keys.ts";
import { isFolderOrBelow } from "./folder_paths.ts";
import { MIN_PREFIX_LENGTH } from "./target.ts";
import { readPidHandle } from "./untracked.ts";

/** How a fact is held against a value. */
export type Operator = "=" | "!=" | "<" | ">";

/** One filter, understood. */
export interface Term {
  /** What is looked at. */
  readonly key: FilterKey;
  /** How. */
  readonly operator: Operator;
  /** The value as it was written. */
  readonly value: string;
  /** The value of a duration, in milliseconds; 0 for others. */
  readonly amount: number;
}

/** Longer values are cut in messages. */
const MAX_QUOTED_LENGTH = 60;

/**
 * Reads a filter.
 *
 * @param text such as `status=running`, `tag!=keep` or `age>2h`
 * @param keys the keys that there are
 * @throws {ZagPsError} `usage` that names the known keys, operators or values
 */
export function parseFilter(
  text: string,
  keys: readonly FilterKey[] = FILTER_KEYS,
): Term {
  const [, name, operator, value] = /^([^=!<>]*)(!=|=|<|>)(.*)$/s.exec(text) ??
    [];
  if (name === undefined || operator === undefined || value === undefined) {
    throw refuse(text, "It is not of the form KEY=VALUE", nameKeys(keys));
  }
  const key = keys.find(({ key }) => key === name);
  if (key === undefined) {
    throw refuse(text, say`There is no key "${cut(name)}"`, nameKeys(keys));
  }
  const operators = key.kind === "duration" ? ["<", ">"] : ["=", "!="];
  if (!operators.includes(operator)) {
    throw refuse(
      text,
      `The key "${key.key}" does not go with "${operator}"`,
      `Write ${operators.map((o) => `${key.key}${o}VALUE`).join(" or ")}`,
    );
  }
  const term = { key, operator: operator as Operator, value, amount: 0 };
  if (value === "") throw refuse(text, "It lacks its value");
  if (key.kind === "duration") {
    try {
      return { ...term, amount: parseDuration(value) };
    } catch (error) {
      throw error instanceof ZagPsError ? refuse(text, error.message) : error;
    }
  }
  if (key.values !== undefined && !key.values.includes(value)) {
    throw refuse(
      text,
      say`"${cut(value)}" is no value of "${key.key}"`,
      `Known values: ${key.values.join(", ")}`,
    );
  }
  return term;
}

function refuse(text: string, ...lines: string[]): ZagPsError {
  const message = say`Cannot read the filter "${cut(text)}": `;
  return new ZagPsError("usage", message + lines.join("\n"));
}

function nameKeys(keys: readonly FilterKey[]): string {
  return `Known keys: ${keys.map(({ key }) => key).join(", ")}`;
}

function cut(text: string): string {
  const characters = [...text.slice(0, MAX_QUOTED_LENGTH * 2)];
  const short = characters.slice(0, MAX_QUOTED_LENGTH).join("");
  return short.length < text.length ? `${short}...` : text;
}

/**
 * Whether an entry is selected: `=` terms of one key are alternatives, all
 * else has to hold together. A fact that is not known matches no term.
 */
export function matches(terms: readonly Term[], subject: Subject): boolean {
  let groups = grouped.get(terms);
  if (groups === undefined) grouped.set(terms, groups = groupTerms(terms));
  return groups.every((group) =>
    group.some((term) => matchesTerm(term, subject))
  );
}

/** A store may have a hundred thousand entries for one list of terms. */
const grouped = new WeakMap<readonly Term[], Term[][]>();

/** The terms, those that are alternatives together. */
function groupTerms(terms: readonly Term[]): Term[][] {
  const alternatives = new Map<string, Term[]>();
  const groups: Term[][] = [];
  for (const term of terms) {
    const group = term.operator === "="
      ? alternatives.get(term.key.key)
      : undefined;
    if (group !== undefined) {
      group.push(term);
      continue;
    }
    const started = [term];
    groups.push(started);
    if (term.operator === "=") alternatives.set(term.key.key, started);
  }
  return groups;
}

function matchesTerm(term: Term, subject: Subject): boolean {
  const { key, operator, amount } = term;
  const fact = key.read(subject);
  if (fact === undefined) return false;
  if (typeof fact === "number") {
    return operator === "<" ? fact < amount : fact > amount;
  }
  const answer = holds(term, fact, subject);
  if (operator === "=") return answer === true;
  return answer === false && fact.partial !== true;
}

/** Whether one of the texts is meant; `undefined` if that cannot be told. */
function holds(
  { key, value }: Term,
  { texts }: Exclude<Fact, number>,
  subject: Subject,
): boolean | undefined {
  const compare = COMPARISONS[key.kind];
  const answers = texts.map((text) => compare(text, value, subject));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

type Comparison = (
  text: string,
  value: string,
  subject: Subject,
) => boolean | undefined;

const isSame: Comparison = (text, value) => text === value;

/** A pid is no beginning of a longer one: `pid:123` is not `pid:1234`. */
const isSameOrLonger: Comparison = (text, value) =>
  text === value ||
  (value.length >= MIN_PREFIX_LENGTH && text.startsWith(value) &&
    readPidHandle(text) === undefined);

const COMPARISONS: Readonly<Record<FilterKey["kind"], Comparison>> = {
  text: isSame,
  word: isSame,
  duration: isSame,
  label: (text, value) => text.toLowerCase() === value.toLowerCase(),
  id: isSameOrLonger,
  session: isSameOrLonger,
  path: (text, value, { realPath }) => isFolderOrBelow(text, value, realPath),
};
