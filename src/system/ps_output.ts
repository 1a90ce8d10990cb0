import type { ProcessFacts } from "../model/process_facts.ts";
import { isZombieState } from "./proc.ts";

/**
 * What is asked of `ps`. Each column is an option of its own: POSIX and the
 * manual of macOS take all that follows a `=` for the header's text. The start
 * holds spaces, but has a fixed shape; the program, which may hold anything,
 * comes last.
 */
const COLUMNS = ["pid", "ppid", "uid", "stat", "lstart", "user", "comm"]
  .flatMap((column) => ["-o", `${column}=`]);

/** Beyond so many, asking for every process is as cheap. */
const MAX_NAMED_PIDS = 50;

/**
 * The `ps` calls to make, one after the other until one is answered: for the
 * processes that matter, if they are few, then for all. Linux (procps) and
 * macOS take both; no header is printed.
 */
export function psCalls(pids: readonly number[]): (readonly string[])[] {
  if (pids.length > MAX_NAMED_PIDS) return [PS_CALL_ALL];
  return [["-p", pids.join(","), "-ww", ...COLUMNS], PS_CALL_ALL];
}

/** The call that asks for every process. */
export const PS_CALL_ALL: readonly string[] = ["-A", "-ww", ...COLUMNS];

/** Fixes the language and the zone of the start times. */
export const PS_ENVIRONMENT = { LC_ALL: "C", TZ: "UTC" } as const;

const ROW = /^\s*(\d+)\s+(\d+)\s+(-?\d+)\s+([A-Za-z?]\S*)\s+(.+)$/;

/** `Sun Nov 22 20:06:00 2026`, then the owner, then the program. */
const STARTED =
  /^[A-Z][a-z]{2}\s+([A-Z][a-z]{2})\s+(\d{1,2})\s+(\d\d):(\d\d):(\d\d)\s+(\d{4})(?:\s+(\S+)(?:\s+(.+))?)?$/;

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/**
 * Parses the output of `ps` called with {@linkcode psCalls} and
 * {@linkcode PS_ENVIRONMENT}. Lines of another shape are passed over; a start
 * time of another shape is left out rather than guessed.
 */
export function parsePsOutput(output: string): Map<number, ProcessFacts> {
  const processes = new Map<number, ProcessFacts>();
  for (const line of output.split("\n")) {
    const match = ROW.exec(line.trimEnd());
    if (match === null) continue;
    const [, pid, ppid, uid, state = "", rest = ""] = match;
    processes.set(Number(pid), {
      pid: Number(pid),
      ppid: Number(ppid),
      uid: Number(uid),
      zombie: isZombieState(state),
      ...parseTail(rest),
    });
  }
  return processes;
}

function parseTail(text: string): Partial<ProcessFacts> {
  const match = STARTED.exec(text);
  if (match === null) return {};
  const [, month = "", day, hour, minute, second, year, owner = "", program] =
    match;
  const monthIndex = MONTHS.indexOf(month);
  if (monthIndex < 0) return {};
  const startedAt = Date.UTC(
    Number(year),
    monthIndex,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return {
    startedAt,
    startTicks: `ps:${startedAt / 1000}`,
    // A name that is too long for its column is cut, or given as a number.
    owner: /^\d+$|\+$/.test(owner) || owner === "" ? undefined : owner,
    // macOS gives the path, Linux a name of 15 characters at most.
    executable: program?.startsWith("/") ? program : undefined,
  };
}
