/**
 * One job of a fake runner: its worker, and what its steps do.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { quoteForShell } from "../../src/cli/shell.ts";
import { type Agent, isAlive, type Ran, waitUntil } from "./children.ts";
import type { HostParts } from "./fake_job_host.ts";
import {
  kill,
  type Product,
  readPid,
  type Way,
  WAYS,
} from "./fake_programs.ts";
import { type Inputs, readStep, type StepRun } from "./runner_step.ts";

/** One job. */
export interface FakeJob {
  /** The pid of its worker. */
  readonly worker: number;
  readonly trackingId: string;
  /** The id of its run. */
  readonly run: string;
  /** The environment of its steps. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a shell script as a step, to its end. */
  runScript(script: string): Promise<void>;
  /** Leaves an agent behind in a step that ends. */
  leaveAgent(
    product: Product,
    way?: Way,
    more?: LeftAgent,
  ): Promise<number>;
  /** Begins a step of the Action. */
  begin(which: "main" | "post", step?: StepOptions): Promise<BegunStep>;
  /** Runs a step of the Action, to its end. */
  uses(which: "main" | "post", step?: StepOptions): Promise<StepRun>;
  /** Runs any program as a step, such as a hook of the runner. */
  runProgram(
    command: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Ran>;
  /** Ends the job: the worker kills what has its tracking id, and goes. */
  end(): Promise<void>;
  /** Kills the worker: nothing is cleaned up. */
  crash(): Promise<void>;
}

/** What is special of an agent that is left behind. */
export interface LeftAgent {
  /** Variables beside those of the job. */
  readonly env?: Readonly<Record<string, string>>;
  /** It ignores every signal that can be ignored. */
  readonly stubborn?: boolean;
}

/** How a step of the Action is run. */
export interface StepOptions {
  /** Runs it as the child of an agent, a codex. */
  readonly insideAgent?: boolean;
  /** What stands below `with`. */
  readonly with?: Inputs;
  /** What the main step kept for the post step. */
  readonly state?: Readonly<Record<string, string>>;
  /** Variables beside those of the job. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A step that runs. */
export interface BegunStep {
  readonly pid: number;
  /** What it has printed so far. */
  readonly log: () => string;
  /** Waits for its end. */
  readonly end: () => Promise<StepRun>;
}

/** Makes the job of a worker that is up. */
export function createJob(
  { programs, place }: HostParts,
  listener: Agent,
  { folder, env, worker, workspace }: {
    readonly folder: string;
    readonly env: Readonly<Record<string, string>>;
    readonly worker: number;
    readonly workspace: string;
  },
): FakeJob {
  const trackingId = env["RUNNER_TRACKING_ID"] ?? "";
  let steps = 0;

  /** Has the worker run a step; gives its name, and how it ended. */
  function order(
    command: readonly string[],
    variables: Readonly<Record<string, string>>,
  ): { name: string; status: () => Promise<number> } {
    const name = `step-${++steps}`;
    const words = Object.entries(variables)
      .map(([key, value]) => `${key}=${value}`);
    writeFileSync(
      join(folder, `${name}.sh`),
      `cd ${quoteForShell(workspace)}\n` +
        `exec env -i ${[...words, ...command].map(quoteForShell).join(" ")}\n`,
    );
    const before = listener.output().length;
    const end = new RegExp(`^done ${name} (\\d+)$`, "m");
    const read = () => end.exec(listener.output().slice(before))?.[1];
    appendFileSync(join(folder, "orders"), `${name}\n`);
    return {
      name,
      async status() {
        await waitUntil(() => read() !== undefined, `${name} did not end`);
        return Number(read());
      },
    };
  }

  async function runProgram(
    command: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<Ran> {
    const { name, status } = order(command, { ...env, ...more });
    const read = (what: string) =>
      readFileSync(join(folder, `${name}.${what}`), "utf8");
    return { status: await status(), stdout: read("out"), stderr: read("err") };
  }

  async function runScript(script: string): Promise<void> {
    const { status, stderr } = await runProgram(
      ["/bin/sh", "-e", "-c", script],
    );
    assert.equal(status, 0, stderr);
  }

  async function begin(
    which: "main" | "post",
    options: StepOptions = {},
  ): Promise<BegunStep> {
    const files = join(folder, `files-${steps + 1}`);
    const step = readStep(which, files, options);
    const [around, mode] = options.insideAgent === true
      ? [programs.codex, { FAKE_AGENT_RUNS: "1" }]
      : [[], {}];
    const { name, status } = order(
      [...around, ...step.command],
      { ...env, ...step.env, ...mode },
    );
    const read = (what: string) => {
      const path = join(folder, `${name}.${what}`);
      return existsSync(path) ? readFileSync(path, "utf8") : "";
    };
    let pid: number | undefined;
    await waitUntil(
      () => {
        pid = findStep(worker, [...around, ...step.command]);
        return pid !== undefined || read("out") !== "";
      },
      `${name} did not start`,
    );
    return {
      pid: pid ?? 0,
      log: () => read("out"),
      end: async () => step.finish(await status(), read("out"), read("err")),
    };
  }

  return {
    worker,
    trackingId,
    run: env["GITHUB_RUN_ID"] ?? "",
    env,
    runScript,
    runProgram,
    async leaveAgent(product, way = "background", more = {}) {
      const ready = place();
      const [before, behind] = WAYS[way];
      const variables = Object.entries(more.env ?? {})
        .map(([name, value]) => `${name}=${value}`);
      const command = [
        ...["env", ...variables, ...programs[product]],
        ...(more.stubborn === true ? ["stubborn"] : []),
        ready,
      ].map(quoteForShell).join(" ");
      await runScript(
        `cd ${quoteForShell(dirname(ready))}
        ${before} ${command} </dev/null >/dev/null 2>&1 ${behind}
        while [ ! -e ${quoteForShell(ready)} ]; do sleep 0.01; done`,
      );
      return await readPid(ready);
    },
    begin,
    uses: async (which, options) => await (await begin(which, options)).end(),
    async end() {
      const tracked = listTracked(trackingId);
      tracked.forEach(kill);
      await waitUntil(
        () => !tracked.some(isAlive),
        "what has the tracking id did not end",
      );
      appendFileSync(join(folder, "orders"), "end\n");
      await waitUntil(() => !isAlive(worker), "the worker did not end");
    },
    async crash() {
      kill(worker);
      await waitUntil(() => !isAlive(worker), "the worker did not die");
    },
  };
}

/** The child of a worker that runs a command. */
function findStep(
  worker: number,
  command: readonly string[],
): number | undefined {
  try {
    const path = `/proc/${worker}/task/${worker}/children`;
    return readFileSync(path, "utf8").split(" ").filter(Boolean).map(Number)
      .find((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, "utf8") ===
          command.map((word) => `${word}\0`).join("")
      );
  } catch {
    return undefined;
  }
}

/** What the worker kills at the end of its job. */
function listTracked(trackingId: string): number[] {
  const entry = `\0RUNNER_TRACKING_ID=${trackingId}\0`;
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return `\0${readFileSync(`/proc/${pid}/environ`, "utf8")}`
          .includes(entry);
      } catch {
        return false;
      }
    }).map(Number);
}
