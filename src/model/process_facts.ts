/** What the operating system tells about one live process. */
export interface ProcessFacts {
  /** Process id. */
  readonly pid: number;
  /** Parent process id. */
  readonly ppid?: number | undefined;
  /** It has ended and waits to be reaped by its parent. */
  readonly zombie: boolean;
  /**
   * When it started, as its source has it (`proc:` clock ticks since boot,
   * `ps:` seconds, `cim:` a date): only good for telling whether two looks
   * saw the same process, see {@linkcode isSameStart}.
   */
  readonly startTicks?: string | undefined;
  /** When it started, milliseconds since 1970. */
  readonly startedAt?: number | undefined;
  /** The name that it gave itself or was started by, 15 bytes at most. */
  readonly name?: string | undefined;
  /** The path of the program, where it can be read. */
  readonly executable?: string | undefined;
  /** The arguments, the name it was called by first. */
  readonly args?: readonly string[] | undefined;
  /** The owner's numeric id. */
  readonly uid?: number | undefined;
  /** The owner's name, where the look at the process told it. */
  readonly owner?: string | undefined;
  /** The process group's id. */
  readonly pgid?: number | undefined;
  /** The session's id, which is the pid of its leader. */
  readonly sid?: number | undefined;
  /**
   * The controlling terminal; `null` for none, `undefined` where it cannot be
   * told.
   */
  readonly terminal?: Terminal | null | undefined;
  /** The current folder, where it can be read. */
  readonly folder?: string | undefined;
  /** The time for which it has used the processors, in milliseconds. */
  readonly cpuMs?: number | undefined;
  /** Its resident memory, in bytes. */
  readonly memoryBytes?: number | undefined;
  /** The path of its control group, of version 2, or systemd's in version 1. */
  readonly cgroup?: string | undefined;
  /**
   * The known markers of its environment (never anything else);
   * `undefined` where the environment could not be read.
   */
  readonly markers?: Readonly<Record<string, string>> | undefined;
}

/** A terminal that a process belongs to. */
export interface Terminal {
  /** Its device, such as `/dev/pts/3`; absent where it cannot be told. */
  readonly name?: string | undefined;
  /** It is gone: its window or connection was closed. */
  readonly deleted: boolean;
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

/** Variables that agents set for what they start: whose child it is. */
export const AGENT_MARKERS = [
  "CLAUDECODE",
  "CLAUDE_CODE_SESSION_ID",
  "CLAUDE_CODE_ENTRYPOINT",
  "CLAUDE_JOB_DIR",
  "CODEX_THREAD_ID",
  "CODEX_SANDBOX",
  "GEMINI_CLI",
  "CURSOR_AGENT",
  "QWEN_CODE",
  "AUGMENT_AGENT",
  "OPENCODE",
  "AI_AGENT",
] as const;

/** Variables of a GitHub Actions job, and those that other CI hosts set. */
export const CI_MARKERS = [
  "RUNNER_TRACKING_ID",
  "RUNNER_TEMP",
  "RUNNER_NAME",
  "GITHUB_ACTIONS",
  "GITHUB_SERVER_URL",
  "GITHUB_REPOSITORY",
  "GITHUB_RUN_ID",
  "GITHUB_RUN_ATTEMPT",
  "GITHUB_JOB",
  "CI",
  "BUILDKITE",
  "CIRCLECI",
  "GITLAB_CI",
  "JENKINS_URL",
  "TEAMCITY_VERSION",
  "TF_BUILD",
] as const;

/** Variables by which a program is known that keeps others running. */
export const SUPERVISOR_MARKERS = [
  "TMUX_PANE",
  "STY",
  "pm_id",
  "PM2_HOME",
  "SUPERVISOR_PROCESS_NAME",
  "SUPERVISOR_GROUP_NAME",
  "SYSTEMD_EXEC_PID",
] as const;

/**
 * The variables whose values are read from other processes, and never any
 * others: none of them holds a secret.
 */
export const KNOWN_MARKERS: readonly string[] = [
  PROCESS_ID_MARKER,
  ...AGENT_MARKERS,
  ...CI_MARKERS,
  ...SUPERVISOR_MARKERS,
];

/**
 * `ps` works the start time out of the boot time anew at every call, and is
 * off by a second now and then.
 */
const PS_JITTER_SECONDS = 1;

/**
 * Whether two start times are those of one process.
 *
 * @returns `undefined` where that cannot be told: one is not known, or they
 * come from different sources
 */
export function isSameStart(
  a: string | undefined,
  b: string | undefined,
): boolean | undefined {
  if (!a || !b) return undefined;
  const [source, value] = splitSource(a);
  const [otherSource, otherValue] = splitSource(b);
  if (source === undefined || source !== otherSource) return undefined;
  if (source !== "ps") return value === otherValue;
  const difference = Math.abs(Number(value) - Number(otherValue));
  return Number.isNaN(difference) ? undefined : difference <= PS_JITTER_SECONDS;
}

/** The two parts of a start; without a source nothing can be said of it. */
function splitSource(start: string): [source?: string, value?: string] {
  const colon = start.indexOf(":");
  return colon < 1 ? [] : [start.slice(0, colon), start.slice(colon + 1)];
}

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
