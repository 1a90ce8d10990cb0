import { hasGracefulSignals } from "./platform_signals.ts";
import type { Signal } from "./signal_names.ts";

/** One step: a signal, and how long it has to take effect. */
export interface LadderStep {
  /** What is sent. */
  readonly signal: Signal;
  /** How long is waited then, in milliseconds. */
  readonly waitMs: number;
}

/** How a process is ended. */
export interface Ladder {
  /** The steps, one after the other until the process has ended. */
  readonly steps: readonly LadderStep[];
  /** Whether it is looked whether the process ended. */
  readonly verified: boolean;
}

/** How the steps are asked for. */
export interface LadderOptions {
  /** What the verb begins with: `stop` with SIGHUP, `kill` with SIGTERM. */
  readonly first: "SIGHUP" | "SIGTERM";
  /** In place of the first step. */
  readonly signal?: Signal | undefined;
  /** How long each step has; without it there is one step and no wait. */
  readonly timeoutMs?: number | undefined;
  /** Straight to the last step. */
  readonly now?: boolean | undefined;
}

/**
 * A process that was sent SIGKILL is gone in microseconds, unless it waits
 * for a device or the machine is very busy. So long is looked at least.
 */
export const KILL_WAIT_MS = 5000;

/** From the mildest step to the last one. */
const RUNGS: readonly Signal[] = ["SIGHUP", "SIGTERM", "SIGKILL"];

/**
 * The steps that end a process: SIGHUP (`stop` only), SIGTERM, SIGKILL, each
 * with the time to take effect. Without a timeout it is the first step alone,
 * and nobody waits for what comes of it; SIGKILL, which no process can
 * refuse, is always looked after.
 *
 * @param platform as Node names it: Windows knows the last step alone
 */
export function planLadder(options: LadderOptions, platform: string): Ladder {
  const { first, signal = first, timeoutMs, now = false } = options;
  const last = {
    signal: "SIGKILL",
    waitMs: Math.max(timeoutMs ?? 0, KILL_WAIT_MS),
  } as const;
  if (now || signal === "SIGKILL" || !hasGracefulSignals(platform)) {
    return { steps: [last], verified: true };
  }
  if (timeoutMs === undefined) {
    return { steps: [{ signal, waitMs: 0 }], verified: false };
  }
  const later = RUNGS.slice(RUNGS.indexOf(first) + 1)
    .filter((rung) => rung !== signal && rung !== "SIGKILL");
  const steps = [signal, ...later].map((signal) => ({
    signal,
    waitMs: timeoutMs,
  }));
  return { steps: [...steps, last], verified: true };
}

/**
 * What became of one process.
 *
 * - `signalled`: a signal was sent, and nobody looked what came of it
 * - `exited`: it ended, by itself or by a signal that it could have refused
 * - `killed`: it ended after SIGKILL
 * - `survived`: it is still there
 * - `recycled`: it ended, and another program got its pid, which was spared
 * - `denied`: it may not be signalled
 * - `gone`: it had ended before the first signal was due
 */
export type EndOutcome =
  | "signalled"
  | "exited"
  | "killed"
  | "survived"
  | "recycled"
  | "denied"
  | "gone";

/** How a process ended that got these signals. */
export function outcomeOfEnd(signals: readonly Signal[]): EndOutcome {
  if (signals.length === 0) return "gone";
  return signals.at(-1) === "SIGKILL" ? "killed" : "exited";
}

/** Whether a process is left that should have ended. */
export function isLeft(outcome: EndOutcome): boolean {
  return outcome === "survived" || outcome === "denied";
}
