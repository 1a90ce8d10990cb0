import { findPrograms } from "./agent_programs.ts";
import type { ProcessFacts } from "./process_facts.ts";

/** The programs that start and adopt all others. */
const INITS = ["systemd", "launchd", "init"] as const;

/**
 * Which init a process runs, by whichever of its names can be read: systemd is
 * started as `/sbin/init`, and calls itself `systemd`.
 */
export function readInit(
  facts: ProcessFacts,
): typeof INITS[number] | undefined {
  const names = [facts.name ?? "", ...findPrograms(facts)].map((path) =>
    path.split("/").at(-1)?.replace(/ \(deleted\)$/, "")
  );
  return INITS.find((known) => names.includes(known));
}

/** Whether a process is the `systemd --user` of a user. */
export function isUserManager(facts: ProcessFacts): boolean {
  return facts.pid !== 1 && readInit(facts) === "systemd" &&
    facts.args?.includes("--user") === true;
}
