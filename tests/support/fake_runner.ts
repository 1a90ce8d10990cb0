/**
 * Self-hosted runners of GitHub, as far as processes tell: for each runner a
 * program named `Runner.Listener`, for each job a child of it named
 * `Runner.Worker`, and the steps as children of that, with the variables that
 * the real ones have. The steps of the Action run the committed bundle under
 * the Node that GitHub takes for it.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Agent, isAlive, startChild, waitUntil } from "./children.ts";
import { createJob, type FakeJob } from "./fake_job.ts";
import { type HostParts, makeEnvironment } from "./fake_job_host.ts";
import {
  installAgents,
  type Installed,
  installRunner,
  kill,
  type Product,
  readPid,
} from "./fake_programs.ts";
import { findNode24 } from "./runner_node.ts";

export type { FakeJob };

/** Why runners cannot be faked here; `false` if they can. */
export const skip: string | false = process.platform !== "linux"
  ? "only Linux tells whose a process is"
  : findNode24() === undefined
  ? "Node 24 is not installed: run npx -y deno@2 task test runtimes"
  : false;

/**
 * The same for tests that run nothing but the Action, which is run by Node 24
 * whatever runs the tests.
 */
export const skipAction: string | false = process.versions["deno"]
  ? skip
  : "the Action is tried when the tests run under Deno";

/** A machine with runners under one user. */
export interface FakeHost {
  /** Everything is below it. */
  readonly folder: string;
  /** The zag home of all jobs. */
  readonly zag: string;
  /** Starts a runner. */
  startRunner(name: string): FakeRunner;
  /**
   * Starts an agent that no job has started.
   *
   * @param place a folder for its program
   */
  startAgent(
    product: Product,
    env?: Readonly<Record<string, string>>,
    uid?: number,
    place?: string,
  ): Promise<number>;
}

/** One runner. */
export interface FakeRunner {
  readonly listener: number;
  /** Its `RUNNER_TEMP`. */
  readonly temp: string;
  /** Starts the next job. */
  startJob(name?: string): Promise<FakeJob>;
}

/** Makes a host, lets a test use it, and ends all that is left on it. */
export async function withHost(
  use: (host: FakeHost) => Promise<void>,
): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "zag-ps-runner-")));
  const listeners: Agent[] = [];
  try {
    await use(createHost(folder, listeners));
  } finally {
    for (const { child } of listeners) child.kill("SIGKILL");
    endAll(folder);
    await Promise.all(listeners.map((listener) => listener.waitForEnd()));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends every process that runs in a folder; a hundred rounds are enough. */
function endAll(folder: string): void {
  for (let round = 0; round < 100; round++) {
    const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name))
      .map(Number).filter((pid) => isAlive(pid) && isBelow(pid, folder));
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
  }
}

function isBelow(pid: number, folder: string): boolean {
  try {
    return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`);
  } catch {
    return false;
  }
}

function createHost(folder: string, listeners: Agent[]): FakeHost {
  const zag = join(folder, "home", ".zag");
  mkdirSync(zag, { recursive: true });
  const programs = installAgents(folder);
  let agents = 0;
  const place = () => join(folder, `agent-${++agents}.pid`);
  const path = process.env["PATH"] ?? "";
  return {
    folder,
    zag,
    startRunner(name) {
      const runner = installRunner(folder, name);
      const listener = startChild(
        join(runner.bin, "Runner.Listener"),
        ["run", "--startuptype", "service"],
        { PATH: path, HOME: join(folder, "home") },
        { cwd: runner.bin },
      );
      listeners.push(listener);
      return createRunner({ folder, zag, programs, place }, runner, listener);
    },
    async startAgent(product, env = {}, uid, parent = "") {
      const ready = place();
      const [program = "", ...args] = parent === ""
        ? programs[product]
        : installAgents(join(folder, parent))[product];
      // Whoever it runs as, it has to tell its pid.
      chmodSync(folder, uid === undefined ? 0o700 : 0o777);
      listeners.push(
        startChild(program, [...args, ready], { PATH: path, ...env }, {
          cwd: folder,
          ...(uid === undefined ? {} : { uid }),
        }),
      );
      return await readPid(ready);
    },
  };
}

let runs = 4_000;

function createRunner(
  host: HostParts,
  runner: Installed,
  listener: Agent,
): FakeRunner {
  let jobs = 0;
  return {
    listener: listener.pid,
    temp: runner.temp,
    async startJob(name = "review") {
      const folder = join(host.folder, runner.name, `job-${++jobs}`);
      mkdirSync(folder);
      execFileSync("mkfifo", [join(folder, "orders")]);
      const before = listener.output().length;
      listener.child.stdin?.write(`${folder}\n`);
      const read = () =>
        /^ready (\d+)$/m.exec(listener.output().slice(before))?.[1];
      await waitUntil(() => read() !== undefined, "no worker came up");
      const env = makeEnvironment(host, runner, name, `${++runs}`);
      return createJob(host, listener, {
        folder,
        env,
        worker: Number(read()),
        workspace: runner.workspace,
      });
    },
  };
}
