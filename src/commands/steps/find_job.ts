import { findOwnJob, type OwnJob } from "../../model/ownership.ts";
import { CI_MARKERS, type ProcessFacts } from "../../model/process_facts.ts";
import type { Context } from "../context.ts";
import { followLinks } from "./follow_links.ts";

/** Finds the CI job that zag-ps runs in, by a look at every process. */
export function findJob(
  { system }: Context,
  processes: ReadonlyMap<number, ProcessFacts>,
): OwnJob {
  return findOwnJob({
    processes,
    ownPid: system.pid,
    environment: Object.fromEntries(
      CI_MARKERS.map((name) => [name, system.env(name)]),
    ),
    realPath: (path) => followLinks(system, path),
    windows: system.platform === "win32",
  });
}
