/**
 * A machine in memory, for tests of what takes a `System`: its files and
 * processes are plain maps that a test fills and looks at.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer, isUtf8 } from "node:buffer";
import { folderOf } from "../../src/model/paths.ts";
import {
  isSignallablePid,
  type ProcessFacts,
} from "../../src/model/process_facts.ts";
import { compareProcess } from "../../src/model/same_process.ts";
import type { ProgramEnd } from "../../src/model/launch.ts";
import type {
  PassedSignal,
  ProgramStart,
  Signal,
  System,
} from "../../src/system/system.ts";

/** One file. */
export interface MemoryFile {
  content: Uint8Array;
  mode: number;
  uid: number;
  gid: number;
  modifiedAt: number;
}

/** Called before each call on files and processes; may throw. */
export type CallHook = (name: string, args: readonly unknown[]) => void;

/** A program that was started on the machine. */
export interface MemoryProgram {
  readonly start: ProgramStart;
  readonly pid: number;
  /** The signals that it got. */
  readonly signals: string[];
  /** Whether zag-ps may end before it. */
  released: boolean;
  /** Ends it. */
  end(how: ProgramEnd): void;
}

/** The machine and what a test may set and see of it. */
export interface Memory {
  readonly system: System;
  /** Files by path. */
  readonly files: Map<string, MemoryFile>;
  /** Folders; those that hold a file are there without being listed. */
  readonly folders: Set<string>;
  /** Where the symbolic links lead. Only whole paths are links. */
  readonly links: Map<string, string>;
  /** The live processes. */
  readonly processes: Map<number, ProcessFacts>;
  /** Environment variables. */
  readonly env: Record<string, string>;
  /** Signals that were sent, in order. */
  readonly signals: [pid: number, signal: Signal][];
  /** Each call as its name and its first argument, in order. */
  readonly calls: string[];
  /** Milliseconds since 1970; waiting moves it on. */
  clock: number;
  /** As Node names it. */
  platform: string;
  /** `undefined` where zag-ps itself was read from there. */
  stdin: Uint8Array | undefined;
  /** What `observe` says of its own limits. */
  sight: { complete: boolean; limit: string | undefined };
  onCall: CallHook;
  /** The programs that were started, in order. */
  readonly programs: MemoryProgram[];
  /** Called when a program was started; may throw, or end it. */
  onStart: (program: MemoryProgram) => void;
  /** Called when a program got a signal. */
  onProgramSignal: (program: MemoryProgram, signal: string) => void;
  /** Who catches the signals that are sent to zag-ps. */
  readonly catchers: Set<(signal: PassedSignal, keyboard: boolean) => void>;
  /** The current folder. */
  folder: string;
  /** Writes a file with this text, past the hook. */
  put(path: string, text: string, status?: Partial<MemoryFile>): void;
  /** The text of a file; `undefined` if there is none. */
  text(path: string): string | undefined;
}

/** The numeric id of the user that runs the machine. */
export const OWN_UID = 1000;

/** An error as the operating system's functions throw it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code });
}

/** What limits a look: nothing. */
const FULL_SIGHT = { complete: true, limit: undefined };

/** Makes an empty machine, its clock at 2026-11-22T12:00:00.000Z. */
export function createMemory(): Memory {
  const encoder = new TextEncoder();
  const memory: Omit<Memory, "system"> = {
    files: new Map(),
    folders: new Set(["/"]),
    links: new Map(),
    processes: new Map(),
    env: {},
    signals: [],
    calls: [],
    clock: Date.UTC(2026, 10, 22, 12),
    platform: "linux",
    stdin: new Uint8Array(),
    sight: FULL_SIGHT,
    onCall: () => {},
    programs: [],
    onStart: (program) => program.end({ code: 0 }),
    onProgramSignal: () => {},
    catchers: new Set(),
    folder: "/home/ada",
    put: (path, text, status = {}) => {
      const own = {
        mode: 0o600,
        uid: OWN_UID,
        gid: OWN_UID,
        modifiedAt: memory.clock,
      };
      const content = encoder.encode(text);
      memory.files.set(path, { ...own, content, ...status });
    },
    text: (path) => {
      const file = memory.files.get(path);
      return file && new TextDecoder("utf-8", { ignoreBOM: true })
        .decode(file.content);
    },
  };
  return Object.assign(memory, { system: createSystem(memory) });
}

/** How many steps of promises come before time goes by. */
const TURNS = 20;

/** The first pid of the programs that are started. */
const FIRST_PID = 5001;

/** What a look at a few processes tells. */
function leaveFree(facts: ProcessFacts): ProcessFacts {
  const { folder, cgroup, terminal, ...free } = facts;
  const isFree = terminal === undefined || terminal?.deleted === false;
  if (folder === undefined && cgroup === undefined && isFree) return facts;
  return isFree && terminal ? { ...free, terminal } : free;
}

/** The folders that a path is in, the innermost first. */
function listAbove(path: string): string[] {
  const above = folderOf(path);
  return above === path ? [] : [above, ...listAbove(above)];
}

function createSystem(memory: Omit<Memory, "system">): System {
  const { files, folders, links, processes } = memory;
  let texts = 0;
  const identities = new WeakMap<Uint8Array, number>();
  let identity = 0;

  /** Another one for each content that was put there. */
  function identify(content: Uint8Array): number {
    const known = identities.get(content);
    if (known !== undefined) return known;
    identities.set(content, ++identity);
    return identity;
  }

  /** Passes a function's calls to the hook and the record first. */
  function watch<A extends unknown[], R>(
    name: string,
    act: (...args: A) => R,
  ): (...args: A) => R {
    return (...args) => {
      memory.calls.push([name, ...args.slice(0, 1)].join(" "));
      memory.onCall(name, args);
      return act(...args);
    };
  }

  function follow(path: string): string {
    for (let hops = 0; hops < 8; hops++) {
      const target = links.get(path);
      if (target === undefined) return path;
      path = target;
    }
    throw systemError("ELOOP");
  }

  function isFolder(path: string): boolean {
    return [...folders, ...files.keys(), ...links.keys()]
      .some((known) =>
        known === path && folders.has(path) ||
        known.startsWith(`${path}/`)
      );
  }

  /** The file at a path, links followed. */
  function find(path: string): MemoryFile | undefined {
    const real = follow(path);
    for (const above of listAbove(real)) {
      if (files.has(above)) throw systemError("ENOTDIR");
    }
    return files.get(real);
  }

  function get(path: string): MemoryFile {
    const file = find(path);
    if (file !== undefined) return file;
    throw systemError(isFolder(path) ? "EISDIR" : "ENOENT");
  }

  function create(path: string, content: Uint8Array, mode: number): void {
    if (!isFolder(folderOf(path))) throw systemError("ENOENT");
    const modifiedAt = memory.clock;
    files.set(path, { content, mode, uid: OWN_UID, gid: OWN_UID, modifiedAt });
  }

  return {
    pid: 4242,
    get platform() {
      return memory.platform;
    },
    env: (name) => memory.env[name],
    userHome: () => "/home/ada",
    now: () => memory.clock,
    uniqueText: () => `unique-${++texts}`,
    random: () => 0.5,
    sleep: async (milliseconds, until) => {
      let isOver = false;
      const settle = () => {
        isOver = true;
      };
      until?.then(settle, settle);
      // What is over by now, and what rests on it, has its turn first.
      for (let i = 0; i < TURNS && !isOver && until; i++) await undefined;
      if (!isOver) memory.clock += milliseconds;
    },
    deferSignals: (work) => work(() => false),
    describeSelf: () =>
      Promise.resolve({
        pid: 4242,
        start_ticks: "proc:1",
        boot_id: "boot",
        pid_namespace: "pid:[1]",
        time_namespace: "time:[1]",
        host: "memory",
      }),
    userName: (uid) => uid === OWN_UID ? "ada" : undefined,

    status: watch("status", (path) => {
      const file = find(path);
      const own = { mode: 0o700, uid: OWN_UID, gid: OWN_UID, size: 0 };
      if (file === undefined) {
        return isFolder(path)
          ? { ...own, kind: "folder", modifiedAt: 0, version: "folder" }
          : undefined;
      }
      const { content, ...rest } = file;
      const version = String(identify(content));
      return { ...rest, kind: "file", size: content.length, version };
    }),
    realPath: watch("realPath", (path) => {
      const real = follow(path);
      return find(real) || isFolder(real) ? real : undefined;
    }),
    readFile: watch("readFile", (path) => {
      const file = find(path);
      if (file === undefined && isFolder(path)) throw systemError("EISDIR");
      return file?.content.slice();
    }),
    readText: watch("readText", (path) => {
      const content = find(path)?.content;
      if (content === undefined) return undefined;
      const file = Buffer.from(content);
      return {
        bytes: file.toString("latin1"),
        decode: () => isUtf8(file) ? file.toString() : undefined,
      };
    }),
    readRange: watch(
      "readRange",
      (path, start, end) => get(path).content.slice(start, end),
    ),
    readStdin: watch("readStdin", () => memory.stdin),
    listFolder: watch("listFolder", (path) => {
      if (files.has(path)) throw systemError("ENOTDIR");
      if (!isFolder(path)) return undefined;
      const below = [...folders, ...files.keys(), ...links.keys()]
        .filter((known) => known.startsWith(`${path}/`))
        .map((known) => known.slice(path.length + 1).split("/")[0] ?? "");
      return [...new Set(below)];
    }),
    makeFolder: watch("makeFolder", (path) => {
      for (const folder of [path, ...listAbove(path)]) {
        if (files.has(folder)) throw systemError("ENOTDIR");
        folders.add(folder);
      }
    }),
    createFile: watch("createFile", (path, content, mode) => {
      if (files.has(path)) throw systemError("EEXIST");
      create(path, content, mode);
    }),
    changeOwner: watch("changeOwner", (path, uid, gid) => {
      Object.assign(get(path), { uid, gid });
    }),
    changeMode: watch("changeMode", (path, mode) => {
      get(path).mode = mode;
    }),
    rename: watch("rename", (from, to) => {
      const file = get(from);
      if (isFolder(to)) throw systemError("EISDIR");
      links.delete(to);
      files.delete(from);
      files.set(to, file);
    }),
    link: watch("link", (from, to) => {
      if (find(to) || isFolder(to)) throw systemError("EEXIST");
      files.set(to, get(from));
    }),
    remove: watch("remove", (path) => {
      files.delete(path);
    }),
    syncFolder: watch("syncFolder", (path) => {
      if (!isFolder(path)) throw systemError("ENOENT");
    }),
    appendFile: watch("appendFile", (path, content) => {
      const real = follow(path);
      if (isFolder(real)) throw systemError("EISDIR");
      if (find(real) === undefined) create(real, new Uint8Array(), 0o600);
      const file = get(real);
      file.content = new Uint8Array([...file.content, ...content]);
      file.modifiedAt = memory.clock;
    }),

    observe: watch("observe", (pids) => {
      for (const pid of pids) {
        assert.ok(isSignallablePid(pid), `pid ${pid} was looked at`);
      }
      const seen = [...processes].filter(([pid]) => pids.has(pid))
        .map(([pid, facts]) => [pid, leaveFree(facts)] as const);
      // Who looks at nothing is not told what limits a look.
      const sight = pids.size === 0 ? FULL_SIGHT : memory.sight;
      return Promise.resolve({ processes: new Map(seen), ...sight });
    }),
    observeAll: watch(
      "observeAll",
      () => Promise.resolve({ processes: new Map(processes), ...memory.sight }),
    ),
    signal: watch("signal", (pid, signal, expected) => {
      assert.ok(isSignallablePid(pid), `pid ${pid} was signalled`);
      const facts = processes.get(pid);
      if (facts === undefined || facts.zombie) throw systemError("ESRCH");
      const sameness = compareProcess(facts, expected);
      if (sameness === "another") throw systemError("ESRCH");
      if (sameness !== "same") throw new Error(sameness);
      memory.signals.push([pid, signal]);
      return Promise.resolve();
    }),

    currentFolder: () => memory.folder,
    ownCommand: () => ["/usr/bin/zag-ps"],
    startProgram: watch("startProgram", async (start) => {
      let resolve: (how: ProgramEnd) => void = () => {};
      const ended = new Promise<ProgramEnd>((settle) => resolve = settle);
      const program: MemoryProgram = {
        start,
        pid: FIRST_PID + memory.programs.length,
        signals: [],
        released: false,
        end: resolve,
      };
      memory.programs.push(program);
      memory.onStart(program);
      return await Promise.resolve({
        pid: program.pid,
        ended,
        signal: (signal: string) => {
          program.signals.push(signal);
          memory.onProgramSignal(program, signal);
        },
        release: () => {
          program.released = true;
        },
      });
    }),
    catchSignals: (take) => {
      memory.catchers.add(take);
      return () => {
        memory.catchers.delete(take);
      };
    },
    armCutOff: watch("armCutOff", (_milliseconds: number) => {
      return Promise.resolve(() => void memory.calls.push("disarmCutOff"));
    }),
  };
}
