/**
 * The agents that are recorded, at exact versions, and how they are installed.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { installRuntimes, RUNTIME_VERSIONS } from "../runtimes.ts";

/** The Node that the agents run on. */
export const NODE_VERSION = RUNTIME_VERSIONS.node24;

/** An older one, which some launches use. */
export const OLD_NODE_VERSION = RUNTIME_VERSIONS.node20;

/** A package of an agent. */
export interface AgentPackage {
  readonly name: string;
  readonly version: string;
  /**
   * What its install script does: the native program out of the package for
   * this platform takes the place of a stub. Paths inside the package.
   */
  readonly native?: { readonly from: string; readonly to: string };
  /** For a package of Python: the Pythons that it takes, best first. */
  readonly pythons?: readonly string[];
}

/** The packages: of npm, and, with `pythons`, of Python. */
export const AGENT_PACKAGES: readonly AgentPackage[] = [
  {
    name: "@anthropic-ai/claude-code",
    version: "2.1.330",
    native: {
      from: "node_modules/@anthropic-ai/claude-code-linux-x64/claude",
      to: "bin/claude.exe",
    },
  },
  { name: "@openai/codex", version: "0.169.0" },
  { name: "@google/gemini-cli", version: "0.61.0" },
  { name: "@github/copilot", version: "1.0.102" },
  {
    name: "opencode-ai",
    version: "1.18.33",
    native: {
      from: "node_modules/opencode-linux-x64/bin/opencode",
      to: "bin/opencode.exe",
    },
  },
  {
    name: "@ampcode/cli",
    version: "0.0.1790142911-g7618fb",
    native: {
      from: "node_modules/@ampcode/cli-linux-x64/amp",
      to: "bin/amp.exe",
    },
  },
  { name: "@qwen-code/qwen-code", version: "0.24.4" },
  { name: "@augmentcode/auggie", version: "0.36.0" },
  // Its program is downloaded from elsewhere: the launcher alone is recorded.
  { name: "@charmland/crush", version: "0.96.1" },
  // @factory/cli 0.225.1 names programs that the registry has not.
  { name: "droid", version: "0.215.0" },
  { name: "@moonshot-ai/kimi-code", version: "2.1.0" },
  { name: "@modelcontextprotocol/server-filesystem", version: "2026.8.31" },
  {
    name: "aider-chat",
    version: "0.86.2",
    pythons: ["python3.12", "python3.11", "python3.10"],
  },
  {
    // Later ones fetch and run the installer of its successor.
    name: "kimi-cli",
    version: "1.46.0",
    pythons: ["python3.13", "python3.12"],
  },
];

/** Where things are in the throw-away home, as nvm and pipx lay them out. */
export interface Places {
  readonly home: string;
  /** The folder of Node, and the prefix of what is installed with it. */
  readonly node: string;
  /** The folder of the older Node. */
  readonly oldNode: string;
  /** The folder in which the agents are started. */
  readonly project: string;
}

/** The places in a throw-away home. */
export function getPlaces(home: string): Places {
  const versions = join(home, ".nvm", "versions", "node");
  return {
    home,
    node: join(versions, `v${NODE_VERSION}`),
    oldNode: join(versions, `v${OLD_NODE_VERSION}`),
    project: join(home, "shop"),
  };
}

/**
 * Installs Node and the agents. Install scripts are not run.
 *
 * @returns the packages that could not be had, with the reason
 * @throws {Error} if npm fails
 */
export function installAgents(places: Places): Map<string, string> {
  mkdirSync(places.project, { recursive: true });
  mkdirSync(join(places.home, ".local", "bin"), { recursive: true });
  const options = ["--no-audit", "--no-fund", "--ignore-scripts"];
  const { node20, node24 } = installRuntimes(process.cwd());
  for (
    const [from, to] of [[node24, places.node], [
      node20,
      places.oldNode,
    ]] as const
  ) {
    mkdirSync(join(to, "bin"), { recursive: true });
    copyFileSync(from, join(to, "bin", "node"));
  }

  const npm = AGENT_PACKAGES.filter(({ pythons }) => pythons === undefined);
  const specs = npm.map(({ name, version }) => `${name}@${version}`);
  run(
    "npm",
    ["install", "--global", "--prefix", places.node, ...options, ...specs],
    places.home,
  );
  for (const { name, native } of npm) {
    if (native) {
      placeNative(join(places.node, "lib/node_modules", name), native);
    }
  }
  return installPythonAgents(places);
}

function placeNative(
  root: string,
  { from, to }: { from: string; to: string },
): void {
  rmSync(join(root, to));
  linkSync(join(root, from), join(root, to));
}

/** Each in an environment of its own, as pipx does. */
function installPythonAgents({ home }: Places): Map<string, string> {
  const missing = new Map<string, string>();
  for (const { name, version, pythons = [] } of AGENT_PACKAGES) {
    if (pythons.length === 0) continue;
    const python = pythons.find((program) => canRun(program));
    if (python === undefined) {
      missing.set(name, `none of ${pythons.join(", ")} is on the PATH`);
      continue;
    }
    const folder = join(home, ".local/share/pipx/venvs", name);
    run(python, ["-m", "venv", folder], home);
    const pip = ["-m", "pip", "install", "--quiet", "--no-cache-dir"];
    run(join(folder, "bin/python"), [...pip, `${name}==${version}`], home);
    const command = name.split("-")[0] ?? name;
    symlinkSync(
      join(folder, "bin", command),
      join(home, ".local/bin", command),
    );
  }
  return missing;
}

function canRun(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function run(program: string, args: readonly string[], cwd: string): void {
  execFileSync(program, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}
