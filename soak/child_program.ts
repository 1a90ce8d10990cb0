/**
 * Child processes that talk in lines.
 *
 * @module
 */

import { spawn } from "node:child_process";

/** How to start the programs of this folder: a runtime and its arguments. */
export interface Runtime {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A program that runs. */
export interface ChildProgram {
  readonly pid: number;
  /** Sends a line to its standard input. */
  send(line: string): void;
  /** Waits for the next line that begins with a word; returns the rest. */
  waitFor(word: string): Promise<string>;
  /** How it ended: the exit code, or the name of the signal. */
  readonly ended: Promise<number | string | null>;
  /** Everything that it has printed, both streams. */
  output(): string;
}

/** Starts a program. */
export function startProgram(
  { command, env }: Runtime,
  args: readonly string[],
): ChildProgram {
  const [program = "", ...first] = command;
  const child = spawn(program, [...first, ...args], { env });
  let text = "";
  let errors = "";
  const watchers = new Set<() => void>();
  child.stdout.on("data", (chunk) => {
    text += chunk;
    for (const look of [...watchers]) look();
  });
  child.stderr.on("data", (chunk) => errors += chunk);
  child.stdin.on("error", () => {});
  const ended = new Promise<number | string | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`Failed to start "${program}"`);
  return {
    pid,
    ended,
    send: (line) => child.stdin.write(`${line}\n`),
    output: () => text + errors,
    waitFor: (word) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = text.split("\n").slice(0, -1)
            .find((line) => line === word || line.startsWith(`${word} `));
          if (line === undefined) return;
          watchers.delete(look);
          resolve(line.slice(word.length + 1));
        };
        watchers.add(look);
        ended.then((how) =>
          reject(
            new Error(`A child ended (${how}) without "${word}":\n${errors}`),
          )
        );
        look();
      }),
  };
}
