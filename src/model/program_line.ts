import type { ProcessFacts } from "./process_facts.ts";

/** What a process runs, read from its executable and its arguments. */
export interface ProgramLine {
  /** The path of the executable, without what Linux adds to a replaced one. */
  readonly executable: string | undefined;
  /** The name it was called by, or the first word of its title. */
  readonly called: string | undefined;
  /** All of the title that it gave itself, where it may have. */
  readonly title: string | undefined;
  /** The one and the other, as far as they do not run scripts. */
  readonly programs: readonly string[];
  /** The executable, or what it was called by, runs scripts. */
  readonly interprets: boolean;
  /** The interpreter is a shell. */
  readonly shell: boolean;
  /** The script of the interpreter. */
  readonly script: string | undefined;
  /** The module of Python's `-m`. */
  readonly module: string | undefined;
  /** The arguments of the program, of its script or of its module. */
  readonly rest: readonly string[];
}

/** Programs that run a script: the script tells what they are. */
const FAMILIES: readonly Family[] = [
  {
    names: /^(?:node|nodejs|bun|deno)$/,
    values: [
      "-r",
      "--require",
      "--import",
      "--loader",
      "--experimental-loader",
      "-C",
      "--conditions",
      "-W",
      "-X",
    ],
    // `-e`, `-pe`, `--eval=...`: the code is in the arguments.
    noScript: { letters: /[cep]/, long: /^--(?:check|eval|print)(?:=|$)/ },
    words: ["run"],
  },
  {
    names: /^(?:python|pypy)[\d.]*$/,
    values: ["-W", "-X", "--check-hash-based-pycs"],
    // `-s` is common in the first line of a script there.
    noScript: { letters: /c/ },
    module: /^-[A-Za-z]*?m(.*)$/s,
  },
  {
    names: /^(?:sh|bash|dash|zsh|ksh|fish)$/,
    values: ["-o", "+o", "-O", "+O", "--rcfile", "--init-file"],
    noScript: { letters: /[cs]/, long: /^--command(?:=|$)/ },
    shell: true,
  },
  {
    // Editors run the scripts of their extensions in themselves.
    names:
      /^(?:electron|code(?: - insiders|-insiders)?|(?:vs)?codium|cursor|windsurf|antigravity|kiro)(?: helper(?: \(plugin\))?)?$/,
    values: [],
    noScript: { letters: /[cep]/ },
    script: /[/\\]extensions[/\\].*\.[cm]?js$/s,
  },
];

interface Family {
  readonly names: RegExp;
  /** Flags that are followed by a value of their own. */
  readonly values: readonly string[];
  /**
   * Flags after which no script file follows: short ones, which may be written
   * together, by their letters. A `-` alone is standard input.
   */
  readonly noScript: { readonly letters: RegExp; readonly long?: RegExp };
  /** The flag before a module; the module may follow without a space. */
  readonly module?: RegExp;
  /** Words that may come before the script: `deno run x.ts`. */
  readonly words?: readonly string[];
  readonly shell?: true;
  /** What a script looks like, where others are files to look at. */
  readonly script?: RegExp;
}

/** Reads what a process runs. Nothing behind the script is looked at. */
export function readProgramLine(
  facts: Pick<ProcessFacts, "executable" | "args">,
): ProgramLine {
  const executable = facts.executable?.replace(/ \(deleted\)$/, "") ||
    undefined;
  const given = facts.args ?? [];
  const args = splitTitle(given);
  const isPlain = args === given || args.length === 1 && given.length === 1;
  const called = args[0] || undefined;
  const runs = [executable, called].map(findFamily);
  const family = runs[0] ?? runs[1];
  const line = {
    executable,
    called,
    title: isPlain ? undefined : given[0],
    programs: [executable, called].filter((path, i): path is string =>
      path !== undefined && runs[i] === undefined
    ),
    interprets: family !== undefined,
    shell: family?.shell === true,
    script: undefined,
    module: undefined,
    rest: args.slice(1),
  };
  if (family === undefined) return line;
  const found = findScript(args, family);
  if (found === undefined) return line;
  const { text, isModule, index } = found;
  // Called by another name it may have written a title over its arguments.
  if (runs[1] === undefined && !isModule && !isFile(text)) {
    return line;
  }
  if (family.script?.test(text) === false) return line;
  return {
    ...line,
    script: isModule ? undefined : text,
    module: isModule ? text : undefined,
    rest: args.slice(index + 1),
  };
}

/** The last name of a path. */
export function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? "";
}

/** The name of a program's file, without what systems add to it. */
export function programName(path: string): string {
  return baseName(path).toLowerCase().replace(/ \(deleted\)$/, "")
    .replace(/\.(?:exe|cmd|[cm]?js)$/, "");
}

function findFamily(path: string | undefined): Family | undefined {
  if (path === undefined) return undefined;
  const name = programName(path);
  return FAMILIES.find(({ names }) => names.test(name));
}

/**
 * A process that names itself writes one text over all of its arguments, and
 * blanks over what is left of them.
 */
function splitTitle(args: readonly string[]): readonly string[] {
  const [title = "", ...others] = args;
  if (others.some((arg) => arg !== "")) return args;
  const isPath = /^(?:[/\\.]|[A-Za-z]:)/.test(title);
  return isPath || !/\s/.test(title) ? [title] : title.trim().split(/\s+/);
}

interface Found {
  readonly text: string;
  readonly isModule: boolean;
  readonly index: number;
}

/** The script an interpreter was started with, if it was started with one. */
function findScript(
  args: readonly string[],
  family: Family,
): Found | undefined {
  let words = family.words ?? [];
  for (let index = 1; index < args.length; index++) {
    const arg = args[index] as string;
    if (family.values.includes(arg)) {
      index++;
      continue;
    }
    if (endsFlags(arg, family)) return undefined;
    const module = family.module?.exec(arg)?.[1];
    if (module !== undefined) {
      if (module !== "") return { text: module, isModule: true, index };
      const text = args[index + 1];
      return text && { text, isModule: true, index: index + 1 } || undefined;
    }
    if (arg.startsWith("-")) continue;
    if (words.includes(arg)) words = [];
    else return { text: arg, isModule: false, index };
  }
  return undefined;
}

/** Whether no script follows. Two looks, so that a long one takes no time. */
function endsFlags(arg: string, { noScript }: Family): boolean {
  if (arg === "-" || noScript.long?.test(arg) === true) return true;
  return /^-[A-Za-z]+$/.test(arg) && noScript.letters.test(arg);
}

function isFile(text: string): boolean {
  return /[/\\]|\.(?:[cm]?[jt]sx?|py|sh)$/.test(text);
}
