/** What stop and kill print when they do more than send one signal. */

import type { Choice } from "../../commands/choose_agents.ts";
import type { EndOptions } from "../../commands/steps/end_options.ts";
import type { EndReport } from "../../commands/steps/report_end.ts";
import type { KilledAgent } from "../../commands/kill_agents.ts";
import { formatDuration } from "../../model/duration.ts";
import { EXIT_STATUS } from "../../model/errors.ts";
import { escapeMessage, say, toSafeJson } from "../../model/escape.ts";
import type { Style } from "../style.ts";
import type { Invocation } from "../verb.ts";

/** What became of an agent, of either verb. */
export type Ended =
  & Omit<EndReport, "outcome">
  & Pick<KilledAgent, "outcome">
  & Partial<Pick<KilledAgent, "resultRecorded" | "log">>;

type Outcome = KilledAgent["outcome"];

const WORDS: Readonly<Record<Outcome, string>> = {
  signalled: "was signalled",
  exited: "exited",
  killed: "was killed",
  survived: "survived",
  recycled: "had ended, its pid belongs to another program now",
  denied: "was not signalled",
  gone: "had already ended",
  rejected: "was left alone: its launch asks for a result",
};

const BAD: readonly Outcome[] = ["survived", "denied", "rejected"];

/** Announces steps on stderr, on a terminal with the time that is left. */
export async function watchSteps(
  { screen }: Invocation,
): Promise<{ watch: Pick<EndOptions, "onStep" | "onWait">; done: () => void }> {
  const isTerminal = await screen.isErrTerminal?.() === true;
  let counting = "";
  const clear = () => {
    if (counting !== "") screen.err("\r\x1b[K");
    counting = "";
  };
  return {
    watch: {
      onStep: ({ entry, signal, pids }) => {
        clear();
        const whom = pids.length === 1
          ? `process ${pids[0]}`
          : `${pids.length} processes`;
        screen.err(say`> ${signal} to ${whom} (${entry.id})` + "\n");
      },
      onWait: (remainingMs) => {
        if (!isTerminal) return;
        const left = Math.ceil(remainingMs / 1000) * 1000;
        const text = `\r  waiting, ${formatDuration(left)} left\x1b[K`;
        if (text !== counting) screen.err(text);
        counting = text;
      },
    },
    done: clear,
  };
}

/** What would be done, and to what. */
export function renderPlan(
  plan: readonly Omit<EndReport, "outcome" | "signals">[],
  style: Style,
): string {
  return plan.map(({ entry, members, spared, reason }) =>
    [
      `${style.doing(">")} ` +
      (reason === undefined
        ? say`Would end process ${entry.pid} (${entry.id})`
        : say`Would leave process ${entry.pid} (${entry.id}) alone: ${
          firstLine(reason)
        }`) +
      "\n",
      ...members.map(({ pid, command }) => say`  > ${pid} ${command}` + "\n"),
      ...renderSpared(spared),
    ].join("")
  ).join("");
}

/** What became of each process. */
export function renderEnds(ends: readonly Ended[], style: Style): string {
  return ends.map(({ entry, outcome, members, spared, reason }) =>
    [
      `${mark(outcome, style)} ` +
      say`Process ${entry.pid} (${entry.id}) ${WORDS[outcome]}` +
      (outcome === "denied" && reason !== undefined
        ? say`: ${firstLine(reason)}`
        : "") +
      "\n",
      ...members.map(({ pid, command, outcome, reason }) =>
        `  ${mark(outcome, style)} ` +
        say`${pid} ${command} ${WORDS[outcome]}` +
        (reason === undefined ? "" : say`: ${reason}`) + "\n"
      ),
      ...renderSpared(spared),
    ].join("")
  ).join("");
}

/** What a person has to know in full: rejections and put-back entries. */
export function renderReasons(ends: readonly Ended[]): string {
  return ends.filter(({ outcome, reason }) =>
    BAD.includes(outcome) && reason?.includes("\n")
  ).map(({ entry, reason = "" }) =>
    say`Process ${entry.id}: ` + escapeMessage(reason) + "\n"
  ).join("");
}

function mark(outcome: Outcome, style: Style): string {
  return BAD.includes(outcome) ? style.bad("✗") : style.good("✓");
}

function renderSpared(spared: EndReport["spared"]): string[] {
  return spared.map(({ pid, command, reason }) =>
    say`  - ${pid} ${command} is left alone: ${reason}` + "\n"
  );
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

/** The errors of those that were named and cannot be ended. */
export function renderMissed({ missed }: Choice): string {
  return missed.map(({ error }) => `Error: ${escapeMessage(error.message)}\n`)
    .join("");
}

/** The JSON of the outcome: an array, one object for each agent. */
export function renderJsonEnds(
  ends: readonly (Omit<Ended, "outcome" | "signals"> & Partial<Ended>)[],
  { missed }: Choice,
  dryRun: boolean,
): string {
  const rows = ends.map((end) => ({
    id: end.entry.id,
    ...(end.log === undefined ? {} : { log_path: end.log }),
    members: end.members.map(({ pid, outcome, command, reason }) => ({
      command,
      ...(dryRun ? {} : { outcome }),
      pid,
      ...(reason === undefined ? {} : { reason }),
    })),
    outcome: end.outcome ?? "planned",
    pid: end.entry.pid,
    reason: end.reason ?? null,
    ...(end.resultRecorded === undefined
      ? {}
      : { result_recorded: end.resultRecorded }),
    signals: end.signals ?? [],
    spared: end.spared.map(({ pid, command, reason }) => ({
      command,
      pid,
      reason,
    })),
  }));
  const others = missed.map(({ entry, error }) => ({
    id: entry.id,
    members: [],
    outcome: error.kind,
    pid: entry.pid,
    reason: error.message,
    signals: [],
    spared: [],
  }));
  return `${toSafeJson([...rows, ...others])}\n`;
}

/** 0 if nothing is left, the common status of all failures, or else 1. */
export function statusOfEnds(
  ends: readonly Ended[],
  { missed }: Choice,
): number {
  const statuses = new Set([
    ...ends.map(({ outcome, members }) =>
      outcome === "rejected" ? EXIT_STATUS.rejected : BAD.includes(outcome) ||
          members.some(({ outcome }) => BAD.includes(outcome))
        ? EXIT_STATUS.failed
        : EXIT_STATUS.done
    ),
    ...missed.map(({ error }) => error.exitStatus),
  ]);
  const [only = EXIT_STATUS.done, ...others] = statuses;
  return others.length === 0 ? only : EXIT_STATUS.failed;
}
