import { run } from "../../src/cli/run.ts";
import type { Console } from "../../src/cli/verb.ts";
import type { System } from "../../src/system/system.ts";

/** What a command line printed, and the status it ended with. */
export interface Captured {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line on a machine, its output captured. */
export async function capture(
  argv: string[],
  system: System,
  terminal?: { columns: number },
  more: Partial<Console> = {},
): Promise<Captured> {
  const captured = { stdout: "", stderr: "" };
  const output: Console = {
    out: (text) => captured.stdout += text,
    err: (text) => captured.stderr += text,
    isTerminal: () => terminal !== undefined,
    columns: () => terminal?.columns,
    ...more,
  };
  const status = await run(argv, system, output);
  return { status, ...captured };
}
