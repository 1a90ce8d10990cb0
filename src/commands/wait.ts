import { ZagPsError } from "../model/errors.ts";
import { say } from "../model/escape.ts";
import { parseMilliseconds } from "../model/instant.ts";
import type { ProcessEntry } from "../model/process_entry.ts";
import { PROCESS_ID_MARKER } from "../model/process_facts.ts";
import type { Context } from "./context.ts";
import { findRecorded } from "./output.ts";
import { type JudgedEntry, judgeEntries } from "./steps/judge.ts";
import { listSignalled } from "./steps/own_processes.ts";
import { lookAfter, pursue } from "./steps/pursue.ts";
import { readStore } from "./steps/read_store.ts";
import { select, type Selection } from "./steps/select.ts";

/** How often is looked. */
const POLL_MS = 100;

/**
 * Who started an agent writes its end down a moment after it has ended: so
 * long is waited for the exit code.
 */
const SETTLE_MS = 1000;

/** How to wait. */
export interface WaitOptions {
  /** Until one of them has ended, in place of all. */
  readonly any?: boolean | undefined;
  /** Milliseconds to wait at most. */
  readonly timeoutMs?: number | undefined;
  /** Called with each as it ends. */
  readonly onEnd?: ((ended: EndedProcess) => void) | undefined;
}

/** A process that has ended. */
export interface EndedProcess {
  /** The entry as the store has it now. */
  readonly entry: ProcessEntry;
  /** `exited`, `killed`; `dead` where nobody wrote its end down. */
  readonly status: string;
  /** The exit code, where it is known. */
  readonly exitCode: number | null;
  /** From its start to its end, in milliseconds, where both are known. */
  readonly durationMs: number | null;
  /** The last result that was recorded since its start. */
  readonly result: string | null;
}

/** What {@linkcode wait} came to. */
export interface WaitReport {
  /** Those that have ended, in the order in which that was seen. */
  readonly ended: readonly EndedProcess[];
  /** Those that have not. */
  readonly running: readonly ProcessEntry[];
  /** Whether the time was up before. */
  readonly timedOut: boolean;
}

/**
 * Waits until processes have ended: until none of them is there any more,
 * whatever the store says. Changes nothing.
 *
 * @param selection without handles it means what lives: else what ended long
 * ago would be an end, too
 * @throws {ZagPsError} `not-found` if nothing is selected, `usage` for a wait
 * for itself that could never end
 */
export async function wait(
  context: Context,
  selection: Selection,
  options: WaitOptions = {},
): Promise<WaitReport> {
  const { system } = context;
  const rows = await select(context, selection);
  const selected = selection.handles.length > 0 ? rows : rows.filter(isThere);
  if (selected.length === 0) {
    throw new ZagPsError(
      "not-found",
      "Nothing to wait for: no living process matches",
    );
  }
  const { any = false, timeoutMs = Infinity, onEnd } = options;
  refuseOwn(context, selected, timeoutMs, any);
  const deadline = system.now() + timeoutMs;
  const watch = new Watch(context);
  const ended: EndedProcess[] = [];
  let running: readonly JudgedEntry[] = selected;
  for (;;) {
    const rows = await watch.look(running);
    const over = new Set<JudgedEntry>();
    for (const row of rows) {
      if (!watch.isOver(row)) continue;
      const end = describeEnd(context, row);
      ended.push(end);
      // Not by its id, which may be that of another: pid:1234.
      over.add(row);
      onEnd?.(end);
    }
    running = rows.filter((row) => !over.has(row));
    const isDone = running.length === 0 || any && ended.length > 0;
    const rest = deadline - system.now();
    if (isDone || rest <= 0) {
      const left = running.map(({ entry }) => entry);
      return { ended, running: left, timedOut: !isDone };
    }
    await system.sleep(Math.min(POLL_MS, rest));
  }
}

/** Whether it lives, or may: what cannot be seen is refused later. */
function isThere({ entry, verdict }: JudgedEntry): boolean {
  return verdict.alive ||
    verdict.identity === "unseen" && entry.status === "running";
}

/** An agent that waits for itself never ends. */
function refuseOwn(
  { system }: Context,
  selected: readonly JudgedEntry[],
  timeoutMs: number,
  any: boolean,
): void {
  const own = system.env(PROCESS_ID_MARKER);
  const isOwn = selected.some(({ entry }) => entry.id === own);
  if (!isOwn || timeoutMs !== Infinity || any && selected.length > 1) return;
  throw new ZagPsError(
    "usage",
    say`Cannot wait for ${own}: it is the process that waits` +
      "\nGive a timeout, or leave it out",
  );
}

/** Follows entries: zag puts another pid in when the agent comes up. */
class Watch {
  readonly #context: Context;
  #version: string | undefined;
  #entries = new Map<string, ProcessEntry>();
  /** When each was first seen to be gone. */
  readonly #gone = new Map<string, number>();

  constructor(context: Context) {
    this.#context = context;
  }

  async look(before: readonly JudgedEntry[]): Promise<JudgedEntry[]> {
    this.#refresh();
    const seen = before.filter(({ untracked }) => untracked);
    const now = before.filter(({ untracked }) => !untracked)
      // An entry that was removed meanwhile is known from before.
      .map(({ entry }) => this.#entries.get(entry.id) ?? entry);
    const rows = [
      ...await judgeEntries(this.#context, now),
      ...await lookAgainAt(this.#context, seen),
    ];
    for (const { entry, verdict } of rows) {
      if (verdict.identity !== "unseen" || entry.status !== "running") continue;
      throw new ZagPsError(
        "unseen",
        say`Cannot tell whether process ${entry.pid} (${entry.id}) is running: ${verdict.reason}\nWith Deno, grant --allow-run`,
      );
    }
    return rows;
  }

  #refresh(): void {
    const { system, paths } = this.#context;
    const version = system.status(paths.processes)?.version;
    if (version !== undefined && version === this.#version) return;
    this.#entries = new Map();
    for (const { entry } of readStore(this.#context).entries) {
      if (!this.#entries.has(entry.id)) this.#entries.set(entry.id, entry);
    }
    this.#version = version;
  }

  /** Whether it has ended, and its end is written down or will not be. */
  isOver({ entry, verdict, untracked }: JudgedEntry): boolean {
    if (untracked) return !verdict.alive;
    if (verdict.alive) {
      this.#gone.delete(entry.id);
      return false;
    }
    const isWritten = entry.status !== "running" &&
      (entry.exit_code ?? null) !== null;
    if (isWritten) return true;
    const now = this.#context.system.now();
    const since = this.#gone.get(entry.id) ?? now;
    this.#gone.set(entry.id, since);
    const end = parseMilliseconds(entry.exited_at ?? "");
    // What ended long ago gets no exit code any more.
    if (end !== undefined && now - end >= SETTLE_MS) return true;
    return now - since >= SETTLE_MS;
  }
}

/**
 * Looks whether agents that nobody recorded still are there: the same start,
 * and the same program.
 *
 * @throws {ZagPsError} `unseen`
 */
async function lookAgainAt(
  context: Context,
  rows: readonly JudgedEntry[],
): Promise<JudgedEntry[]> {
  const pursuits = rows.map((row) => {
    const [target] = listSignalled(row);
    return pursue(
      target?.facts ?? { pid: row.entry.pid, zombie: false },
      target?.expected,
    );
  });
  await lookAfter(context, pursuits);
  return rows.map((row, i) => {
    const { alive } = row.verdict;
    if (!alive || pursuits[i]?.outcome === undefined) return row;
    const verdict = {
      ...row.verdict,
      alive: false,
      liveStatus: "dead",
    } as const;
    return { ...row, verdict };
  });
}

function describeEnd(
  context: Context,
  { entry, verdict }: JudgedEntry,
): EndedProcess {
  const start = parseMilliseconds(entry.started_at);
  const end = parseMilliseconds(entry.exited_at ?? "");
  let result: string | null = null;
  try {
    result = findRecorded(context, entry, false)?.text ?? null;
  } catch (error) {
    if (!(error instanceof ZagPsError)) throw error;
    context.warn(error.message);
  }
  return {
    entry,
    status: verdict.liveStatus,
    exitCode: entry.exit_code ?? null,
    durationMs: start === undefined || end === undefined ? null : end - start,
    result,
  };
}
