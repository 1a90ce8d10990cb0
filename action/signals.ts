import { constants } from "node:os";
import process from "node:process";
import type { System } from "../src/system/system.ts";

/** What the runner sends to a step that is cancelled; Windows has no others. */
const ENDING = ["SIGINT", "SIGTERM"] as const;

/** The machine for a step, and what was sent to the step meanwhile. */
export interface Cancellable {
  readonly system: System;
  /** The exit status of a step that was cancelled; `undefined` if it was not. */
  status(): number | undefined;
}

/**
 * Ends the step at once when it is cancelled, unless work is on that must not
 * be cut off: that is finished, told of, and the step ends then.
 *
 * @param tell is called before the step ends at once
 */
export function handleCancellation(
  system: System,
  tell: (message: string) => void,
): Cancellable {
  let status: number | undefined;
  let works = 0;
  let begun = false;
  for (const signal of ENDING) {
    process.on(signal, () => {
      status ??= 128 + constants.signals[signal];
      if (works > 0) return;
      if (!begun) tell("The step was cancelled before anything was signalled");
      process.exit(status);
    });
  }
  return {
    system: {
      ...system,
      async deferSignals(work) {
        works++;
        begun = true;
        try {
          return await system.deferSignals(work);
        } finally {
          works--;
        }
      },
    },
    status: () => status,
  };
}
