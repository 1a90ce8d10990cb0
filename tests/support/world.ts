/**
 * A throw-away home with real child processes as agents, for tests that run
 * the command line on the real machine.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { type Agent, type Ran, runProgram, startChild } from "./children.ts";
import { type Form, forms } from "./forms.ts";

const AGENT = resolve("tests", "support", "fixtures", "agent.mjs");

/** How to run the command line. */
export interface RunOptions {
  form?: Form<string>;
  /** On top of the few variables that are always there. */
  env?: Record<string, string>;
  /**
   * Standard input; an empty one by default. A form that reads the program
   * from there has none.
   */
  input?: string | Uint8Array;
  cwd?: string;
}

/** A temporary home and the agents of one test. */
export interface World {
  /** The home folder: `HOME` of everything that is run. */
  home: string;
  /** The zag home in it. */
  zag: string;
  /** Starts the fixture `agent.mjs` and waits until it is ready. */
  startAgent(mode: string[], env?: Record<string, string>): Promise<Agent>;
  /** Starts a program that waits; it dies of every signal from the start. */
  startSleeper(
    env?: Record<string, string>,
    identity?: { uid: number; gid: number },
  ): Agent;
  /** Starts any program, ended with the world. */
  start: typeof startChild;
  /** Runs the command line. */
  run(args: string[], options?: RunOptions): Promise<Ran>;
  writeProcesses(entries: unknown[]): void;
  /** Writes a session store: the base store, or that of a project folder. */
  writeSessions(sessions: unknown[], slug?: string): void;
  /** Writes a file of the zag home as it is. */
  writeText(path: string, text: string | Uint8Array): void;
  /** An entry as the store has it now. */
  readEntry(id: string): Record<string, unknown>;
  /** A file of the zag home; `undefined` if there is none. */
  read(path: string): string | undefined;
}

/** Makes a world, lets a test use it, and clears it away. */
export async function withWorld(
  use: (world: World) => Promise<void>,
): Promise<void> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "zag-ps-world-")));
  const agents: Agent[] = [];
  try {
    await use(createWorld(home, agents));
  } finally {
    for (const { child } of agents) child.kill("SIGKILL");
    await Promise.all(agents.map((agent) => agent.waitForEnd()));
    rmSync(home, { recursive: true, force: true });
  }
}

function createWorld(home: string, agents: Agent[]): World {
  const zag = join(home, ".zag");
  mkdirSync(zag);
  const writeText = (path: string, text: string | Uint8Array) => {
    mkdirSync(dirname(join(zag, path)), { recursive: true });
    writeFileSync(join(zag, path), text);
  };
  const write = (path: string, value: unknown) =>
    writeText(path, JSON.stringify(value, null, 2));
  const read = (path: string) => {
    const file = join(zag, path);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const start: typeof startChild = (...parameters) => {
    const agent = startChild(...parameters);
    agents.push(agent);
    return agent;
  };
  return {
    home,
    zag,
    async startAgent(mode, env = {}) {
      const agent = start(process.execPath, [
        ...(process.versions["deno"] ? ["run", "-A", "--no-config"] : []),
        AGENT,
        ...mode,
      ], { ...runtimeEnvironment(home), ...env });
      await agent.waitFor("READY\n");
      return agent;
    },
    start,
    startSleeper: (env = {}, identity) =>
      start("/bin/sleep", ["120"], env, identity),
    run: (args, options = {}) => {
      const { form = ownForm(), env, cwd = home } = options;
      const [program = "", ...first] = form.command;
      const input = form.program ? readFileSync(form.program) : options.input;
      return runProgram(program, [...first, ...args], {
        env: { ...runtimeEnvironment(home), ...form.env, ...env },
        input,
        cwd,
      });
    },
    writeProcesses: (processes) => write("processes.json", { processes }),
    writeSessions: (sessions, slug) =>
      write(join(slug ? `projects/${slug}` : "", "sessions.json"), {
        sessions,
      }),
    writeText,
    readEntry(id) {
      const { processes } = JSON.parse(read("processes.json") ?? "");
      const found = processes.find((entry: { id: string }) => entry.id === id);
      assert.ok(found, `no entry ${id}`);
      return found;
    },
    read,
  };
}

/** The form whose runtime runs this test, or else the first one. */
export function ownForm(): Form {
  const { deno, bun, node = "" } = process.versions;
  const name = deno ? "deno" : bun ? "bun" : `node${node.split(".")[0]}`;
  const all = cachedForms();
  const form = all.find((form) => form.name === name) ?? all[0];
  assert.ok(form, "no form of the command line can be started");
  return form;
}

let found: Form[] | undefined;

/** The forms, looked for once. */
export function cachedForms(): Form[] {
  return found ??= forms();
}

/** What a runtime needs, and a home of its own; nothing else. */
function runtimeEnvironment(home: string): Record<string, string> {
  const { PATH = "", DENO_DIR } = process.env;
  return {
    PATH,
    HOME: home,
    DENO_NO_UPDATE_CHECK: "1",
    ...(DENO_DIR ? { DENO_DIR } : {}),
  };
}
