import type { AgentPattern } from "./pattern_types.ts";
import { endsWithPattern, fitsName, splitPath } from "./path_patterns.ts";
import type { PatternIndex } from "./pattern_index.ts";
import type { ProcessFacts } from "./process_facts.ts";
import { baseName, type ProgramLine, readProgramLine } from "./program_line.ts";

/** How a program was found to be an agent's. */
export interface ProgramMatch {
  readonly pattern: AgentPattern;
  /** The sign, in words. */
  readonly why: string;
  /** A folder or file that only this agent has, not a mere name. */
  readonly certain: boolean;
  /** Other programs have the name, too. */
  readonly shared: boolean;
  /** It is a part of the agent's package, but not its entry. */
  readonly inner: boolean;
}

/** A process, taken apart for the rules. */
export interface Look {
  readonly facts: ProcessFacts;
  readonly line: ProgramLine;
  /** The names that it goes by, of which each may tell what it is. */
  readonly names: readonly string[];
}

/** Takes a process apart. */
export function lookAt(facts: ProcessFacts): Look {
  const line = readProgramLine(facts);
  const { executable, called, title, script, module, programs } = line;
  // Behind a script the name it was called by says nothing of the script.
  const hidden = script !== undefined || module !== undefined;
  const names = programs.filter((path) => path === executable || !hidden)
    .map(plainName);
  if (title !== undefined && !hidden) names.push(title);
  // Where the arguments cannot be read, its own name is all there is.
  const isAll = called === undefined &&
    (facts.args === undefined || executable !== undefined);
  if (facts.name !== undefined && isAll) names.push(plainName(facts.name));
  return { facts, line, names: [...new Set(names)] };
}

/** By the path of the executable, or of what it was called by. */
export function matchFolder(
  { line: { programs } }: Look,
  index: PatternIndex,
): ProgramMatch | undefined {
  for (const path of new Set(programs)) {
    const names = splitPath(path);
    if (names.length < 2) continue;
    const name = plainName(path);
    const parts = [...names.slice(0, -1), name.toLowerCase()];
    const match = (pattern: AgentPattern, inner = false) =>
      found(pattern, `its program is ${path}`, { certain: true, inner });
    const end = index.paths.findEnd(parts);
    if (end !== undefined) return match(end.value);
    const pattern = index.packages.findBelow(parts)?.value;
    if (pattern === undefined) continue;
    if (index.scripts.find(name)?.pattern === pattern || VERSION.test(name)) {
      return match(pattern);
    }
    if (fitsAny(name, pattern.tools)) return match(pattern, true);
  }
  return undefined;
}

/** By a name that it goes by. */
export function matchName(
  { line: { interprets }, names }: Look,
  { programs, scripts }: PatternIndex,
): ProgramMatch | undefined {
  for (const name of names) {
    // A script gave itself a title: what runs it is no program of the name.
    const sign = (interprets ? scripts : programs).find(name);
    if (sign === undefined) continue;
    const { pattern, shared } = sign;
    return found(pattern, `it is called ${name}`, { shared });
  }
  return undefined;
}

/** By the script of an interpreter. */
export function matchScript(
  { line: { script } }: Look,
  index: PatternIndex,
): ProgramMatch | undefined {
  if (script === undefined) return undefined;
  const why = `its script is ${script}`;
  const parts = splitPath(script);
  const name = plainName(script);
  const end = index.paths.findEnd(parts);
  if (end !== undefined) return found(end.value, why, { certain: true });
  const below = index.packages.findBelow(parts);
  // npm runs the others by the way when it installs the package.
  if (below !== undefined && !/^(?:pre|post)?install\b/.test(name)) {
    const inner = parts.includes("node_modules", below.at);
    return found(below.value, why, { certain: true, inner });
  }
  if (!/^\.?bin$/.test(parts.at(-2) ?? "")) return undefined;
  const sign = index.scripts.find(name);
  return sign && found(sign.pattern, why, { shared: sign.shared });
}

/** By the module that Python runs. */
export function matchModule(
  { line: { module } }: Look,
  { modules }: PatternIndex,
): ProgramMatch | undefined {
  const pattern = module === undefined ? undefined : modules.find(module);
  return pattern && found(pattern, `it runs the Python module ${module}`);
}

/** What makes a process look like a helper of an agent, in words. */
export function matchHelper(
  { line: { rest, script, module, programs, interprets }, names }: Look,
  { helpers }: PatternIndex,
): string | undefined {
  const name = names.find((name) => helpers.names.find(name));
  if (name !== undefined) return `it is called ${name}`;
  const runner = script ?? programs.at(-1) ?? "";
  const wanted = findPackage(plainName(runner), rest);
  if (wanted !== undefined && helpers.names.find(wanted)) {
    return `it runs the package ${wanted}`;
  }
  if (module !== undefined && helpers.modules.find(module)) {
    return `it runs the Python module ${module}`;
  }
  if (!interprets || script === undefined) return undefined;
  const parts = splitPath(script);
  const below = helpers.packages.findBelow(parts);
  const isHelper = helpers.names.find(scriptName(script)) === true ||
    below !== undefined && !parts.includes("node_modules", below.at);
  return isHelper ? `its script is ${script}` : undefined;
}

/** Whether a desktop application has the name of an agent. */
export function isDesktop(
  { line: { programs, rest } }: Look,
  { desktops }: PatternIndex,
): boolean {
  if (rest.some((arg) => INNER_TYPE.test(arg))) return true;
  return programs.some((path) =>
    desktops.findEnd(splitPath(path)) !== undefined
  );
}

/** Whether it only starts the real process. */
export function isLauncher(
  { line: { executable, script, shell, interprets } }: Look,
  { launchers = [], starters = [] }: AgentPattern,
): boolean {
  const [path, patterns] = interprets
    ? [script, launchers]
    : [executable, starters];
  if (path === undefined) return false;
  if (interprets && shell) return true;
  const parts = splitPath(path);
  return patterns.some((one) => endsWithPattern(parts, splitPath(one)));
}

/** What Chromium calls the other processes of a desktop application. */
const INNER_TYPE =
  /^--type=(?:renderer|gpu-process|utility|zygote|broker|crashpad-handler)$/;

const VERSION = /^\d+\.\d+\.\d+/;

/**
 * The name of a program as the patterns have it: without what Windows, npm and
 * Nix add to it. Only Windows does not tell case apart.
 */
export function plainName(path: string): string {
  const base = baseName(path);
  const name = base.replace(/\.(?:exe|cmd)$/i, "")
    .replace(/^\.(.+?)-(?:un)?wrapped$/, "$1");
  return path.includes("\\") || base !== name && /\.exe$/i.test(base)
    ? name.toLowerCase()
    : name;
}

function scriptName(path: string): string {
  return plainName(path).replace(/\.(?:[cm]?[jt]s|py)$/, "");
}

/** Programs that run a package, and the words behind which they name it. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  npx: [],
  bunx: [],
  pnpx: [],
  uvx: [],
  npm: ["exec", "x"],
  bun: ["x"],
  pnpm: ["dlx", "exec"],
  yarn: ["dlx"],
  uv: ["tool", "run", "uvx", "x"],
  pipx: ["run"],
};

/** The package that a runner of packages was told to run. */
function findPackage(
  runner: string,
  rest: readonly string[],
): string | undefined {
  const name = runner.replace(/(?:-cli)?\.[cm]?js$/, "");
  if (!Object.hasOwn(RUNNERS, name)) return undefined;
  const words = RUNNERS[name] as readonly string[];
  const positionals = rest.filter((arg) => !arg.startsWith("-")).slice(0, 3);
  const at = positionals.findIndex((word) => !words.includes(word));
  if (at < 0 || at === 0 && words.length > 0) return undefined;
  return positionals[at]?.replace(/(?<=.)@.*$|[=<>~].*$/, "");
}

function found(
  pattern: AgentPattern,
  why: string,
  more: Partial<ProgramMatch> = {},
): ProgramMatch {
  return {
    pattern,
    why,
    certain: false,
    shared: false,
    inner: false,
    ...more,
  };
}

function fitsAny(name: string, patterns: readonly string[] = []): boolean {
  return patterns.some((one) => fitsName(name, one));
}
