import { AGENT_PATTERNS } from "./agent_patterns.ts";
import {
  endsWithPattern,
  findBelow,
  fitsName,
  splitPath,
} from "./path_patterns.ts";
import type { ProcessFacts } from "./process_facts.ts";
import { programName, readProgramLine } from "./program_line.ts";

/** Programs that zag itself puts under an agent's pid. */
const ZAG_PROGRAMS: readonly string[] = ["zag", "docker"];

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
  const { names: own = [], packages = [], paths = [] } =
    AGENT_PATTERNS.agents.find((pattern) => pattern.provider === agent) ?? {};
  const names = [agent, ...own, ...ZAG_PROGRAMS].filter((name) => name !== "");
  return findPrograms(facts).some((path) => {
    const name = programName(path);
    if (names.some((one) => fitsName(name, one))) return true;
    const parts = splitPath(path);
    return packages.some((one) => findBelow(parts, splitPath(one)) >= 0) ||
      paths.some((one) => endsWithPattern(parts, splitPath(one)));
  });
}

/**
 * What a process runs, for a person to read. A title that begins with a path
 * may hold more than the path: all behind its first blank is left out, unless
 * it is the program's own path.
 */
export function showPrograms(
  facts: Pick<ProcessFacts, "executable" | "args">,
): string[] {
  const isTitle = facts.args?.length === 1;
  return findPrograms(facts).map((path) =>
    isTitle && path !== facts.executable ? path.split(/\s/, 1)[0] ?? "" : path
  );
}

/**
 * What a process runs: its executable, the name it was called by, and, where
 * one of them is an interpreter, its script. Of a title that it gave itself
 * only the first word counts: the others may be a prompt or a key.
 */
export function findPrograms(
  facts: Pick<ProcessFacts, "executable" | "args">,
): string[] {
  const { called, script, module } = readProgramLine(facts);
  const programs = [facts.executable, called, script ?? module]
    .filter((path): path is string => path !== undefined && path !== "");
  return [...new Set(programs)];
}
