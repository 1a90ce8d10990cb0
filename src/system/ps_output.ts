import type { ProcessFacts, Terminal } from "../model/process_facts.ts";
import { isZombieState } from "./proc.ts";

/**
 * What is asked of `ps`. Each column is an option of its own: POSIX and the
 * manual of macOS take all that follows a `=` for the header's text. The start
 * holds spaces, but has a fixed shape; the program, which may hold anything,
 * comes last.
 */
const COLUMNS = [
  ...["pid", "ppid", "pgid", "uid", "stat", "tty", "time", "rss"],
  ...["lstart", "user", "comm"],
].flatMap((column) => ["-o", `${column}=`]);

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

const ROW = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(-?\d+)\s+([A-Za-z?]\S*)\s+(.+)$/;

/** The terminal, the processor time, the memory in KiB, then the start. */
const USE = /^(\S+)\s+([\d:.-]+)\s+(\d+)\s+(.+)$/;

/** `[days-][hours:]minutes:seconds`, on macOS with hundredths. */
const CPU_TIME = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/;

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
    const [, pid, ppid, pgid, uid, state = "", rest = ""] = match;
    const [, tty, time = "", rss, tail = rest] = USE.exec(rest) ?? [];
    processes.set(Number(pid), {
      pid: Number(pid),
      ppid: Number(ppid),
      // 0 is that of a group which another PID namespace has.
      pgid: Number(pgid) || undefined,
      // Only of a leader: for others macOS shows no session.
      sid: state.includes("s") ? Number(pid) : undefined,
      uid: Number(uid),
      zombie: isZombieState(state),
      terminal: tty === undefined ? undefined : parseTerminal(tty),
      cpuMs: parseCpuTime(time),
      memoryBytes: rss === undefined ? undefined : Number(rss) * 1024,
      ...parseTail(tail),
    });
  }
  return processes;
}

/** A terminal that was closed is shown as none. */
function parseTerminal(tty: string): Terminal | null {
  if (/^(?:\?+|-)$/.test(tty)) return null;
  return { name: `/dev/${tty}`, deleted: false };
}

/** Milliseconds. */
function parseCpuTime(text: string): number | undefined {
  const match = CPU_TIME.exec(text);
  if (match === null) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1)
    .map((part) => Number(part ?? 0)) as [number, number, number, number];
  const whole = ((days * 24 + hours) * 60 + minutes) * 60;
  // Hundredths are whole milliseconds.
  return whole * 1000 + Math.round(seconds * 1000);
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
    ...(program?.startsWith("/") ? { executable: program } : { name: program }),
  };
}
