import { Buffer, isAscii, isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import process from "node:process";
import { reasonOf, ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { MAX_TEXT_BYTES } from "../model/max_text.ts";
import type { Observation } from "../model/process_facts.ts";
import { observeProcesses } from "./node_observe.ts";
import { observeProc } from "./node_proc.ts";
import type { ListSystem, TextFile } from "./system.ts";

/** The process's own environment, or what a caller puts in place of it. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** As much of the real machine as a plain list needs. */
export function createListSystem(
  variables: Variables = process.env,
): ListSystem {
  const env = (name: string) => readVariable(variables, name);
  return {
    env,
    userHome: () => env("HOME") || homedir(),
    readText,
    observe,
  };
}

/** See `System.observe`. */
async function observe(pids: ReadonlySet<number>): Promise<Observation> {
  // Where there is a /proc, but not for us, others see less. That is to be
  // said, but not here.
  return process.platform === "linux"
    ? observeProc(pids) ?? { processes: new Map(), complete: false }
    : await observeProcesses(pids);
}

/**
 * A variable that may not be read is not taken for one that is not set: the
 * files of another home would be looked at.
 */
function readVariable(variables: Variables, name: string): string | undefined {
  try {
    return variables[name];
  } catch (cause) {
    throw new ZagPsError(
      "unseen",
      say`Failed to read the environment variable "${name}": ${
        reasonOf(cause)
      }\nWith Deno, grant --allow-env`,
      { cause },
    );
  }
}

/** See `System.readText`. */
function readText(path: string): TextFile | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  // A pipe or a device would be read for ever.
  if (!stats?.isFile() || stats.size > MAX_TEXT_BYTES) return undefined;
  if (process.versions["bun"] === undefined) {
    const file = readFileSync(path);
    const bytes = file.toString("latin1");
    return { bytes, decode: () => decode(file, bytes) };
  }
  // Bun makes no copy for such a text. With two copies of a file JavaScriptCore
  // starts to collect garbage.
  const bytes = readFileSync(path, "latin1");
  return { bytes, decode: () => decode(Buffer.from(bytes, "latin1"), bytes) };
}

function decode(file: Buffer, bytes: string): string | undefined {
  if (isAscii(file)) return bytes;
  return isUtf8(file) ? file.toString() : undefined;
}
