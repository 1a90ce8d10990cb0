import { escapeControls } from "./escape.ts";

/**
 * What went wrong, as a program can tell it apart.
 *
 * - `usage`: the command line or the options contradict themselves
 * - `not-found`: no entry with that id
 * - `ambiguous`: the id prefix fits more than one entry
 * - `not-running`: the entry is there, its process is not
 * - `invalid-entry`: the entry's pid is none that may be signalled
 * - `rejected`: the result breaks the constraints of the launch
 * - `unevaluable`: the constraints cannot be read or evaluated
 * - `no-session`: a result was given and no session can hold it
 * - `input`: the file or standard input with the result cannot be read
 * - `store`: a zag file cannot be read, decoded or replaced
 * - `record`: the result could not be written to the session log
 * - `signal`: the operating system refused the signal
 * - `refused`: it would hurt what was not meant: the processes that zag-ps runs
 * in, or more agents than are allowed at once
 * - `unverified`: nothing proves that the process is the one recorded
 * - `no-output`: the session log has neither a result nor a message
 * - `unseen`: this program may not look at processes, or at its environment
 */
export type ErrorKind =
  | "usage"
  | "not-found"
  | "ambiguous"
  | "not-running"
  | "invalid-entry"
  | "rejected"
  | "unevaluable"
  | "no-session"
  | "input"
  | "store"
  | "record"
  | "signal"
  | "refused"
  | "unverified"
  | "no-output"
  | "unseen";

/** The documented exit statuses of the command line. */
export const EXIT_STATUS = {
  done: 0,
  failed: 1,
  usage: 2,
  noProcess: 3,
  rejected: 4,
  timedOut: 124,
} as const;

const STATUS_OF_KIND: Partial<Record<ErrorKind, number>> = {
  "usage": EXIT_STATUS.usage,
  "not-found": EXIT_STATUS.noProcess,
  "ambiguous": EXIT_STATUS.usage,
  "not-running": EXIT_STATUS.noProcess,
  "no-output": EXIT_STATUS.noProcess,
  "rejected": EXIT_STATUS.rejected,
};

/**
 * The one error class of zag-ps.
 *
 * The message says which action failed, quotes the values that matter with
 * control characters escaped, and ends with the remedy where there is one.
 *
 * @example
 * ```ts
 * import { ZagPsError } from "@zag-ps/zag-ps";
 *
 * const error = new ZagPsError("not-found", "Process not found: 42");
 * console.log(error.kind, error.exitStatus); // not-found 3
 * ```
 */
export class ZagPsError extends Error {
  /** What went wrong. */
  readonly kind: ErrorKind;

  /**
   * Makes an error.
   *
   * @param kind what went wrong
   * @param message the text for a person, without a final period
   * @param options `cause`: the error underneath
   */
  constructor(kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ZagPsError";
    this.kind = kind;
  }

  /** The exit status that the command line gives for this kind (1 to 4). */
  get exitStatus(): number {
    return STATUS_OF_KIND[this.kind] ?? EXIT_STATUS.failed;
  }
}

/** The operating system's code of an error (`ENOENT`), if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, name } = error as { code?: unknown; name?: unknown };
  if (typeof code === "string") return code;
  return name === "NotCapable" ? "NOTCAPABLE" : undefined;
}

/** Why an operation failed, in words, for the end of an error message. */
export function reasonOf(error: unknown): string {
  const code = errorCode(error);
  const words = code === undefined ? undefined : REASONS[code];
  if (words !== undefined) return words;
  // Ours is escaped already, and its line breaks are meant.
  if (error instanceof ZagPsError) return error.message;
  return escapeControls(error instanceof Error ? error.message : String(error));
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied (EACCES)",
  EPERM: "operation not permitted (EPERM)",
  ENOENT: "no such file or folder (ENOENT)",
  ENOTDIR: "a part of the path is not a folder (ENOTDIR)",
  EISDIR: "it is a folder (EISDIR)",
  ENOSPC: "no space left on the device (ENOSPC)",
  EDQUOT: "disk quota exceeded (EDQUOT)",
  EROFS: "the file system is read-only (EROFS)",
  EIO: "input/output error (EIO)",
  ELOOP: "too many symbolic links (ELOOP)",
  ENAMETOOLONG: "the name is too long (ENAMETOOLONG)",
  ESRCH: "no such process (ESRCH)",
  EMFILE: "too many open files (EMFILE)",
  NOTCAPABLE:
    "the runtime was not given the permission (see the README on permissions)",
};
