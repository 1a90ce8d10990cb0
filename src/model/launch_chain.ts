import { findPrograms } from "./agent_programs.ts";
import { AGENT_MARKERS, type ProcessFacts } from "./process_facts.ts";
import type { ProcessLinks } from "./process_links.ts";
import { findParent } from "./process_tree.ts";
import { readProgramLine } from "./program_line.ts";
import type { Recognition } from "./seen_agent.ts";

/** What a process is recorded as. */
export interface Recorded {
  /** The session of its entry, or, without one, the entry's id. */
  readonly session: string;
  /** The entry's id, if the process carries it. */
  readonly carried: string | undefined;
}

/** A process that the rules recognised. */
export interface Recognized {
  readonly facts: ProcessFacts;
  readonly recognition: Recognition;
  /** What it is recorded as; `undefined` for what nobody recorded. */
  readonly record?: Recorded | undefined;
}

/** How many shells `npm exec` and the like put between two of their steps. */
const MOST_SHELLS = 2;

/**
 * Finds for each real process what only started it, the nearest first: a
 * launcher (`npx`, a package's shim), the shell in between, and the first of
 * the two processes of an agent that starts itself anew.
 *
 * @param recognized every recognised process by its pid
 * @returns by the pid of what was started; a launcher of several is that of
 * one, the one that is most like it
 */
export function findLaunchers(
  recognized: ReadonlyMap<number, Recognized>,
  links: ProcessLinks,
): Map<number, readonly ProcessFacts[]> {
  const best = new Map<number, { child: Recognized; via: ProcessFacts[] }>();
  for (const child of recognized.values()) {
    const found = findLauncher(child, recognized, links);
    if (found === undefined) continue;
    const { launcher, via } = found;
    const other = best.get(launcher.facts.pid)?.child;
    if (other === undefined || isMoreLike(launcher, child, other)) {
      best.set(launcher.facts.pid, { child, via });
    }
  }
  const launchers = new Map<number, readonly ProcessFacts[]>();
  for (const { child, via } of best.values()) {
    launchers.set(child.facts.pid, via);
  }
  return launchers;
}

/** The launcher of a process, and all from its parent up to that. */
function findLauncher(
  child: Recognized,
  recognized: ReadonlyMap<number, Recognized>,
  { processes }: ProcessLinks,
): { launcher: Recognized; via: ProcessFacts[] } | undefined {
  const via: ProcessFacts[] = [];
  for (let at = child.facts; via.length <= MOST_SHELLS;) {
    const above = findParent(at, processes);
    if (above === undefined) return undefined;
    via.push(above);
    const launcher = recognized.get(above.pid);
    if (launcher !== undefined) {
      return isLauncher(launcher, child, via.length === 1)
        ? { launcher, via }
        : undefined;
    }
    if (!runsCommand(above)) return undefined;
    at = above;
  }
  return undefined;
}

function isLauncher(
  above: Recognized,
  child: Recognized,
  direct: boolean,
): boolean {
  const { recognition } = above;
  if (recognition.provider !== child.recognition.provider) return false;
  // Two records are two agents: a script may be recorded, and what it starts.
  if (areTwo(above.record, child.record)) return false;
  // A recorded script may be an agent that is not known: what serves it is
  // not what it started.
  const serves = child.recognition.role === "helper" &&
    recognition.role !== "helper";
  if (recognition.launcher) return !serves;
  return direct && recognition.role === child.recognition.role &&
    recognition.role !== "helper" && !child.recognition.launcher &&
    isRelaunch(above, child);
}

/**
 * Whether two records are of two agents. zag's spawn records one twice, for
 * one session; but then only one of the processes carries its own id.
 */
function areTwo(a: Recorded | undefined, b: Recorded | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a.session !== b.session) return true;
  return a.carried !== undefined && b.carried !== undefined &&
    a.carried !== b.carried;
}

/**
 * Whether an agent started itself anew. A shell that an agent starts for a
 * command becomes that command, so the nested agent may be a direct child, too:
 * it carries the mark that an agent sets for its commands.
 */
function isRelaunch(above: Recognized, { facts }: Recognized): boolean {
  const known = above.recognition.relaunches === true;
  const alike = isMarkedAlike(above.facts, facts);
  if (alike === false) return false;
  if (isSameCommand(above.facts, facts)) return known || alike === true;
  if (known && isSameScript(above.facts, facts)) return true;
  // Where it has given itself a title, the arguments are gone.
  return known && alike === true && facts.args?.length === 1;
}

/** Whether two have the same marks of agents; `undefined` if not known. */
function isMarkedAlike(
  { markers: ours }: ProcessFacts,
  { markers: theirs }: ProcessFacts,
): boolean | undefined {
  return ours && theirs &&
    AGENT_MARKERS.every((name) => ours[name] === theirs[name]);
}

/** Whether two have the same script or program, and the same arguments. */
function isSameCommand(a: ProcessFacts, b: ProcessFacts): boolean {
  const [one, other] = [a, b].map((facts) => {
    const { args = [] } = facts;
    if (args.length === 0) return undefined;
    const { executable } = facts;
    const program = findPrograms({ executable, args }).at(-1);
    return args.slice(Math.max(args.lastIndexOf(program ?? ""), 0));
  });
  return one !== undefined && other !== undefined && areEqual(one, other);
}

/** `bin/qwen` starts `cli.js` of its package, with its own arguments. */
function isSameScript(a: ProcessFacts, b: ProcessFacts): boolean {
  const [one, other] = [readProgramLine(a), readProgramLine(b)];
  return one.script !== undefined && other.script !== undefined &&
    areEqual(one.rest, other.rest);
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

/** A shell that was given one command: `sh -c codex`, `cmd /d /s /c codex`. */
function runsCommand({ args = [] }: ProcessFacts): boolean {
  const name = (args[0] ?? "").split(/[/\\]/).at(-1) ?? "";
  if (/^cmd(?:\.exe)?$/i.test(name)) {
    return args.slice(1).some((arg) => /^\/c$/i.test(arg));
  }
  return /^(?:sh|bash|dash|zsh|ash|ksh|busybox)$/.test(name) &&
    args.slice(1, 4).some((arg) => /^-[a-z]*c$/.test(arg));
}

/** The same role first, then the first that it started. */
function isMoreLike(
  { recognition: { role } }: Recognized,
  a: Recognized,
  b: Recognized,
): boolean {
  const [likeA, likeB] = [a, b].map(({ recognition }) =>
    recognition.role === role
  );
  if (likeA !== likeB) return likeA === true;
  const [startA = Infinity, startB = Infinity] = [
    a.facts.startedAt,
    b.facts.startedAt,
  ];
  return startA === startB ? a.facts.pid < b.facts.pid : startA < startB;
}
