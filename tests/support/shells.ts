/**
 * Real shells on a terminal, in which keys are typed.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { quoteForShell } from "../../src/cli/shell.ts";
import { type Agent, waitUntil } from "./children.ts";
import { makeEntry, makeSession } from "./records.ts";
import { findTool, skipWithout, TOOLS_ROOT } from "./tools.ts";
import { ownForm, withWorld, type World } from "./world.ts";

/** The shells that complete on a terminal. */
export type TerminalShell = "bash" | "zsh";

/** Ids of the agents of {@linkcode withShellWorld}. */
export const LIVING = "aaaaaaaa-1111-4111-8111-111111111111";
export const SECOND = "aaaabbbb-2222-4222-8222-222222222222";
export const ENDED = "cccccccc-3333-4333-8333-333333333333";
/** Ids and names that a shell must not take for its own language. */
export const HOSTILE = {
  command: "$(touch pwned)",
  quotes: `it's "so" \\a:b`,
  glob: "x*y [z]; touch pwned",
};

/** Why a shell cannot be tested; `false` if it can. */
export function skipShell(name: string): string | false {
  if (process.platform !== "linux") return "the terminal is made on Linux";
  return skipWithout(name, "script");
}

/** A world with agents, and `zag-ps` as a command on its `PATH`. */
export async function withShellWorld(
  use: (world: World, agents: Agent[]) => Promise<void>,
): Promise<void> {
  await withWorld(async (world) => {
    const bin = join(world.home, "bin");
    mkdirSync(bin);
    const { command, env } = ownForm();
    const { DENO_DIR } = process.env;
    const variables = { ...(DENO_DIR ? { DENO_DIR } : {}), ...env };
    const exports = Object.entries(variables).map(([name, value]) =>
      `export ${name}=${quoteForShell(value)}\n`
    ).join("");
    writeFileSync(
      join(bin, "zag-ps"),
      `#!/bin/sh\n${exports}exec ${
        command.map(quoteForShell).join(" ")
      } "$@"\n`,
    );
    chmodSync(join(bin, "zag-ps"), 0o755);
    const ids = [LIVING, SECOND, ...Object.values(HOSTILE)];
    const agents = ids.map((id) => world.startSleeper({ ZAG_PROCESS_ID: id }));
    const before = Date.now() - 100_000;
    const stamp = (i: number) =>
      new Date(before - i * 3_600_000).toISOString().replace("Z", "+00:00");
    world.writeProcesses([
      ...ids.map((id, i) =>
        makeEntry({
          id,
          pid: agents[i]?.pid ?? 0,
          started_at: stamp(i),
          session_id: `session-${i}`,
          provider: id === SECOND ? "codex" : "claude",
          prompt: id === LIVING ? 'Fix: the "cart" \\x' : "\x1b[2J\u202ep",
        })
      ),
      makeEntry({
        id: ENDED,
        pid: 0,
        status: "killed",
        started_at: stamp(9),
        session_id: null,
      }),
      makeEntry({ id: "bad\nline", pid: 0, status: "killed" }),
    ]);
    world.writeSessions([
      makeSession({
        session_id: "session-0",
        name: "review it",
        tags: ["ni:ght", "ci"],
      }),
    ]);
    await use(world, agents);
    assert.equal(existsSync(join(world.home, "pwned")), false);
  });
}

/** A shell on a terminal. */
export interface Shell {
  /** Types keys, and returns the command line that they make. */
  type(keys: string): Promise<string>;
  /** All that the shell has shown. */
  screen(): string;
}

const RC: Readonly<Record<TerminalShell, (dump: string) => string>> = {
  // Control-G writes the line to a file, control-U clears it.
  bash: (dump) => `
eval "$(zag-ps completion bash)"
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind 'set completion-query-items 0'
dump() { printf %s "$READLINE_LINE" > ${dump}.new; mv ${dump}.new ${dump}; }
bind -x '"\\C-g": dump'
PS1='READY> '
`,
  zsh: (dump) => `
${relocateZsh()}
autoload -Uz compinit && compinit -u -D
eval "$(zag-ps completion zsh)"
unset zle_bracketed_paste
unsetopt beep automenu
LISTMAX=1000
dump() { print -rn -- $BUFFER > ${dump}.new; command mv ${dump}.new ${dump}; }
zle -N dump
bindkey -e
bindkey '^G' dump
bindkey '^U' kill-whole-line
PROMPT='READY> '
`,
};

/** Where a zsh that was only unpacked finds its parts. */
function relocateZsh(): string {
  const lib = join(TOOLS_ROOT, "usr", "lib");
  if (!findTool("zsh")?.startsWith(join(TOOLS_ROOT, ".."))) return "";
  const modules = readdirSync(lib).map((triple) => join(lib, triple, "zsh"))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).map((version) => join(path, version)));
  const functions = join(TOOLS_ROOT, "usr", "share", "zsh", "functions");
  return `module_path=(${modules.map(quoteForShell).join(" ")})
fpath=(${quoteForShell(functions)}/**/*(N/))`;
}

/** Starts a shell, and waits until it can be typed in. */
export async function openShell(
  world: World,
  name: TerminalShell,
): Promise<Shell> {
  const rc = join(world.home, name === "bash" ? "rc" : ".zshrc");
  const dump = join(world.home, "line");
  writeFileSync(rc, RC[name](quoteForShell(dump)));
  const program = quoteForShell(findTool(name) ?? name);
  const line = name === "bash"
    ? `${program} --noprofile --rcfile ${quoteForShell(rc)} -i`
    : `${program} -i`;
  const { PATH = "" } = process.env;
  const terminal = world.start(
    findTool("script") ?? "script",
    ["-qec", `stty cols 200; cd; exec ${line}`, "/dev/null"],
    {
      PATH: `${join(world.home, "bin")}:${PATH}`,
      HOME: world.home,
      ZDOTDIR: world.home,
      TERM: "dumb",
      LC_ALL: "C.UTF-8",
    },
  );
  await terminal.waitFor("READY> ");
  return {
    async type(keys) {
      rmSync(dump, { force: true });
      terminal.child.stdin?.write(`${keys}\x07`);
      await waitUntil(() => existsSync(dump), `${name} hangs at ${keys}`);
      terminal.child.stdin?.write("\x15");
      return readFileSync(dump, "utf8");
    },
    screen: terminal.output,
  };
}

/** The words that a POSIX shell makes of a line. */
export function splitLine(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:\\.|'[^']*'|"(?:\\.|[^"])*"|\S)+/gs)) {
    words.push(
      word.replace(
        /\\(.)|'([^']*)'|"((?:\\.|[^"])*)"/gs,
        (_, bare, single, double) =>
          bare ?? single ?? double.replace(/\\(["\\$`])/g, "$1"),
      ),
    );
  }
  return words;
}
