/** Pure readers of what Linux shows under `/proc`. */

/** The fields of `/proc/<pid>/stat` that zag-ps uses. */
export interface ProcStat {
  readonly state: string;
  readonly ppid: number;
  /** 0 for a group that another PID namespace has. */
  readonly pgid: number;
  /** 0 for a session that another PID namespace has. */
  readonly sid: number;
  /** The controlling terminal's device number; 0 for none. */
  readonly terminalNumber: number;
  /** It is a thread of the kernel, which runs no program. */
  readonly isKernelThread: boolean;
  /** Clock ticks for which it used a processor, in its code and the kernel's. */
  readonly cpuTicks: number;
  /** Clock ticks since boot. */
  readonly startTicks: string;
  /**
   * The address of the environment: 0 while the program is being started,
   * for a thread of the kernel, and for one that we may not look into.
   */
  readonly environmentStart: string;
}

/** PF_KTHREAD of the kernel's `sched.h`. */
const KERNEL_THREAD_FLAG = 0x00200000;

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
  const startTicks = field(22);
  if (!/^[A-Za-z]$/.test(state) || !/^\d+$/.test(startTicks)) return undefined;
  const [ppid, pgid, sid, flags] = [4, 5, 6, 9].map((at) =>
    readCount(field(at))
  );
  if (ppid === undefined || pgid === undefined) return undefined;
  if (sid === undefined || flags === undefined) return undefined;
  // Written as a signed number: minor numbers reach into its sign.
  const terminalNumber = /^-?\d+$/.test(field(7))
    ? Number(field(7)) >>> 0
    : NaN;
  const cpuTicks = Number(field(14)) + Number(field(15));
  if (Number.isNaN(terminalNumber + cpuTicks)) return undefined;
  return {
    state,
    ppid,
    pgid,
    sid,
    terminalNumber,
    isKernelThread: (flags & KERNEL_THREAD_FLAG) !== 0,
    cpuTicks,
    startTicks,
    environmentStart: field(50) || "0",
  };
}

function readCount(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
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
 * The arguments out of `/proc/<pid>/cmdline`, each of which ends with a zero.
 * A program that gives itself a title overwrites them, and leaves zeros behind
 * it: those are no arguments.
 */
export function parseArguments(line: string): string[] {
  let end = line.length;
  while (line[end - 1] === "\0") end--;
  // One zero ends the last argument, two an empty one behind it.
  const isTitle = line.length - end > 2;
  return line.slice(0, isTitle ? end : Math.max(end, line.length - 1))
    .split("\0");
}

/**
 * Picks variables out of `/proc/<pid>/environ`; the values of all others are
 * not kept. The first of several wins, as for getenv(3).
 */
export function pickMarkers(
  environ: string,
  names: ReadonlySet<string>,
): Record<string, string> {
  const markers: Record<string, string> = {};
  for (const variable of environ.split("\0")) {
    const equals = variable.indexOf("=");
    if (equals < 1) continue;
    const name = variable.slice(0, equals);
    if (!names.has(name) || Object.hasOwn(markers, name)) continue;
    markers[name] = variable.slice(equals + 1);
  }
  return markers;
}

/**
 * The path of a process's control group out of `/proc/<pid>/cgroup`
 * (cgroups(7)): that of version 2, or where nothing is sorted into that one,
 * the one that systemd keeps in version 1.
 *
 * @returns `undefined` where there are neither
 */
export function parseCgroup(text: string): string | undefined {
  const lines = text.split("\n");
  const find = (start: RegExp) => {
    const line = lines.find((line) => start.test(line));
    return line?.replace(start, "");
  };
  const unified = find(/^0::(?=\/)/);
  if (unified !== undefined && unified !== "/") return unified;
  return find(/^\d+:name=systemd:(?=\/)/) ?? unified;
}

/** The owner's real id out of `/proc/<pid>/status`. */
export function parseProcOwner(status: string): number | undefined {
  const uid = /^Uid:\s+(\d+)/m.exec(status)?.[1];
  return uid === undefined ? undefined : Number(uid);
}

/**
 * The resident memory in bytes out of `/proc/<pid>/status`, which is more
 * exact than that of `stat` and needs no size of a page.
 *
 * @returns `undefined` without such a line, which neither zombies nor threads
 * of the kernel have
 */
export function parseProcMemory(status: string): number | undefined {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
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

/** When the machine was booted, milliseconds since 1970, out of `/proc/stat`. */
export function parseBootTime(stat: string): number | undefined {
  const seconds = /^btime (\d+)$/m.exec(stat)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
