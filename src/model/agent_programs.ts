import type { ProcessFacts } from "./process_facts.ts";

/** Programs that zag itself puts under an agent's pid. */
const ZAG_PROGRAMS: readonly string[] = ["zag", "docker"];

/** Folders in a program's path that tell an agent whose file name does not. */
const PACKAGE_FOLDERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["claude", ["/@anthropic-ai/claude-code/", "/claude/versions/"]],
  ["codex", ["/@openai/codex/"]],
  ["gemini", ["/@google/gemini-cli/"]],
  ["copilot", ["/@github/copilot/", "/@github/copilot-"]],
]);

/** Programs that run a script: the script tells what they are. */
const INTERPRETER = /^(?:node|nodejs|bun|deno|python[\d.]*|sh|bash|dash|zsh)$/;

/** Flags of interpreters that are followed by a value of their own. */
const FLAGS_WITH_VALUE: readonly string[] = [
  "-r",
  "--require",
  "--import",
  "--loader",
  "-W",
  "-X",
];

/**
 * Flags after which an interpreter runs no script file, but code out of its
 * arguments or its standard input: `-e`, `-pe`, `-lc`, `-s`, `-`, `--eval=...`.
 */
const NO_SCRIPT = /^(?:-|-[A-Za-z]*[ceps][A-Za-z]*|--(?:eval|print)(?:=.*)?)$/s;

/**
 * Whether a process runs the agent of a provider, zag, or the docker client of
 * a sandboxed agent: by its executable, by the name it was called by, and,
 * where that is an interpreter, by its script. Other arguments are never
 * searched: `vim claude.md` is no agent.
 */
export function isAgentProgram(
  facts: Pick<ProcessFacts, "executable" | "args">,
  provider: string,
): boolean {
  const agent = provider.toLowerCase();
  const names = [agent, ...ZAG_PROGRAMS].filter((name) => name !== "");
  const folders = PACKAGE_FOLDERS.get(agent) ?? [];
  return findPrograms(facts).some((path) =>
    names.includes(programName(path)) ||
    folders.some((folder) => path.replaceAll("\\", "/").includes(folder))
  );
}

/**
 * What a process runs: its executable, the name it was called by, and, where
 * one of them is an interpreter, its script.
 */
export function findPrograms(
  { executable, args = [] }: Pick<ProcessFacts, "executable" | "args">,
): string[] {
  const programs = [executable, args[0]]
    .filter((path): path is string => path !== undefined && path !== "");
  const interprets = programs.some((path) =>
    INTERPRETER.test(programName(path))
  );
  const script = interprets ? findScript(args) : undefined;
  return [...new Set(script === undefined ? programs : [...programs, script])];
}

function programName(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  return name.toLowerCase().replace(/ \(deleted\)$/, "")
    .replace(/\.(?:exe|cmd|[cm]?js)$/, "");
}

/** The script an interpreter was started with, if it was started with one. */
function findScript(args: readonly string[]): string | undefined {
  for (let i = 1; i < args.length; i++) {
    const arg = args[i] as string;
    if (FLAGS_WITH_VALUE.includes(arg)) i++;
    else if (NO_SCRIPT.test(arg)) return undefined;
    else if (!arg.startsWith("-")) return arg;
  }
  return undefined;
}
