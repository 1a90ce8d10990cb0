/** Pure readers of what Linux shows under `/proc`. */

/** The fields of `/proc/<pid>/stat` that zag-ps uses. */
export interface ProcStat {
  readonly state: string;
  readonly ppid: number;
  /** Clock ticks since boot. */
  readonly startTicks: string;
  /**
   * The address of the environment: 0 while the program is being started,
   * for a thread of the kernel, and for one that we may not look into.
   */
  readonly environmentStart: string;
}

/**
 * Parses `/proc/<pid>/stat` (proc(5)). The second field is the program's name
 * in brackets, and the name may hold spaces and brackets itself: fields are
 * counted from the last `)`.
 *
 * @returns `undefined` for a text of another shape
 */
export function parseProcStat(text: string): ProcStat | undefined {
  const close = text.lastIndexOf(")");
  if (close < 0) return undefined;
  // Field 3 (state) is the first one after the bracket.
  const fields = text.slice(close + 2).trimEnd().split(" ");
  const field = (number: number) => fields[number - 3] ?? "";
  const state = field(3);
  const ppid = field(4);
  const startTicks = field(22);
  if (!/^[A-Za-z]$/.test(state)) return undefined;
  if (!/^\d+$/.test(ppid) || !/^\d+$/.test(startTicks)) return undefined;
  return {
    state,
    ppid: Number(ppid),
    startTicks,
    environmentStart: field(50) || "0",
  };
}

/** The name in brackets of `/proc/<pid>/stat`: the first 15 bytes of it. */
export function parseProcName(text: string): string | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  return open < 0 || close < open ? undefined : text.slice(open + 1, close);
}

/** Whether a state letter means: ended, but still in the process table. */
export function isZombieState(state: string): boolean {
  return state.startsWith("Z") || state.startsWith("X");
}

/**
 * Picks variables out of `/proc/<pid>/environ`; the values of all others are
 * not kept. The first of several wins, as for getenv(3).
 */
export function pickMarkers(
  environ: string,
  names: readonly string[],
): Record<string, string> {
  const markers: Record<string, string> = {};
  for (const name of names) {
    const from = environ.startsWith(`${name}=`)
      ? 0
      : environ.indexOf(`\0${name}=`) + 1;
    if (from === 0 && !environ.startsWith(`${name}=`)) continue;
    const valueStart = from + name.length + 1;
    const end = environ.indexOf("\0", valueStart);
    markers[name] = environ.slice(valueStart, end < 0 ? undefined : end);
  }
  return markers;
}

/** The owner's real id out of `/proc/<pid>/status`. */
export function parseProcOwner(status: string): number | undefined {
  const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
  return uid === undefined ? undefined : Number(uid);
}

/**
 * Whether a `/proc` was mounted so that it hides the processes of others, out
 * of `/proc/mounts` (the option `hidepid` of proc(5); 0 and `off` hide none).
 */
export function hidesProcesses(mounts: string): boolean {
  return mounts.split("\n").some((line) => {
    const [, folder, type, options = ""] = line.split(" ");
    return folder === "/proc" && type === "proc" &&
      options.split(",").some((option) => /^hidepid=(?!0$|off$)/.test(option));
  });
}

/** Entry of the auxiliary vector with the clock ticks in a second (getauxval(3)). */
const AT_CLKTCK = 17n;

/**
 * The clock ticks in a second out of `/proc/self/auxv`, by which the kernel
 * itself tells this program its unit: 100 on the architectures in use, but
 * nobody has to believe that.
 *
 * @returns `undefined` where the vector has no such entry
 */
export function parseClockTicks(auxv: Uint8Array): number | undefined {
  const view = new DataView(auxv.buffer, auxv.byteOffset, auxv.byteLength);
  // Every 64-bit Linux that the runtimes support is little-endian, save s390x.
  for (const littleEndian of [true, false]) {
    for (let at = 0; at + 16 <= auxv.byteLength; at += 16) {
      if (view.getBigUint64(at, littleEndian) !== AT_CLKTCK) continue;
      const ticks = Number(view.getBigUint64(at + 8, littleEndian));
      if (ticks >= 1 && ticks <= 1_000_000) return ticks;
    }
  }
  return undefined;
}

/** When the machine was booted, milliseconds since 1970, out of `/proc/stat`. */
export function parseBootTime(stat: string): number | undefined {
  const seconds = /^btime (\d+)$/m.exec(stat)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
