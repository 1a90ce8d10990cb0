import type { ProcessEntry } from "../../model/process_entry.ts";
import type { ProcessFacts } from "../../model/process_facts.ts";
import type { Signal } from "../../system/system.ts";

/** How agents are ended. */
export interface EndOptions {
  /** In place of the first step. */
  readonly signal?: Signal | undefined;
  /** What the verb begins with. */
  readonly first: "SIGHUP" | "SIGTERM";
  /**
   * Milliseconds that each step has to take effect; without it there is one
   * step, and nobody waits.
   */
  readonly timeoutMs?: number | undefined;
  /** Straight to SIGKILL. */
  readonly now?: boolean | undefined;
  /** All that belongs to an agent, too. */
  readonly tree?: boolean | undefined;
  /**
   * Signals a process of which nothing proves that it is the one recorded;
   * never one that certainly is another.
   */
  readonly unverified?: boolean | undefined;
  /**
   * The ids of the entries that were named one by one: only those may be what
   * zag-ps itself runs in.
   */
  readonly named?: ReadonlySet<string> | undefined;
  /**
   * Why a process that hangs below an agent is left alone all the same, in
   * words; `undefined` for one that is of its tree.
   */
  readonly spare?: ((facts: ProcessFacts) => string | undefined) | undefined;
  /** Called before signals are sent. */
  readonly onStep?:
    | ((
      step: {
        readonly entry: ProcessEntry;
        readonly signal: Signal;
        readonly pids: readonly number[];
      },
    ) => void)
    | undefined;
  /** Called while waiting, with the milliseconds that are left of a step. */
  readonly onWait?: ((remainingMs: number) => void) | undefined;
}
