/**
 * What processes looked like, and what they are: the rows of
 * `fixtures/process_facts/`. `docs/recording.md` tells where they come from.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { ProcessFacts } from "../../src/model/process_facts.ts";

/** What a process is to the agent that it belongs to. */
export type RowRole =
  /** It works for a person or a task. */
  | "agent"
  /** An internal process of an agent, which does a part of its work. */
  | "worker"
  /** It serves other programs. */
  | "server"
  /** An MCP server or the like, which an agent started. */
  | "helper"
  /** It keeps others running. */
  | "supervisor"
  /** A shim: the real one is its child in the same tree. */
  | "launcher";

/** What is known of a row's process. It has no start time. */
export type RowFacts = Omit<ProcessFacts, "startedAt" | "startTicks"> & {
  /** The folder it ran in. */
  readonly cwd?: string;
  /** Its terminal, as `pts/3` or `ttys003`. */
  readonly tty?: string;
  /** The pid of the leader of its session. */
  readonly session?: number;
};

/** One process, and what it is. */
export interface ProcessFactRow {
  /** No other row has it. */
  readonly name: string;
  /**
   * - `recorded: <package>@<version>, <how it was started>, <platform>, Node
   *   <version>`: written by `deno task record:agents`;
   * - an address: the issue there lists the process;
   * - `constructed, after <address>`: the issue tells a part of it;
   * - `constructed`.
   */
  readonly source: string;
  readonly platform: "linux" | "darwin" | "win32";
  /**
   * Rows with the same tree were one launch, joined by `pid` and `ppid`: what
   * one is may follow from the others.
   */
  readonly tree?: string;
  readonly facts: RowFacts;
  /** `null`: no agent, and no part of one. */
  readonly expect: {
    /** Of a helper: that of the agent which started it. */
    readonly provider: string;
    readonly role: RowRole;
  } | null;
}

/** The files, and what is in them. */
export type RowFile = "agents" | "bystanders" | "recorded";

/** The files: what must be recognised, what must not, and what was recorded. */
export const ROW_FILES: readonly RowFile[] = [
  "agents",
  "bystanders",
  "recorded",
];

/** The rows of one file. */
export function readProcessFactRows(file: RowFile): readonly ProcessFactRow[] {
  return JSON.parse(readRowText(file));
}

/** The text of one file. */
export function readRowText(file: RowFile): string {
  return readFileSync(
    join(
      process.cwd(),
      ...["tests", "support", "fixtures", "process_facts", `${file}.json`],
    ),
    "utf8",
  );
}

/**
 * The rows that were one launch with this one, itself among them; the row
 * alone where it has no tree.
 */
export function findLaunch(
  row: ProcessFactRow,
  rows: readonly ProcessFactRow[],
): readonly ProcessFactRow[] {
  if (row.tree === undefined) return [row];
  return rows.filter((other) => other.tree === row.tree);
}
