/**
 * Real child processes, each wait with a deadline.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";

/** No wait of a test is longer. */
export const DEADLINE_MS = 30_000;

/** What a program printed, and how it ended. */
export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A real child process. */
export interface Agent {
  pid: number;
  child: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** Waits until it has printed a text. */
  waitFor(text: string): Promise<void>;
  /** How it ended: the exit code, or the name of the signal. */
  waitForEnd(): Promise<number | string | null>;
  /** Whether it is there and no zombie. */
  isAlive(): boolean;
}

/** Runs a program to its end. */
export async function runProgram(
  program: string,
  args: string[],
  { env, input, cwd }: {
    env: Record<string, string>;
    input?: string | Uint8Array | undefined;
    cwd?: string;
  },
): Promise<Ran> {
  const child = spawn(program, args, { cwd, env, timeout: DEADLINE_MS });
  const read = (name: "stdout" | "stderr") => {
    const chunks: Uint8Array[] = [];
    child[name].on("data", (chunk: Uint8Array) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString("utf8");
  };
  const stdout = read("stdout");
  const stderr = read("stderr");
  // A program that does not read its input may be gone before it is written.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { status, stdout: stdout(), stderr: stderr() };
}

/** Starts a program that goes on until it is ended. */
export function startChild(
  program: string,
  args: string[],
  env: Record<string, string> = {},
  identity: { uid?: number; gid?: number; cwd?: string } = {},
): Agent {
  const child = spawn(program, args, {
    env,
    stdio: ["pipe", "pipe", "inherit"],
    // The folder that the tests run in may be closed to that user.
    ...(identity.uid === undefined ? {} : { cwd: "/" }),
    ...identity,
  });
  let text = "";
  child.stdout?.on("data", (chunk) => text += chunk);
  child.stdin?.on("error", () => {});
  // "close" comes after the last output, "exit" may come before it.
  const ended = new Promise<number | string | null>((resolve) => {
    child.on("close", (code, signal) => resolve(signal ?? code));
    child.on("error", () => resolve(null));
  });
  const { pid } = child;
  assert.ok(pid, `${program} could not be started`);
  return {
    pid,
    child,
    waitForEnd: () => withDeadline(ended, `${program} did not end`),
    output: () => text,
    waitFor: (wanted) =>
      withDeadline(
        new Promise<void>((resolve, reject) => {
          const look = () => {
            if (text.includes(wanted)) resolve();
          };
          child.stdout?.on("data", look);
          ended.then((how) =>
            reject(new Error(`${program} ended (${how}) without "${wanted}"`))
          );
          look();
        }),
        `${program} did not print "${wanted}"`,
      ),
    isAlive: () => isAlive(pid),
  };
}

/** Whether a process is there and no zombie. */
export function isAlive(pid: number): boolean {
  try {
    if (!existsSync("/proc/self")) return process.kill(pid, 0);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** Fails where a promise takes longer than any wait of a test may. */
export function withDeadline<T>(wait: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(what)), DEADLINE_MS);
  });
  return Promise.race([wait, late]).finally(() => clearTimeout(timer));
}

/** Waits until something holds. */
export async function waitUntil(
  holds: () => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  while (!(await holds())) {
    assert.ok(Date.now() < end, what);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
