import { AGENT_PATTERNS } from "./agent_patterns.ts";
import { findPrograms, showPrograms } from "./agent_programs.ts";
import type { ProcessFacts } from "./process_facts.ts";
import { findDaemon } from "./recognize_process.ts";

/** A program that is left alone though it seems to belong to an agent. */
export interface Protection {
  readonly kind: "runner" | "daemon";
  /** What it is, for a person. */
  readonly name: string;
  /** Why it is left alone. */
  readonly reason: string;
}

/** What the rules look at. */
interface Program {
  /** Base names of what it runs, in lower case, without `.exe` and `.js`. */
  readonly names: readonly string[];
  /** Its first argument that is no flag. */
  readonly word: string | undefined;
  readonly args: readonly string[];
  readonly facts: ProcessFacts;
}

interface Rule extends Protection {
  readonly fits: (program: Program) => boolean;
}

/** The name of the process that runs one job of a GitHub runner. */
export const RUNNER_WORKER = "GitHub runner's worker";

const JOBS =
  "it runs the job, and ending it ends every step without a clean-up";
const SESSIONS = "it holds the terminals of others, and their work";
const KEYS = "it holds keys that other programs of the user need";
const BUILDS = "builds of every project and agent of the user share it";
const AGENTS = "the agents of every project of the user share it";
const DESKTOP = "every program of the user's session shares it";

/** Programs that one agent starts by chance and all others then share. */
const RULES: readonly Rule[] = [
  runner("GitHub runner's listener", ["runner.listener"]),
  runner(RUNNER_WORKER, ["runner.worker"]),
  runner("GitHub runner's plugin host", ["runner.pluginhost"]),
  daemon("tmux server", SESSIONS, ({ names, facts }) =>
    // The server renames itself; where that is not seen, init is its parent.
    facts.name?.startsWith("tmux: server") === true ||
    facts.args?.[0]?.startsWith("tmux: server") === true ||
    names.includes("tmux") && facts.ppid === 1),
  daemon(
    "screen server",
    SESSIONS,
    ({ names, args }) => names.includes("screen") && args[0] === "SCREEN",
  ),
  daemon(
    "zellij server",
    SESSIONS,
    ({ names, args }) => names.includes("zellij") && args.includes("--server"),
  ),
  daemon(
    "emacs server",
    SESSIONS,
    ({ names, args }) =>
      names.some((name) => name.startsWith("emacs")) &&
      args.some((arg) => /^--(?:fg-|bg-)?daemon(?:=|$)/.test(arg)),
  ),
  named("ssh-agent", KEYS, ["ssh-agent"]),
  named("gpg-agent", KEYS, ["gpg-agent", "dirmngr", "keyboxd", "scdaemon"]),
  named("keyring", KEYS, ["gnome-keyring-daemon", "kwalletd5", "kwalletd6"]),
  named("git credential cache", KEYS, ["git-credential-cache--daemon"]),
  named("session bus", DESKTOP, ["dbus-daemon", "dbus-broker"]),
  named("sound server", DESKTOP, ["pulseaudio", "pipewire", "wireplumber"]),
  named("container engine", DESKTOP, ["dockerd", "containerd", "buildkitd"]),
  ...AGENT_PATTERNS.agents.flatMap(({ daemon }) => daemon ?? [])
    .map((one) =>
      daemon(
        one.name,
        AGENTS,
        ({ facts }) => findDaemon(facts)?.name === one.name,
      )
    ),
  java("Gradle daemon", "org.gradle.launcher.daemon.bootstrap.GradleDaemon"),
  java("Kotlin daemon", "org.jetbrains.kotlin.daemon.KotlinCompileDaemon"),
  java("Maven daemon", "org.mvndaemon.mvnd.common.MavenDaemon"),
  daemon(
    "Bazel server",
    BUILDS,
    ({ args }) => /^bazel\(.*\)$/.test(args[0] ?? ""),
  ),
  named("Buck daemon", BUILDS, ["buck2d"]),
  named("Watchman", BUILDS, ["watchman"]),
  daemon(
    "sccache server",
    BUILDS,
    ({ names, args }) => names.includes("sccache") && args.length <= 1,
  ),
  daemon(
    "adb server",
    BUILDS,
    ({ names, args }) => names.includes("adb") && args.includes("fork-server"),
  ),
  serving("Turborepo daemon", BUILDS, /^turbo$/, ["daemon"]),
  daemon(
    "Nx daemon",
    BUILDS,
    ({ facts }) =>
      findPrograms(facts).some((path) =>
        /[/\\]nx[/\\].*[/\\]daemon[/\\]server[/\\]start\.js$/.test(path)
      ),
  ),
  daemon(
    ".NET build server",
    BUILDS,
    ({ args }) =>
      args.some((arg) =>
        /[/\\]VBCSCompiler(?:\.dll|\.exe)?$/.test(arg) ||
        arg === "/nodeReuse:true" || arg === "-nodeReuse:true"
      ),
  ),
];

/** All that is left alone, as docs/commands.md lists it. */
export const PROTECTIONS: readonly Protection[] = RULES;

/**
 * Tells whether a process runs a program that is never part of an agent's
 * tree, though it may carry its mark or hang below it: the runner of a CI
 * job, and daemons that one agent starts by chance and all others then share.
 *
 * The whole command line is never searched: `tail -f codex.log` is no server.
 */
export function findProtection(facts: ProcessFacts): Protection | undefined {
  const args = facts.args ?? [];
  const paths = findPrograms(facts);
  const names = paths.map(baseName);
  // The script of an interpreter comes last.
  const start = args.lastIndexOf(paths.at(-1) ?? "");
  const word = args.slice(Math.max(start, 0) + 1)
    .find((arg) => !arg.startsWith("-"));
  const program = { names, word, args, facts };
  const rule = RULES.find(({ fits }) => fits(program));
  return rule && { kind: rule.kind, name: rule.name, reason: rule.reason };
}

/**
 * A process in a few words, for a person: the program and its script. Nothing
 * else of the arguments, for a prompt may be among them.
 */
export function describeProgram(facts: ProcessFacts): string {
  const names = showPrograms({
    ...facts,
    // The name it was called by says more than what the name led to.
    executable: facts.args?.[0] ? undefined : facts.executable,
  }).map((path) => path.split(/[/\\]/).at(-1) ?? "");
  return names.join(" ") || facts.name || "?";
}

function baseName(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  return name.toLowerCase().replace(/ \(deleted\)$/, "")
    .replace(/\.(?:exe|cmd|dll|[cm]?js)$/, "");
}

function daemon(name: string, reason: string, fits: Rule["fits"]): Rule {
  return { kind: "daemon", name, reason, fits };
}

function named(name: string, reason: string, known: readonly string[]): Rule {
  return daemon(
    name,
    reason,
    ({ names }) => names.some((name) => known.includes(name)),
  );
}

function serving(
  name: string,
  reason: string,
  program: RegExp,
  words: readonly string[],
): Rule {
  return daemon(
    name,
    reason,
    ({ names, word = "" }) =>
      names.some((name) => program.test(name)) && words.includes(word),
  );
}

function java(name: string, mainClass: string): Rule {
  return daemon(
    name,
    BUILDS,
    ({ names, args }) => names.includes("java") && args.includes(mainClass),
  );
}

function runner(name: string, known: readonly string[]): Rule {
  return {
    kind: "runner",
    name,
    reason: JOBS,
    // Some hosts start it as `dotnet .../Runner.Worker.dll`.
    fits: ({ names, args }) =>
      names.some((name) => known.includes(name)) ||
      names.includes("dotnet") && known.includes(baseName(args[1] ?? "")),
  };
}
