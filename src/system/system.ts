import type { Observation } from "../model/process_facts.ts";

/** The signals that zag-ps sends. */
export type Signal = "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGTERM" | "SIGKILL";

/** What is at a path, links followed. */
export interface FileStatus {
  readonly kind: "file" | "folder" | "other";
  /** Bytes. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  /** The owner's numeric id. */
  readonly uid: number;
  /** The group's numeric id. */
  readonly gid: number;
}

/**
 * The machine, as far as zag-ps needs it: rules take it as an argument, so
 * that tests run them on one in memory.
 *
 * Functions on files throw errors with the operating system's `code`
 * (`ENOENT`, `EACCES`, ...); where absence is a plain answer they return
 * `undefined` for it.
 */
export interface System {
  /** This process. */
  readonly pid: number;
  /** An environment variable of this process. */
  env(name: string): string | undefined;
  /** The user's home folder. */
  userHome(): string;
  /** Milliseconds since 1970. */
  now(): number;
  /** A text that no other call anywhere returns. */
  uniqueText(): string;

  /** What is at the path; `undefined` if nothing is. */
  status(path: string): FileStatus | undefined;
  /** The path with all links followed; `undefined` if nothing is there. */
  realPath(path: string): string | undefined;
  /** The whole file; `undefined` if there is none. */
  readFile(path: string): Uint8Array | undefined;
  /** Bytes `start` to `end` of a file. */
  readRange(path: string, start: number, end: number): Uint8Array;
  /** The whole of standard input. */
  readStdin(): Uint8Array;
  /** The names in a folder; `undefined` if there is none. */
  listFolder(path: string): readonly string[] | undefined;
  /** Creates a folder and those above it. */
  makeFolder(path: string): void;
  /** Creates a file that must not exist, and syncs its content to disk. */
  createFile(path: string, content: Uint8Array, mode: number): void;
  /** Sets owner and group. */
  changeOwner(path: string, uid: number, gid: number): void;
  /** Sets the permission bits. */
  changeMode(path: string, mode: number): void;
  /** Moves a file over another one in one step. */
  rename(from: string, to: string): void;
  /** Removes a file; one that is not there is no error. */
  remove(path: string): void;
  /** Syncs a folder's entries to disk, where the platform can. */
  syncFolder(path: string): void;
  /**
   * Appends in one write, creates the file if need be, and syncs it to disk.
   * A write that was cut short is taken back before it throws.
   */
  appendFile(path: string, content: Uint8Array): void;

  /**
   * Looks at processes.
   *
   * @param pids the ones that matter, 2 to 2^31-1
   */
  observe(pids: ReadonlySet<number>): Promise<Observation>;
  /**
   * Sends a signal to one process (never to a group).
   *
   * @throws with code `ESRCH` if there is no such process, `EPERM` if it
   * belongs to another user
   */
  signal(pid: number, signal: Signal): void;
  /** The name of a user; `undefined` if it is not known. */
  userName(uid: number): string | undefined;
}
