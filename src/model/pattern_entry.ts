import * as v from "valibot";
import type { AgentPattern, HelperPattern } from "./pattern_types.ts";
import { say } from "./escape.ts";

/** What is taken away of the built-in patterns. */
export interface PatternRemovals {
  /** Providers of which nothing stays. */
  readonly agents?: readonly string[] | undefined;
  /** Names, paths, packages and modules of a provider. */
  readonly patterns?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Names, packages and modules of helpers. */
  readonly helpers?: readonly string[] | undefined;
}

/** What a `ps.jsonc` says. */
export interface OwnPatterns {
  /** Agents, or more patterns of those that are known. */
  readonly agents?: readonly AgentPattern[] | undefined;
  /** More patterns of helpers. */
  readonly helpers?: HelperPattern | undefined;
  /** Desktop applications that have the name of an agent. */
  readonly desktops?: readonly string[] | undefined;
  /** What goes before all of that is added. */
  readonly remove?: PatternRemovals | undefined;
}

/** Fewer characters than this, apart from `*`, fit nearly everything. */
const MIN_LITERAL_LENGTH = 2;

const hasLetters = (text: string) =>
  text.replaceAll("*", "").length >= MIN_LITERAL_LENGTH;
const isPrintable = (text: string) => !/\p{Cc}/u.test(text);

const Text = v.pipe(
  v.string("it should be a text"),
  v.nonEmpty("it should not be empty"),
  v.check(isPrintable, "it should hold no control characters"),
);
const Name = v.pipe(
  Text,
  v.check(
    (name) => !/[/\\]/.test(name),
    'it should be a name without a folder; paths go under "paths"',
  ),
  v.check(
    hasLetters,
    `it should hold ${MIN_LITERAL_LENGTH} characters beside "*"`,
  ),
);
/** npm packages have a scope. */
const HelperName = v.pipe(
  Text,
  v.check(
    hasLetters,
    `it should hold ${MIN_LITERAL_LENGTH} characters beside "*"`,
  ),
);
const Folder = v.pipe(
  Text,
  v.check(
    (path) => !/^[/\\]|[/\\]$|^[A-Za-z]:|^~/.test(path),
    "it should be a part of a path, without a slash at its beginning or end",
  ),
  v.check(
    hasLetters,
    `it should hold ${MIN_LITERAL_LENGTH} characters beside "*"`,
  ),
);
const File = v.pipe(
  Folder,
  v.check(
    (path) => /[^/\\][/\\]+[^/\\]/.test(path),
    "it should be a folder and a file, such as acme/bin/acme",
  ),
);
const Provider = v.pipe(
  Text,
  v.regex(
    /^[a-z0-9][a-z0-9._-]*$/,
    "it should be of a-z, 0-9, dot, underscore and dash",
  ),
);
const ROLES = ["agent", "worker", "server", "helper", "supervisor"] as const;
const Role = v.picklist(ROLES, `it should be one of ${ROLES.join(", ")}`);
const WordRoles = v.picklist(
  [...ROLES, "none"],
  `it should be one of ${ROLES.join(", ")}, none`,
);

function list<T extends v.GenericSchema<unknown, string>>(of: T) {
  return v.exactOptional(v.array(of, "it should be an array"));
}

const NO_OBJECT = "it should be an object";

/** An object of these keys and no others; valibot takes arrays for objects. */
function shape<T extends v.ObjectEntries>(entries: T) {
  return v.pipe(
    v.custom<object>(
      (raw) => typeof raw === "object" && raw !== null && !Array.isArray(raw),
      NO_OBJECT,
    ),
    v.strictObject(entries, NO_OBJECT),
  );
}

const Agent: v.GenericSchema<unknown, AgentPattern> = v.pipe(
  shape({
    provider: Provider,
    names: list(Name),
    scripts: list(Name),
    shared: list(Name),
    signs: list(Text),
    called: v.exactOptional(v.record(Name, Role, NO_OBJECT)),
    tools: list(Name),
    paths: list(File),
    packages: list(Folder),
    modules: list(Name),
    launchers: list(File),
    starters: list(Folder),
    relaunches: v.exactOptional(v.literal(true, "it should be true")),
    words: v.exactOptional(v.record(Text, WordRoles, NO_OBJECT)),
    flags: v.exactOptional(v.record(Text, WordRoles, NO_OBJECT)),
    role: v.exactOptional(WordRoles),
    values: list(Text),
  }),
  v.check(
    ({ shared, signs }) => shared === undefined || (signs ?? []).length > 0,
    'names under "shared" need "signs": without a second sign they count for nothing',
  ),
);

const Schema: v.GenericSchema<unknown, OwnPatterns> = shape({
  agents: v.exactOptional(v.array(Agent, "it should be an array")),
  helpers: v.exactOptional(shape({
    names: list(HelperName),
    packages: list(Folder),
    modules: list(Name),
  })),
  desktops: list(File),
  remove: v.exactOptional(shape({
    agents: list(Text),
    patterns: v.exactOptional(
      v.record(Text, v.array(Text, "it should be an array"), NO_OBJECT),
    ),
    helpers: list(Text),
  })),
});

/** What is wrong with patterns, and where. */
export interface PatternIssue {
  /** The keys and indexes that lead to the value. */
  readonly keys: readonly (string | number)[];
  /** What is wrong with it, in words. */
  readonly what: string;
  /** Its key is meant, not its value. */
  readonly atKey: boolean;
}

/** Checks that what a file says has a meaning here. */
export function checkPatterns(
  raw: unknown,
): { readonly patterns: OwnPatterns } | PatternIssue {
  const parsed = v.safeParse(Schema, raw);
  if (parsed.success) return { patterns: parsed.output };
  const [issue] = parsed.issues;
  const items = issue.path ?? [];
  const keys = items.map(({ key }) => key as string | number);
  const key = keys.at(-1);
  if (issue.type === "strict_object" && key !== undefined) {
    if (issue.expected === "never") {
      return { keys, what: say`there is no key "${key}" here`, atKey: true };
    }
    if (issue.received === "undefined") {
      return { keys, what: say`the key "${key}" is missing`, atKey: true };
    }
  }
  const atKey = items.at(-1)?.origin === "key";
  return { keys, what: issue.message, atKey };
}
