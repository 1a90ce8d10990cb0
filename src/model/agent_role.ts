import type { AgentPattern, WordRole } from "./pattern_types.ts";

/** The arguments of a program, as far as they may tell what it does. */
export interface LeadingArguments {
  /** Flags before the first word, without their values. */
  readonly flags: readonly string[];
  /** The first word, and the one right behind it; two at most. */
  readonly words: readonly string[];
}

/**
 * Reads the arguments up to the first word: what follows may be a prompt and
 * is never looked at.
 *
 * @param values flags that are followed by a value of their own
 */
export function readLeadingArguments(
  rest: readonly string[],
  values: readonly string[] = [],
): LeadingArguments {
  const flags: string[] = [];
  for (let i = 0; i < rest.length; i++) {
    const arg = rest[i] as string;
    if (arg === "--") break;
    if (!arg.startsWith("-")) {
      const words = rest.slice(i, i + 2).filter((word) => word[0] !== "-");
      return { flags, words };
    }
    flags.push(arg.split("=", 1)[0] as string);
    if (values.includes(arg)) i++;
  }
  return { flags, words: [] };
}

/** What a program does, and the argument that says so. */
export interface RoleVerdict {
  readonly role: WordRole;
  /** The word or flag that decided; absent where none did. */
  readonly by?: string;
}

/** What the program of an agent does, by its first word and leading flags. */
export function findRole(
  rest: readonly string[],
  { values, flags: byFlag = {}, words: byWord = {}, role = "agent" }:
    AgentPattern,
): RoleVerdict {
  const { flags, words } = readLeadingArguments(rest, values);
  const flag = flags.find((flag) => Object.hasOwn(byFlag, flag));
  if (flag !== undefined) return { role: byFlag[flag] as WordRole, by: flag };
  const [first] = words;
  for (const by of [words.join(" "), first]) {
    if (by !== undefined && Object.hasOwn(byWord, by)) {
      return { role: byWord[by] as WordRole, by };
    }
  }
  return { role };
}

/** The first word or leading flag that is in a list. */
export function findSign(
  rest: readonly string[],
  pattern: AgentPattern,
  signs: readonly string[] | undefined,
): string | undefined {
  const { flags, words } = readLeadingArguments(rest, pattern.values);
  return [...flags, ...words.slice(0, 1)].find((one) => signs?.includes(one));
}
