import type { ProgramEnd } from "../model/launch.ts";
import type { Observation } from "../model/process_facts.ts";
import type { ExpectedProcess } from "../model/same_process.ts";
import type { Signal } from "../model/signal_names.ts";

export type { Signal };

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
  /** When it was written last, in milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Changes whenever the file is replaced or written. */
  readonly version: string;
}

/** What tells this process from every other one. */
export interface SelfDescription {
  readonly pid: number;
  /** As {@linkcode ProcessFacts.startTicks}; empty where it cannot be read. */
  readonly start_ticks: string;
  /** Empty where the platform has none: then nothing is provably gone. */
  readonly boot_id: string;
  readonly pid_namespace: string;
  /** Start times count from another zero in each. */
  readonly time_namespace: string;
  readonly host: string;
}

/** Signals that are handed through to a program that zag-ps started. */
export type PassedSignal =
  | Exclude<Signal, "SIGKILL">
  | "SIGUSR1"
  | "SIGUSR2";

/** A program to start. */
export interface ProgramStart {
  /** The program, searched for in `PATH`, and its arguments. */
  readonly command: readonly string[];
  /** Changes to the own environment; `undefined` takes a variable away. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * A file that takes its outputs, in a session of its own without a terminal
   * or an input; without it the program has what zag-ps itself has.
   */
  readonly output?: string | undefined;
}

/** A program that was started. */
export interface StartedProgram {
  readonly pid: number;
  /** How it ended. */
  readonly ended: Promise<ProgramEnd>;
  /** Sends it a signal; nothing once it has ended. */
  signal(signal: PassedSignal | "SIGKILL"): void;
  /** Lets zag-ps end before it. */
  release(): void;
}

/** A file that was read. */
export interface TextFile {
  /** One character for each byte (Latin-1). */
  readonly bytes: string;
  /** The text that the bytes are in UTF-8; `undefined` if they are not. */
  decode(): string | undefined;
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
  /** The platform, as Node names it: `linux`, `darwin`, `win32`, ... */
  readonly platform: string;
  /** An environment variable of this process. */
  env(name: string): string | undefined;
  /** The user's home folder. */
  userHome(): string;
  /** Milliseconds since 1970. */
  now(): number;
  /** A text that no other call anywhere returns. */
  uniqueText(): string;
  /** A number from 0 up to 1. */
  random(): number;
  /**
   * Waits.
   *
   * @param until ends the wait early when it is settled
   */
  sleep(milliseconds: number, until?: Promise<unknown>): Promise<void>;
  /**
   * Runs work that must not be cut off: SIGINT, SIGTERM and SIGHUP that
   * arrive meanwhile take effect at its end.
   *
   * @param work is told, when it asks, whether such a signal has arrived, or
   * whether a certain one of them has
   */
  deferSignals<T>(
    work: (arrived: (which?: Signal) => boolean) => Promise<T>,
  ): Promise<T>;

  /** What is at the path; `undefined` if nothing is. */
  status(path: string): FileStatus | undefined;
  /** The path with all links followed; `undefined` if nothing is there. */
  realPath(path: string): string | undefined;
  /** The whole file; `undefined` if there is none. */
  readFile(path: string): Uint8Array | undefined;
  /**
   * The whole file as it is now; `undefined` if there is none, or it is no
   * plain file, or is larger than `MAX_TEXT_BYTES`.
   */
  readText(path: string): TextFile | undefined;
  /** Bytes `start` to `end` of a file. */
  readRange(path: string, start: number, end: number): Uint8Array;
  /**
   * The whole of standard input; `undefined` if zag-ps itself was read from
   * there.
   */
  readStdin(): Uint8Array | undefined;
  /** The names in a folder; `undefined` if there is none. */
  listFolder(path: string): readonly string[] | undefined;
  /** Creates a folder and those above it. */
  makeFolder(path: string): void;
  /**
   * Creates a file that must not exist (`EEXIST`). Nothing is left of one that
   * could not be written.
   *
   * @param durable whether to sync its content to disk
   */
  createFile(
    path: string,
    content: Uint8Array,
    mode: number,
    durable: boolean,
  ): void;
  /** Sets owner and group. */
  changeOwner(path: string, uid: number, gid: number): void;
  /** Sets the permission bits. */
  changeMode(path: string, mode: number): void;
  /** Moves a file over another one in one step. */
  rename(from: string, to: string): void;
  /** Gives a file a second name, which must not exist (`EEXIST`). */
  link(from: string, to: string): void;
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
   * Looks at processes. What takes more reads than to tell whose a process is
   * and what it runs is left out: its folder, its control group, and whether
   * it has no terminal or one that is gone.
   *
   * @param pids the ones that matter, 2 to 2^31-1
   */
  observe(pids: ReadonlySet<number>): Promise<Observation>;
  /**
   * Looks at every fact of every process there is. Where `complete` is false, some may not
   * have been seen.
   */
  observeAll(): Promise<Observation>;
  /** Describes this process. */
  describeSelf(): Promise<SelfDescription>;
  /**
   * Sends a signal to one process (never to a group), if it still is the one
   * that was looked at.
   *
   * State, start time and, if it is expected, the program are read again, and
   * nothing but the system call comes between that and the signal. In those microseconds the process could
   * end, be reaped, and its pid be handed out again, which takes the kernel a
   * whole round through all pids; no call that the runtimes offer closes that
   * gap. Where `/proc` cannot be read, another program (`ps`, PowerShell) has
   * to look, and the gap is the time it takes to end: milliseconds, on Windows
   * tenths of a second.
   *
   * Windows has no signals: there the process is ended at once.
   *
   * @param expected what was judged
   * @throws with code `ESRCH` if there is no such process, it is a zombie or
   * another one by now; `EPERM` if it belongs to another user; without a code
   * if a start time or a program is expected and cannot be read again
   */
  signal(
    pid: number,
    signal: Signal,
    expected: ExpectedProcess,
  ): Promise<void>;
  /** The name of a user; `undefined` if it is not known. */
  userName(uid: number): string | undefined;

  /** The current folder, an absolute path. */
  currentFolder(): string;
  /**
   * The command that starts zag-ps again, without the arguments.
   *
   * @throws {ZagPsError} `usage` if it was read from standard input
   */
  ownCommand(): readonly string[];
  /**
   * Starts a program. It is a child in the same process group, or leads a
   * session of its own if it has an output file.
   *
   * @throws with code `ENOENT` if there is no such program, `EACCES` if it
   * may not be run, or another one
   */
  startProgram(start: ProgramStart): Promise<StartedProgram>;
  /**
   * Hands signals over that would end zag-ps, until the function that it
   * returns is called.
   *
   * @param take gets the signal, and whether it came from the keyboard of the
   * terminal, which sends it to all programs in the foreground
   */
  catchSignals(
    take: (signal: PassedSignal, keyboard: boolean) => void,
  ): () => void;
  /**
   * Ends zag-ps by SIGKILL after some time, whatever it waits for, unless the
   * function that it gives is called before. Every file is written in one
   * step, so what is cut off is whole.
   */
  armCutOff(milliseconds: number): Promise<() => void>;
}

/** As much of the machine as a plain list needs. */
export type ListSystem = Pick<
  System,
  "env" | "userHome" | "readText" | "observe"
>;
