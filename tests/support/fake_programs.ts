/**
 * Programs that look like agents and like those of GitHub's runner: by the
 * path of the program, by its name and by its arguments.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { waitUntil } from "./children.ts";
import { findNode24 } from "./runner_node.ts";

const FIXTURES = resolve("tests", "support", "fixtures");

/** How a step leaves an agent behind. */
export type Way =
  | "background"
  | "setsid"
  | "double-fork"
  | "detached"
  | "untracked"
  | "emptied"
  | "half-emptied";

/** The words before an agent's command, and behind it. */
export const WAYS: Readonly<Record<Way, readonly [string, string]>> = {
  "background": ["", "&"],
  "setsid": ["setsid", "&"],
  "double-fork": ["(setsid", "&) &"],
  // What the runner's maintainers tell people to do.
  "detached": ["RUNNER_TRACKING_ID=", "&"],
  "untracked": ["env -u RUNNER_TRACKING_ID", "&"],
  "emptied": ['env -i PATH="$PATH"', "&"],
  "half-emptied": ['env -i PATH="$PATH" CI=true', "&"],
};

/** Whose product an agent looks like. */
export type Product = "claude" | "codex" | "gemini" | "mcp-server";

/** The commands that look like agents. */
export type Programs = Readonly<Record<Product, readonly string[]>>;

/** Puts them below a folder. */
export function installAgents(folder: string): Programs {
  const modules = join(folder, "lib", "node_modules");
  const claude = join(modules, "@anthropic-ai", "claude-code", "cli.js");
  const gemini = join(modules, "@google", "gemini-cli", "bundle", "gemini.js");
  const server = join(modules, "mcp-server-files", "dist", "index.js");
  for (const script of [claude, gemini, server]) {
    mkdirSync(dirname(script), { recursive: true });
    copyFileSync(join(FIXTURES, "ci_agent.mjs"), script);
    const manifest = join(dirname(script), "package.json");
    writeFileSync(manifest, '{"type":"module"}');
  }
  const codex = join(folder, "bin", "codex");
  copyShell(codex);
  // `codex exec` is a shell that runs the file "exec" of its folder.
  copyFileSync(join(FIXTURES, "ci_agent.sh"), join(folder, "exec"));
  const node = findNode24() ?? "";
  return {
    "claude": [node, claude, "-p"],
    "codex": [codex, "exec"],
    "gemini": [node, gemini],
    // As claude starts them.
    "mcp-server": ["env", "CLAUDECODE=1", node, server],
  };
}

/** A shell under another name: program, name and arguments are as they say. */
function copyShell(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  // Written by this process it could not be run (ETXTBSY) while a child that
  // another thread forks meanwhile still has the file open.
  execFileSync("cp", [realpathSync("/bin/sh"), path]);
  chmodSync(path, 0o755);
}

/** A runner's installation. */
export interface Installed {
  readonly name: string;
  readonly bin: string;
  readonly temp: string;
  readonly workspace: string;
}

/** Installs a runner below a folder. */
export function installRunner(folder: string, name: string): Installed {
  const home = join(folder, name);
  const bin = join(home, "bin");
  copyShell(join(bin, "Runner.Listener"));
  copyShell(join(bin, "Runner.Worker"));
  copyFileSync(join(FIXTURES, "runner_listener.sh"), join(bin, "run"));
  copyFileSync(join(FIXTURES, "runner_worker.sh"), join(bin, "spawnclient"));
  const temp = join(home, "_work", "_temp");
  const workspace = join(home, "_work", "shop", "shop");
  mkdirSync(temp, { recursive: true });
  mkdirSync(workspace, { recursive: true });
  copyFileSync(join(FIXTURES, "ci_agent.sh"), join(workspace, "exec"));
  return { name, bin, temp, workspace };
}

/** The pid that an agent has told. */
export async function readPid(file: string): Promise<number> {
  await waitUntil(() => existsSync(file), "an agent did not come up");
  return Number(readFileSync(file, "utf8"));
}

/** Ends a process, if it is there. */
export function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
