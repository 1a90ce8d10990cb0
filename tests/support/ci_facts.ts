/**
 * Facts of processes on a host that runs CI jobs, said in few words.
 *
 * @module
 */

import type { ProcessFacts } from "../../src/model/process_facts.ts";

/** When the processes of {@linkcode makeFacts} started: pid 1 at this time. */
export const BOOT_MS = Date.UTC(2026, 10, 22, 8);

/** The user of the runners. */
export const RUNNER_UID = 1000;

/** A process; it started as many seconds after the boot as its pid says. */
export function makeFacts(
  pid: number,
  ppid: number,
  line: string,
  more: Partial<ProcessFacts> = {},
): ProcessFacts {
  const args = line.split(" ");
  return {
    pid,
    ppid,
    zombie: false,
    startTicks: `proc:${pid * 100}`,
    startedAt: BOOT_MS + pid * 1000,
    name: args[0]?.split("/").at(-1)?.slice(0, 15),
    args,
    uid: RUNNER_UID,
    pgid: pid,
    sid: pid,
    terminal: null,
    memoryBytes: 1024,
    cgroup: "/system.slice/actions.runner.acme.one.service",
    markers: {},
    ...more,
  };
}

/** pid 1. */
export function makeInit(
  name = "systemd",
  more: Partial<ProcessFacts> = {},
): ProcessFacts {
  return makeFacts(1, 0, "/sbin/init", {
    name,
    uid: 0,
    sid: 1,
    cgroup: "/init.scope",
    markers: undefined,
    ...more,
  });
}

/** Processes by their pid; of several with one pid the last one counts. */
export function byPid(
  processes: readonly ProcessFacts[],
): Map<number, ProcessFacts> {
  return new Map(processes.map((facts) => [facts.pid, facts]));
}

/** A job of a runner, and the variables that its processes have. */
export interface FakeJob {
  /** `RUNNER_TEMP`. */
  temp: string;
  /** `RUNNER_TRACKING_ID`; none, as after a step took it away, if absent. */
  tracking?: string | undefined;
  /** `RUNNER_NAME`. */
  runner?: string;
  /** `GITHUB_RUN_ID`. */
  run?: string;
  /** `GITHUB_JOB`. */
  job?: string;
}

/** The variables of what a job starts. */
export function makeJobMarkers(job: FakeJob): Record<string, string> {
  const { temp, tracking, runner = "one", run = "4711", job: name = "test" } =
    job;
  return {
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_REPOSITORY: "acme/shop",
    GITHUB_RUN_ID: run,
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_JOB: name,
    RUNNER_NAME: runner,
    RUNNER_TEMP: temp,
    ...tracking !== undefined && { RUNNER_TRACKING_ID: tracking },
  };
}

/** The processes of a runner that works on a job. */
export interface RunnerProcesses {
  readonly all: readonly ProcessFacts[];
  /** `Runner.Listener`, whose environment has nothing of a job. */
  readonly listener: ProcessFacts;
  /** `Runner.Worker`, likewise. */
  readonly worker: ProcessFacts;
  /** The shell of a step, which carries the job's variables. */
  readonly step: ProcessFacts;
}

/**
 * A runner that is a service of systemd, and works on a job.
 *
 * @param first the pid of the first of its processes, `runsvc.sh`; the worker
 * is the fourth
 */
export function makeRunner(first: number, job: FakeJob): RunnerProcesses {
  const folder = `/srv/${job.runner ?? "one"}`;
  const service = makeFacts(first, 1, `/bin/bash ${folder}/runsvc.sh`);
  const more = {
    sid: first,
    cgroup: `/system.slice/actions.runner.acme.${job.runner ?? "one"}.service`,
  };
  const node = makeFacts(
    first + 1,
    first,
    `./externals/node20/bin/node ./bin/RunnerService.js`,
    more,
  );
  const listener = makeFacts(
    first + 2,
    first + 1,
    `${folder}/bin/Runner.Listener run --startuptype service`,
    more,
  );
  const worker = makeFacts(
    first + 3,
    first + 2,
    `${folder}/bin/Runner.Worker spawnclient 118 121`,
    more,
  );
  const step = makeFacts(
    first + 4,
    first + 3,
    `/usr/bin/bash -e ${job.temp}/step.sh`,
    { ...more, markers: makeJobMarkers(job) },
  );
  return {
    all: [{ ...service, cgroup: more.cgroup }, node, listener, worker, step],
    listener,
    worker,
    step,
  };
}
