import { AGENT_PATTERNS } from "./agent_patterns.ts";
import type {
  AgentDaemon,
  AgentPattern,
  AgentPatterns,
} from "./pattern_types.ts";
import { findRole, findSign, type RoleVerdict } from "./agent_role.ts";
import {
  isDesktop,
  isLauncher,
  type Look,
  lookAt,
  matchFolder,
  matchHelper,
  matchModule,
  matchName,
  matchScript,
  plainName,
  type ProgramMatch,
} from "./match_program.ts";
import { indexPatterns, type PatternIndex } from "./pattern_index.ts";
import { PROCESS_ID_MARKER, type ProcessFacts } from "./process_facts.ts";
import type { Examination, Recognition, Trial } from "./seen_agent.ts";

/** The provider of a helper that no agent is known to have started. */
export const UNKNOWN_PROVIDER = "unknown";

/** The rules that say whose program it is, the surest first. */
const PROGRAM_RULES = [
  {
    rule: "folder of the program",
    match: matchFolder,
    otherwise: "its program is in no folder of an agent",
  },
  {
    rule: "name of the program",
    match: matchName,
    otherwise: "it is not called like an agent",
  },
  {
    rule: "script",
    match: matchScript,
    otherwise: "it runs no script of an agent",
  },
  {
    rule: "module",
    match: matchModule,
    otherwise: "it runs no Python module of an agent",
  },
] as const;

/**
 * Tells whether a process runs an agent, or a part of one.
 *
 * The order of evidence is that of `docs/recognition.md`: the path of the
 * program, its name, its script. Whole command lines are never searched: of
 * the arguments only the script of an interpreter, the flags before the first
 * word and that word count.
 *
 * @param patterns what the programs of agents are known by
 * @param above what the nearest process above it is that belongs to an agent:
 * a helper is known by it where its own environment does not tell
 */
export function examineProcess(
  facts: ProcessFacts,
  patterns: AgentPatterns = AGENT_PATTERNS,
  above?: Recognition,
): Examination {
  const trials: Trial[] = [];
  const attempt = (rule: string, fits: boolean, why: string): boolean => {
    trials.push({ rule, fits, why });
    return fits;
  };
  const end = (recognition?: Recognition) => ({ recognition, trials });
  if (
    attempt(
      "zombie",
      facts.zombie,
      facts.zombie
        ? "it has ended and was not reaped by its parent"
        : "it has not ended",
    )
  ) return end();

  const look = lookAt(facts);
  const index = indexPatterns(patterns);
  const mark = facts.markers?.[PROCESS_ID_MARKER];
  attempt("mark of zag", mark !== undefined, describeMark(facts));
  const match = findProgram(look, index, attempt);
  if (match === undefined) {
    return { ...examineHelper(look, index, above, attempt), trials };
  }
  const { pattern, certain, shared } = match;
  const { provider } = pattern;
  const evidence = [match.why];
  if (mark !== undefined) evidence.push(describeMark(facts));

  const other = isDesktop(look, index)
    ? "it is a desktop application"
    : isBrowserHost(look)
    ? "a browser started it to talk to one of its extensions"
    : undefined;
  if (
    attempt(
      "other program of that name",
      other !== undefined,
      other ?? "it is no desktop application and no browser's host",
    )
  ) return end();

  const launcher = isLauncher(look, pattern);
  let doubted = false;
  if (shared) {
    const sign = findSign(look.line.rest, pattern, pattern.signs);
    const why = sign !== undefined
      ? `it was started with ${sign}`
      : `other programs have the name, and no first word or flag is ${provider}'s`;
    attempt("second sign", sign !== undefined, why);
    doubted = sign === undefined;
    if (doubted && !launcher) return end();
    if (!doubted) evidence.push(why);
  }

  const { role, by } = judgeRole(look, match);
  const why = by ?? "nothing says otherwise";
  if (role === "none") {
    attempt("role", false, `${why}: it does no work of an agent`);
    return end();
  }
  attempt("role", true, `${role}: ${why}`);
  if (by !== undefined) evidence.push(by);
  const starts = launcher
    ? "it only starts the real process"
    : "it is not known to start another process in its place";
  attempt("launcher", launcher, starts);
  if (launcher) evidence.push(starts);
  const confidence = certain || shared || mark !== undefined
    ? "high"
    : "medium";
  const { relaunches } = pattern;
  const recognition: Recognition = {
    provider,
    role,
    launcher,
    ...relaunches && { relaunches },
    confidence,
    evidence,
  };
  return doubted ? { ...end(), starting: recognition } : end(recognition);
}

/** The server of an agent that a process is, and that all others share. */
export function findDaemon(
  facts: ProcessFacts,
  patterns: AgentPatterns = AGENT_PATTERNS,
): AgentDaemon | undefined {
  const look = lookAt(facts);
  const match = findProgram(look, indexPatterns(patterns), (_, fits) => fits);
  const { daemon } = match?.pattern ?? {};
  if (match === undefined || daemon === undefined) return undefined;
  const sign = findSign(look.line.rest, match.pattern, daemon.by);
  return sign === undefined ? undefined : daemon;
}

type Attempt = (rule: string, fits: boolean, why: string) => boolean;

function findProgram(
  look: Look,
  index: PatternIndex,
  attempt: Attempt,
): ProgramMatch | undefined {
  for (const { rule, match, otherwise } of PROGRAM_RULES) {
    const found = match(look, index);
    attempt(rule, found !== undefined, found?.why ?? otherwise);
    if (found !== undefined) return found;
  }
  return undefined;
}

function describeMark({ markers }: ProcessFacts): string {
  const mark = markers?.[PROCESS_ID_MARKER];
  if (mark !== undefined) {
    return `it carries ${PROCESS_ID_MARKER}: zag started it, or what started it`;
  }
  return markers === undefined
    ? "its environment cannot be read"
    : `it carries no ${PROCESS_ID_MARKER}`;
}

function judgeRole(
  { line: { called, rest }, names }: Look,
  { pattern, inner }: ProgramMatch,
): RoleVerdict {
  const { provider, tools, called: roles = {} } = pattern;
  const name = names.find((name) => Object.hasOwn(roles, name));
  if (name !== undefined) {
    return { role: roles[name] ?? "agent", by: `it is called ${name}` };
  }
  const tool = called === undefined ? "" : plainName(called);
  if (inner || tools?.includes(tool) === true) {
    return { role: "worker", by: `it does a part of ${provider}'s work` };
  }
  const { role, by } = findRole(rest, pattern);
  return by === undefined ? { role } : {
    role,
    by: `it was started with ${by}`,
  };
}

/** A browser names the extension, or the file that allows it to ask. */
function isBrowserHost({ line: { rest, script } }: Look): boolean {
  return rest[0]?.startsWith("chrome-extension://") === true ||
    /[/\\]native-messaging-hosts[/\\][^/\\]*\.json$/.test(rest[0] ?? "") ||
    /[/\\]chrome-native-host$/.test(script ?? "");
}

function examineHelper(
  look: Look,
  index: PatternIndex,
  above: Recognition | undefined,
  attempt: Attempt,
): Omit<Examination, "trials"> {
  const sign = matchHelper(look, index);
  attempt("helper", sign !== undefined, sign ?? "it looks like no helper");
  if (sign === undefined) return { recognition: undefined };
  const starter = findStarter(look.facts, index.patterns.agents, above);
  attempt(
    "starter of the helper",
    starter !== undefined,
    starter?.why ?? "nothing tells that an agent started it",
  );
  const helper = { role: "helper", launcher: false } as const;
  if (starter === undefined) {
    const stray: Recognition = {
      ...helper,
      provider: UNKNOWN_PROVIDER,
      confidence: "medium",
      evidence: [sign],
    };
    return { recognition: undefined, stray };
  }
  const { provider, why } = starter;
  const evidence = [sign, why];
  const recognition = {
    ...helper,
    provider,
    confidence: "high",
    evidence,
  } as const;
  return { recognition };
}

function findStarter(
  { markers = {} }: ProcessFacts,
  agents: readonly AgentPattern[],
  above: Recognition | undefined,
): { readonly provider: string; readonly why: string } | undefined {
  if (above !== undefined) {
    const { provider } = above;
    return { provider, why: `it runs below ${provider}` };
  }
  for (const { provider, markers: known = [] } of agents) {
    const marker = known.find((name) => Object.hasOwn(markers, name));
    if (marker === undefined) continue;
    return { provider, why: `${provider} started it: it carries ${marker}` };
  }
  return undefined;
}
