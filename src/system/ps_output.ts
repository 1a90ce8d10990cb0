import type { ProcessFacts } from "../model/process_facts.ts";
import { isZombieState } from "./proc.ts";

/**
 * The `ps` call of Linux (procps) and macOS alike. No header, every process,
 * the start time last because it holds spaces.
 */
export const PS_ARGUMENTS: readonly string[] = [
  "-A",
  "-o",
  "pid=,ppid=,uid=,stat=,lstart=",
];

/** Fixes the language and the zone of the start times. */
export const PS_ENVIRONMENT = { LC_ALL: "C", TZ: "UTC" } as const;

const ROW =
  /^\s*(\d+)\s+(\d+)\s+(-?\d+)\s+(\S+)\s+\S+\s+(\S+)\s+(\d+)\s+(\d\d):(\d\d):(\d\d)\s+(\d{4})\s*$/;

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/**
 * Parses the output of `ps` called with {@linkcode PS_ARGUMENTS} and
 * {@linkcode PS_ENVIRONMENT}. Lines of another shape are passed over; a start
 * time is left out rather than guessed.
 */
export function parsePsOutput(output: string): Map<number, ProcessFacts> {
  const processes = new Map<number, ProcessFacts>();
  for (const line of output.split("\n")) {
    const match = ROW.exec(line);
    if (match === null) continue;
    const [, pid, ppid, uid, state, month, day, hour, minute, second, year] =
      match as unknown as string[];
    const monthIndex = MONTHS.indexOf(month ?? "");
    const startedAt = monthIndex < 0 ? undefined : Date.UTC(
      Number(year),
      monthIndex,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    );
    processes.set(Number(pid), {
      pid: Number(pid),
      ppid: Number(ppid),
      uid: Number(uid),
      zombie: isZombieState(state ?? ""),
      startedAt,
      startTicks: startedAt === undefined ? undefined : String(startedAt),
    });
  }
  return processes;
}
