/**
 * The real processes of the demo. None of them outlives it.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** No wait of the demo is longer. */
const DEADLINE_MS = 30_000;

const AGENT = fileURLToPath(new URL("./agent.ts", import.meta.url));

/** A running agent. */
export interface Agent {
  pid: number;
  /** Asks it for a sign of life; what it answers. */
  ask(): Promise<string>;
  /** Ends it at once. */
  end(): Promise<void>;
  /** Waits until it has ended: the exit code, or the name of the signal. */
  waitForEnd(): Promise<number | string | null>;
}

/** How a program ended, and what it printed if that was read. */
export interface Ran {
  status: number | null;
  stdout: string;
}

/** Starts processes and remembers them, so that all can be ended. */
export class Children {
  readonly #folder: string;
  readonly #running = new Map<ChildProcess, Promise<number | string | null>>();
  #closed = false;

  /** @param folder The working directory of them all. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Starts an agent and waits until it is ready.
   *
   * @param marks What zag adds to the environment of an agent.
   */
  async startAgent(marks: Record<string, string>): Promise<Agent> {
    const { child, ended } = this.#start(
      ["run", "--quiet", "--no-config", AGENT],
      { ...getOwnEnvironment(), ...marks },
      ["pipe", "pipe", "inherit"],
    );
    const waitForEnd = () => withDeadline(ended, "The end of an agent");
    const readLine = () =>
      withDeadline(
        new Promise<string>((resolve, reject) => {
          child.stdout?.once("data", (chunk) => resolve(String(chunk).trim()));
          ended.then((how) => reject(new Error(`An agent ended: ${how}`)));
        }),
        "The answer of an agent",
      );
    await readLine();
    return {
      pid: child.pid ?? 0,
      waitForEnd,
      ask: () => {
        const answer = readLine();
        child.stdin?.write("?\n");
        return answer;
      },
      end: async () => {
        child.kill("SIGKILL");
        await waitForEnd();
      },
    };
  }

  /**
   * Runs Deno to its end.
   *
   * @param output `show` passes everything on to stdout, as a terminal does;
   * `read` returns stdout; `hide` drops it.
   */
  async runDeno(
    args: string[],
    environment: Record<string, string>,
    output: "show" | "read" | "hide",
  ): Promise<Ran> {
    const { child, ended } = this.#start(
      args,
      { ...getOwnEnvironment(), ...environment },
      output === "show"
        ? ["ignore", 1, 1]
        : ["ignore", output === "read" ? "pipe" : "ignore", "inherit"],
    );
    let stdout = "";
    child.stdout?.on("data", (chunk) => stdout += chunk);
    const status = await ended;
    return { status: typeof status === "number" ? status : null, stdout };
  }

  /** Ends every process that is still there; none can be started after. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const child of this.#running.keys()) child.kill("SIGKILL");
    await Promise.all(this.#running.values());
  }

  #start(
    args: string[],
    env: Record<string, string>,
    stdio: ("pipe" | "ignore" | "inherit" | number)[],
  ) {
    if (this.#closed) throw new Error("The demo is being ended");
    const child = spawn(process.execPath, args, {
      cwd: this.#folder,
      env,
      stdio,
    });
    // Not "exit": the last output may come after it.
    const ended = new Promise<number | string | null>((resolve) => {
      child.on("close", (code, signal) => resolve(signal ?? code));
      child.on("error", () => resolve(null));
    }).finally(() => this.#running.delete(child));
    this.#running.set(child, ended);
    child.stdin?.on("error", () => {});
    return { child, ended };
  }
}

/** This process's environment, without what a zag around it has set. */
function getOwnEnvironment(): Record<string, string> {
  const environment: Record<string, string> = { DENO_NO_UPDATE_CHECK: "1" };
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith("ZAG_")) {
      environment[name] = value;
    }
  }
  return environment;
}

async function withDeadline<T>(wait: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`${what} did not come in time`));
    timer = setTimeout(fail, DEADLINE_MS);
  });
  try {
    return await Promise.race([wait, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
