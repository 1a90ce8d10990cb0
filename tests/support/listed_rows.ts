/**
 * What the command line lists of the real machine, as far as it has to do with
 * a test's own processes.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { waitUntil } from "./children.ts";
import type { World } from "./world.ts";

/** A row of `list -a --json`, in part. */
export interface Row {
  id: string;
  process_pid?: number;
  launcher_pids?: number[];
  part_of?: number | null;
  provider: string;
  role?: string;
  confidence?: string;
  orphan?: boolean;
  orphan_reason?: string | null;
  untracked?: boolean;
}

/** The rows that have to do with some processes. */
export async function listRows(
  world: World,
  pids: readonly number[],
  words: string[] = ["-a"],
): Promise<Row[]> {
  const ran = await world.run(["list", ...words, "--json"]);
  assert.equal(ran.status, 0, ran.stderr);
  const rows: Row[] = JSON.parse(ran.stdout);
  return rows.filter(({ process_pid = 0, launcher_pids = [] }) =>
    [process_pid, ...launcher_pids].some((pid) => pids.includes(pid))
  );
}

/** The one row that has to do with some processes. */
export async function listRow(
  world: World,
  pids: readonly number[],
  words?: string[],
): Promise<Row> {
  const rows = await listRows(world, pids, words);
  assert.equal(rows.length, 1, JSON.stringify(rows));
  return rows[0] as Row;
}

/** Waits until a process runs a program: before, it is a copy of its parent. */
export async function waitForProgram(pid: number, path: string): Promise<void> {
  const start = path.length + 1;
  await waitUntil(() => {
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return line.slice(0, start) === `${path}\0`;
  }, `pid ${pid} does not run ${path}`);
}
