import type { ChildProcess, SpawnOptions } from "node:child_process";
import { accessSync, closeSync, constants, openSync, statSync } from "node:fs";
import { constants as osConstants } from "node:os";
import process from "node:process";
import { errorCode, ZagPsError } from "../model/errors.ts";
import type { ProgramEnd } from "../model/launch.ts";
import { isProgramFromStdin } from "./stdin_program.ts";
import type { ProgramStart, StartedProgram } from "./system.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What a program prints is for its owner alone. */
const PRIVATE_MODE = 0o600;

/**
 * Where the script of a compiled program is: in a file system of its own, of
 * Bun (on Windows, too) or of Deno. To the program it looks like any file.
 */
const COMPILED_SCRIPT =
  /^\/\$bunfs\/|^[A-Z]:[\\/]~BUN[\\/]|[\\/]deno-compile-[^\\/]+[\\/]/;

/** See `System.ownCommand`. */
export function ownCommand(): readonly string[] {
  if (isProgramFromStdin()) {
    throw new ZagPsError(
      "usage",
      "Cannot start zag-ps once more: it was read from standard input\n" +
        "Save it in a file, and run that",
    );
  }
  const { execPath, execArgv } = process;
  const script = process.argv[1] ?? "";
  if (COMPILED_SCRIPT.test(script)) return [execPath];
  if (!isFile(script) && !/^https?:/.test(script)) return [execPath];
  return process.versions["deno"]
    ? [execPath, "run", "--cached-only", "-A", script]
    : [execPath, ...execArgv, script];
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** See `System.startProgram`. */
export async function startProgram(
  { command, env, output }: ProgramStart,
  variables: Variables,
): Promise<StartedProgram> {
  // Loaded only here: most runs start no program.
  const { spawn } = await import("node:child_process");
  const environment = definedOnly({ ...variables, ...env });
  const [program = "", ...args] = command;
  const path = process.platform === "win32"
    ? program
    : findProgram(program, environment["PATH"]);
  const detached = output !== undefined;
  const file = output === undefined
    ? undefined
    : openSync(output, "a", PRIVATE_MODE);
  try {
    const options: SpawnOptions = {
      env: environment,
      detached,
      stdio: file === undefined ? "inherit" : ["ignore", file, file],
    };
    try {
      // Called by the name that was given, as a shell does.
      return await watchChild(
        spawn(path, args, { ...options, argv0: program }),
      );
    } catch (error) {
      // A script without a first line that names its interpreter: what shells
      // and two of the runtimes do with it, the third one leaves to us.
      if (errorCode(error) !== "ENOEXEC") throw error;
      return await watchChild(spawn("/bin/sh", [path, ...args], options));
    }
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

async function watchChild(child: ChildProcess): Promise<StartedProgram> {
  let isOver = false;
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.on("exit", (code, signal) => {
      isOver = true;
      resolve(describeEnd(code, signal));
    });
    child.on("error", reject);
  });
  const { pid } = child;
  if (pid === undefined) {
    await ended;
    throw new Error("the program could not be started");
  }
  // Errors of a child that runs, such as of a signal, are thrown where sent.
  ended.catch(() => {});
  return {
    pid,
    ended,
    // Not `child.kill`: Deno takes a child for killed by whatever it was sent.
    // Until it is waited for, which is told at once, nobody else has its pid.
    signal: (signal) => {
      if (!isOver) sendQuietly(pid, signal);
    },
    release: () => child.unref(),
  };
}

function describeEnd(code: number | null, signal: string | null): ProgramEnd {
  if (signal === null) return { code: code ?? 1 };
  const numbers: Readonly<Record<string, number>> = osConstants.signals;
  return { signal, number: numbers[signal] ?? 0 };
}

function definedOnly(variables: Variables): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables)
      .filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/**
 * Finds a program as a shell does: the runtimes differ in what they say of
 * one that is there and may not be run.
 *
 * @throws with code `ENOENT` or `EACCES`
 */
function findProgram(name: string, path = "/usr/bin:/bin"): string {
  const candidates = name.includes("/")
    ? [name]
    : path.split(":").map((folder) => `${folder || "."}/${name}`);
  let code = "ENOENT";
  for (const candidate of name === "" ? [] : candidates) {
    try {
      const there = statSync(candidate);
      code = "EACCES";
      if (!there.isFile()) continue;
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not this one: the next may be.
    }
  }
  throw Object.assign(new Error(`${name} cannot be started`), { code });
}

function sendQuietly(pid: number, signal: string): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended, or became another user: there is nothing to be done.
    const code = errorCode(error);
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
