import type { EndedProcess, WaitReport } from "../../commands/wait.ts";
import type { Selection } from "../../commands/steps/select.ts";
import { formatDuration, parseDuration } from "../../model/duration.ts";
import { EXIT_STATUS } from "../../model/errors.ts";
import { say, toSafeJson } from "../../model/escape.ts";
import type { Style } from "../style.ts";
import { usage } from "../usage_error.ts";
import type { Verb } from "../verb.ts";
import {
  FILTER_NOTE,
  FILTER_TABLE,
  readSelection,
  SELECTED_ID_NOTE,
  SELECTION_OPTIONS,
  UNTRACKED_NOTE,
  UNTRACKED_OPTIONS,
  WAITS,
} from "./selection_options.ts";

/** A `wait` that was asked for. */
export interface WaitCommand {
  readonly verb: "wait";
  readonly selection: Selection;
  readonly any: boolean;
  readonly timeoutMs: number | undefined;
}

/** The verb `wait`. */
export const WAIT: Verb<WaitCommand> = {
  name: "wait",
  aliases: [],
  positionals: "[ID...]",
  arity: [0, Infinity],
  offers: { list: "running" },
  summary: "Wait until processes have ended",
  notes: [
    SELECTED_ID_NOTE,
    FILTER_NOTE,
    "Filters without an ID mean what lives; if nothing does, the exit status is 3.",
    UNTRACKED_NOTE,
    "Each is printed as it ends. What matches later is not waited for. A process has ended when it is not there any more, whatever its entry says; how it ended does not change the exit status.",
    "With --json an array is printed at the end, those that still run included.",
  ],
  options: [
    ...SELECTION_OPTIONS,
    ...UNTRACKED_OPTIONS,
    {
      name: "timeout",
      short: "t",
      value: "DURATION",
      offers: WAITS,
      help: "Give up after so long (90s, 2h); the exit status is 124 then",
    },
    { name: "any", help: "Until one of them has ended" },
  ],
  tables: [FILTER_TABLE],
  read(args) {
    const timeout = args.values.get("timeout");
    const selection = readSelection(args, "wait");
    const { handles, filters, olderThan } = selection;
    if (handles.length + filters.length === 0 && olderThan === undefined) {
      throw usage('"wait" needs an ID or a filter', "See zag-ps wait --help");
    }
    return {
      verb: "wait",
      selection,
      any: args.flags.has("any"),
      timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
    };
  },
  async perform(
    { selection, any, timeoutMs },
    { context, screen, json, progress, lineStyle },
  ) {
    const { wait } = await import("../../commands/wait.ts");
    const report = await wait(context, selection, {
      any,
      timeoutMs,
      onEnd: (ended) => progress(renderEnded(ended, lineStyle)),
    });
    if (json) screen.out(renderJsonWait(report));
    if (!report.timedOut) return EXIT_STATUS.done;
    const { running } = report;
    const what = running.length === 1
      ? say`process ${running[0]?.id} is`
      : `${running.length} processes are`;
    screen.err(
      `Error: Gave up after ${
        formatDuration(timeoutMs ?? 0)
      }: ${what} still running\n`,
    );
    return EXIT_STATUS.timedOut;
  },
};

/** One line for a process that has ended. */
export function renderEnded(
  { entry, status, exitCode, durationMs }: EndedProcess,
  style: Style,
): string {
  const code = exitCode === null ? "" : ` (exit code ${exitCode})`;
  const time = durationMs === null
    ? ""
    : ` after ${formatDuration(roundDuration(durationMs))}`;
  return `${style.good("✓")} ${say`${entry.id} ${status}`}${code}${time}\n`;
}

/** Fractions of a second matter only below one. */
function roundDuration(milliseconds: number): number {
  return milliseconds < 1000
    ? milliseconds
    : milliseconds - milliseconds % 1000;
}

/** All that was waited for, as one line of JSON. */
export function renderJsonWait({ ended, running }: WaitReport): string {
  const rows = [
    ...ended.map(({ entry, status, exitCode, durationMs, result }) => ({
      duration_ms: durationMs,
      ended: true,
      exit_code: exitCode,
      exited_at: entry.exited_at ?? null,
      id: entry.id,
      result,
      session_id: entry.session_id ?? null,
      started_at: entry.started_at,
      status,
    })),
    ...running.map((entry) => ({
      duration_ms: null,
      ended: false,
      exit_code: null,
      exited_at: null,
      id: entry.id,
      result: null,
      session_id: entry.session_id ?? null,
      started_at: entry.started_at,
      status: "running",
    })),
  ];
  return `${toSafeJson(rows)}\n`;
}
