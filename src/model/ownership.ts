import { readContainer } from "./control_group.ts";
import { isAbsolutePath } from "./folder_paths.ts";
import { readJobLabels } from "./job_labels.ts";
import { CI_MARKERS, type ProcessFacts } from "./process_facts.ts";
import { findParent } from "./process_tree.ts";
import { findProtection, RUNNER_WORKER } from "./protected_programs.ts";
import type { Ownership, OwnershipKind } from "./seen_agent.ts";

/** Where zag-ps runs, and what it can see there. */
export interface JobQuestion {
  /** Every process that can be seen. */
  readonly processes: ReadonlyMap<number, ProcessFacts>;
  /** The process that asks. */
  readonly ownPid: number;
  /** Its environment: `RUNNER_TRACKING_ID` and `RUNNER_TEMP` are looked at. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Follows the links of a path; `undefined` if nothing is there. */
  readonly realPath: (path: string) => string | undefined;
  /** Paths are the same in any case, and with either slash. */
  readonly windows: boolean;
}

/** The job that zag-ps runs in, as far as it is known. */
export interface OwnJob {
  /** Its tracking id, never an empty one. */
  readonly trackingId: string | undefined;
  /** When the runner's worker started it, milliseconds since 1970. */
  readonly startedAt: number | undefined;
  /** Whether a folder is the `RUNNER_TEMP` of its runner. */
  readonly isTemp: (path: string) => boolean;
  /** The container that zag-ps runs in, as its control group names it. */
  readonly container: string | undefined;
}

/**
 * `ps` tells starts in seconds, and is off by one now and then: two starts may
 * change places.
 */
const PS_MARGIN_MS = 2_000;

/**
 * Finds the job that zag-ps runs in: by its own environment, and, where a step
 * emptied it, by that of the processes that it runs in, up to the runner's
 * worker.
 */
export function findOwnJob(question: JobQuestion): OwnJob {
  const { processes, ownPid, environment } = question;
  const above = listAbove(processes, ownPid);
  const sources = [environment, ...above.map(({ markers }) => markers ?? {})];
  const worker = above.find(isWorker);
  const own = processes.get(ownPid)?.cgroup;
  return {
    trackingId: sources.map(({ RUNNER_TRACKING_ID }) => RUNNER_TRACKING_ID)
      .find(isTrackingId),
    startedAt: worker?.startedAt,
    isTemp: compareWith(
      sources.map(({ RUNNER_TEMP }) => RUNNER_TEMP).find(Boolean),
      question,
    ),
    container: own === undefined ? undefined : readContainer(own)?.id,
  };
}

/**
 * Tells whose a process is, on a host that runs CI jobs.
 *
 * `RUNNER_TEMP` is the runner's alone, and a runner runs one job at a time; so
 * what has it and another tracking id is of an earlier job. What carries no
 * tracking id is of an earlier job only if it started before our own; a start
 * that is not known proves nothing.
 */
export function judgeOwnership(facts: ProcessFacts, job: OwnJob): Ownership {
  const { markers } = facts;
  if (markers === undefined) {
    return { kind: "unknown", reason: "its environment cannot be read" };
  }
  const [kind, reason] = judge(facts, markers, job);
  return { kind, reason, ...readJobLabels(markers) };
}

function judge(
  facts: ProcessFacts,
  markers: Readonly<Record<string, string>>,
  job: OwnJob,
): [OwnershipKind, string] {
  const { RUNNER_TRACKING_ID: id, RUNNER_TEMP: temp } = markers;
  if (isTrackingId(id) && id === job.trackingId) {
    return ["this-job", "it has the tracking id of this job"];
  }
  if (!temp) {
    // What is set to nothing was taken away: `CI= npm test`.
    const set = CI_MARKERS.find((name) => markers[name]);
    return set === undefined && id === undefined
      ? ["person", "no CI job is in its environment"]
      : [
        "unknown",
        `its environment has ${
          set ?? "RUNNER_TRACKING_ID"
        } but no RUNNER_TEMP: which job started it cannot be told`,
      ];
  }
  if (!job.isTemp(temp)) {
    return ["other-runner", "its RUNNER_TEMP is not that of this job's runner"];
  }
  if (isElsewhere(facts, job)) {
    return [
      "unknown",
      "it runs in another container, where RUNNER_TEMP may be another folder",
    ];
  }
  if (id !== undefined && !isTrackingId(id)) {
    return [
      "detached",
      "a job of this runner took its tracking id away on purpose",
    ];
  }
  const before = startedBefore(facts, job);
  if (id !== undefined && job.trackingId !== undefined) {
    return ["leftover", "it has the tracking id of another job of this runner"];
  }
  if (before) {
    return [
      "leftover",
      `it is of this runner, and started before this job${
        id === undefined ? ", without a tracking id" : ""
      }`,
    ];
  }
  return [
    "this-job",
    "its RUNNER_TEMP is that of this job's runner, and nothing tells that an earlier job started it",
  ];
}

/**
 * Whether a runner gave out this tracking id. Jobs detach a program by an empty
 * one, as the runner's maintainers advise, or by `0`: then it tells nothing of
 * the job, and two jobs may have the same.
 */
function isTrackingId(id: string | undefined): id is string {
  return id !== undefined && id !== "" && id !== "0";
}

/** What zag-ps runs in, the nearest first, up to the runner's worker. */
function listAbove(
  processes: ReadonlyMap<number, ProcessFacts>,
  ownPid: number,
): ProcessFacts[] {
  const above: ProcessFacts[] = [];
  const seen = new Set<number>();
  for (
    let next = processes.get(ownPid);
    next !== undefined && !seen.has(next.pid);
    next = findParent(next, processes)
  ) {
    seen.add(next.pid);
    above.push(next);
    if (isWorker(next)) break;
  }
  return above;
}

function isWorker(facts: ProcessFacts): boolean {
  return findProtection(facts)?.name === RUNNER_WORKER;
}

function startedBefore(facts: ProcessFacts, job: OwnJob): boolean {
  if (facts.startedAt === undefined || job.startedAt === undefined) {
    return false;
  }
  const margin = facts.startTicks?.startsWith("ps:") ? PS_MARGIN_MS : 0;
  return facts.startedAt + margin < job.startedAt;
}

/** Whether a path may lead somewhere else for a process than for zag-ps. */
function isElsewhere({ cgroup }: ProcessFacts, job: OwnJob): boolean {
  const container = cgroup === undefined ? undefined : readContainer(cgroup);
  return container !== undefined && container.id !== job.container;
}

/** Compares folders with one, by where they lead or else by their text. */
function compareWith(
  own: string | undefined,
  { realPath, windows }: JobQuestion,
): (path: string) => boolean {
  const known = new Map<string, string>();
  function resolve(path: string): string {
    const before = known.get(path);
    if (before !== undefined) return before;
    // What a relative path is relative to is not known.
    const real = isAbsolutePath(path) ? realPath(path) ?? path : path;
    const slashes = windows ? real.replaceAll("\\", "/").toLowerCase() : real;
    const plain = slashes.replace(/\/+/g, "/").replace(/(?<=.)\/$/, "");
    known.set(path, plain);
    return plain;
  }
  return (path) => own !== undefined && resolve(path) === resolve(own);
}
