/** What the operating system tells about one live process. */
export interface ProcessFacts {
  /** Process id. */
  readonly pid: number;
  /** Parent process id. */
  readonly ppid?: number | undefined;
  /** It has ended and waits to be reaped by its parent. */
  readonly zombie: boolean;
  /**
   * When it started, in the operating system's own unit since its own zero:
   * only good for telling whether two looks saw the same process.
   */
  readonly startTicks?: string | undefined;
  /** When it started, milliseconds since 1970. */
  readonly startedAt?: number | undefined;
  /** The path of the program, where it can be read. */
  readonly executable?: string | undefined;
  /** The arguments, the name it was called by first. */
  readonly args?: readonly string[] | undefined;
  /** The owner's numeric id. */
  readonly uid?: number | undefined;
  /**
   * The known markers of its environment (never anything else);
   * `undefined` where the environment could not be read.
   */
  readonly markers?: Readonly<Record<string, string>> | undefined;
}

/** What a look at the process table saw. */
export interface Observation {
  /** The processes asked for that exist. */
  readonly processes: ReadonlyMap<number, ProcessFacts>;
  /** Whether a pid that is not in `processes` is certainly no process. */
  readonly complete: boolean;
  /** What could not be seen and how to see it; `undefined` if all was seen. */
  readonly limit?: string | undefined;
}

/** The environment variable by which zag marks an agent: the entry's id. */
export const PROCESS_ID_MARKER = "ZAG_PROCESS_ID";

/** The variables whose values are read from other processes. */
export const KNOWN_MARKERS: readonly string[] = [PROCESS_ID_MARKER];

/** The largest pid that a kernel can hand out. */
const MAX_PID = 2 ** 31 - 1;

/**
 * Whether a number may be a process to look at or to signal: an integer from
 * 2 to 2^31-1. 0 and negative numbers address process groups, 1 is init, and
 * beyond 2^31 the number turns negative on its way to the kernel.
 */
export function isSignallablePid(pid: number): boolean {
  return Number.isInteger(pid) && pid >= 2 && pid <= MAX_PID;
}
