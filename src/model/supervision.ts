import { findPrograms } from "./agent_programs.ts";
import { readContainer, readUnit } from "./control_group.ts";
import { isUserManager, readInit } from "./init_program.ts";
import type { ProcessFacts } from "./process_facts.ts";
import { climb, type ProcessLinks } from "./process_links.ts";
import { findProtection } from "./protected_programs.ts";
import type { Supervision } from "./seen_agent.ts";
import { isServiceMain } from "./service_main.ts";

/** Whose supervisor is asked for. */
export interface SupervisionQuestion {
  /** The agent's outermost process: its launcher, if it has one. */
  readonly facts: ProcessFacts;
  /** What is known of the agent's environment. */
  readonly markers: Readonly<Record<string, string>> | undefined;
  readonly links: ProcessLinks;
  /** Whether a process is of another agent: what it keeps is its own. */
  readonly isAgent: (pid: number) => boolean;
}

/** What only runs the one command that it was given. */
const WRAPPERS: ReadonlySet<string> = new Set([
  ..."sh bash dash zsh ash ksh fish busybox cmd env nice ionice nohup".split(
    " ",
  ),
  ..."timeout setsid stdbuf time chrt taskset sudo runuser setpriv".split(" "),
  ..."tini dumb-init catatonit".split(" "),
]);

/**
 * Finds the program that keeps an agent running, and the command that ends the
 * agent there.
 *
 * A variable of the environment alone proves nothing, for it is inherited by
 * all that is started below: the supervisor has to be above the agent. What
 * restarts its own child (systemd, pm2, supervisord, `claude daemon`, a
 * container) counts only if nothing but shells is in between; otherwise its
 * command would end a program that the agent is only a part of. A terminal
 * (tmux, screen) counts wherever it is, up to the next agent.
 *
 * Values of environments and names of units get into a command only if they
 * have the form that their program gives them.
 */
export function findSupervision(
  question: SupervisionQuestion,
): Supervision | undefined {
  const { links, isAgent, markers = {} } = question;
  let below = question.facts;
  let direct = true;
  for (const above of climb(below, links)) {
    const terminal = findTerminal(above, markers);
    if (terminal !== undefined) return terminal;
    if (direct) {
      const keeper = findKeeper(above, below, markers, links);
      if (keeper !== undefined) return keeper;
    }
    if (isAgent(above.pid)) return undefined;
    direct &&= isWrapper(above);
    below = above;
  }
  return undefined;
}

function findTerminal(
  above: ProcessFacts,
  { TMUX_PANE: pane, STY: session }: Readonly<Record<string, string>>,
): Supervision | undefined {
  const server = findProtection(above)?.name;
  if (server === "tmux server") {
    const socket = readTmuxSocket(above.args ?? []);
    const known = pane !== undefined && /^%\d{1,9}$/.test(pane);
    return {
      kind: "tmux",
      name: known ? pane : "?",
      endWith: known && socket !== undefined
        ? `tmux ${socket}kill-pane -t ${pane}`
        : undefined,
    };
  }
  if (server === "screen server") {
    // A command for one of its windows would need the window's number.
    return { kind: "screen", name: session || "?" };
  }
  return undefined;
}

function findKeeper(
  above: ProcessFacts,
  below: ProcessFacts,
  markers: Readonly<Record<string, string>>,
  links: ProcessLinks,
): Supervision | undefined {
  if (findProtection(above)?.name === "claude daemon") {
    return judgeClaude(markers["CLAUDE_JOB_DIR"]);
  }
  if (isUserManager(above) || above.pid === 1 && readInit(above)) {
    return judgeUnit(below, links);
  }
  const program = nameOf(above);
  if (isPm2(above)) return judgePm2(markers["pm_id"]);
  if (program === "supervisord") return judgeSupervisord(markers);
  if (/^(?:containerd-shim.*|conmon)$/.test(program ?? "")) {
    return judgeContainer(below);
  }
  return undefined;
}

/** `claude stop` takes the id of a job, which is the name of its folder. */
function judgeClaude(folder: string | undefined): Supervision {
  const id = /[/\\]jobs[/\\]([A-Za-z0-9][A-Za-z0-9_-]{0,63})$/
    .exec(folder ?? "")?.[1];
  return id === undefined
    ? { kind: "claude daemon", name: "?" }
    : { kind: "claude daemon", name: id, endWith: `claude stop ${id}` };
}

function judgeUnit(
  facts: ProcessFacts,
  links: ProcessLinks,
): Supervision | undefined {
  const unit = facts.cgroup === undefined ? undefined : readUnit(facts.cgroup);
  if (unit?.kind !== "service" || isServiceMain(facts, links) === false) {
    return undefined;
  }
  const { name, user } = unit;
  const plain = /^[A-Za-z0-9][A-Za-z0-9:_.@-]*$/.test(name);
  // systemd writes what is no part of a name as `\x2d`.
  const quoted = plain
    ? name
    : /^[A-Za-z0-9:_.@\\-]+$/.test(name)
    ? `'${name}'`
    : undefined;
  const systemctl = user ? "systemctl --user" : "systemctl";
  return {
    kind: "systemd",
    name,
    endWith: quoted === undefined ? undefined : `${systemctl} stop ${quoted}`,
  };
}

function judgePm2(id: string | undefined): Supervision {
  return id !== undefined && /^\d{1,9}$/.test(id)
    ? { kind: "pm2", name: id, endWith: `pm2 stop ${id}` }
    : { kind: "pm2", name: "?" };
}

function judgeSupervisord(
  markers: Readonly<Record<string, string>>,
): Supervision {
  const { SUPERVISOR_PROCESS_NAME: name, SUPERVISOR_GROUP_NAME: group } =
    markers;
  const known = [group, name].every((part) =>
    /^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(part ?? "")
  );
  return {
    kind: "supervisord",
    name: name || "?",
    endWith: known ? `supervisorctl stop ${group}:${name}` : undefined,
  };
}

function judgeContainer({ cgroup = "" }: ProcessFacts): Supervision {
  const container = readContainer(cgroup);
  if (container === undefined) return { kind: "container", name: "?" };
  const { engine, id } = container;
  const name = id.slice(0, 12);
  return engine === undefined
    ? { kind: "container", name }
    : { kind: engine, name, endWith: `${engine} stop ${name}` };
}

/**
 * The options by which a tmux server is spoken to, out of its own arguments;
 * `undefined` if they have an odd form.
 */
function readTmuxSocket(args: readonly string[]): string | undefined {
  for (let i = 1; i < args.length; i++) {
    const [, flag, joined] = /^-([LS])(.*)$/s.exec(args[i] as string) ?? [];
    if (flag === undefined) {
      // The first word is tmux's own command.
      if (!args[i]?.startsWith("-")) break;
      if (/^-[cfT]$/.test(args[i] as string)) i++;
      continue;
    }
    const value = joined || args[i + 1];
    return value !== undefined && /^[A-Za-z0-9_./][A-Za-z0-9_./-]*$/.test(value)
      ? `-${flag} ${value} `
      : undefined;
  }
  return "";
}

/** pm2's own process is called `PM2 v5.3.0: God Daemon (/home/ada/.pm2)`. */
function isPm2({ name, args }: ProcessFacts): boolean {
  return [args?.[0], name].some((text) => /^PM2 v\d/.test(text ?? ""));
}

function isWrapper(facts: ProcessFacts): boolean {
  const names = findPrograms({ executable: undefined, args: facts.args });
  const name = base(names[0] ?? facts.executable ?? "").replace(/^-/, "");
  return WRAPPERS.has(name);
}

function nameOf(facts: ProcessFacts): string | undefined {
  const path = findPrograms(facts).at(-1);
  return path === undefined ? facts.name : base(path);
}

function base(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  return name.replace(/ \(deleted\)$/, "").replace(/\.exe$/i, "");
}
