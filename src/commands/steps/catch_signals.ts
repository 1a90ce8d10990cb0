import type {
  PassedSignal,
  StartedProgram,
  System,
} from "../../system/system.ts";

/** Signals that end a program which does not care for them. */
const NUMBERS: Readonly<Partial<Record<PassedSignal, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGTERM: 15,
};

/** The signals that came while a program was to be run. */
export interface CaughtSignals {
  /** How many came so far. */
  count(): number;
  /** The first one that asked for the end. */
  ending():
    | { readonly signal: PassedSignal; readonly number: number }
    | undefined;
  /** Hands them to a program from now on, with those that came since. */
  handTo(program: StartedProgram): void;
  /** Lets signals end zag-ps again. */
  release(): void;
}

/**
 * Catches the signals that are sent to zag-ps, for a program that it is about
 * to start. Those of the keyboard reach that program without our help: handed
 * on they would count twice, and agents end at the second one.
 */
export function catchForProgram(system: System): CaughtSignals {
  let count = 0;
  let ending: PassedSignal | undefined;
  let program: StartedProgram | undefined;
  const waiting: PassedSignal[] = [];
  const release = system.catchSignals((signal, keyboard) => {
    count++;
    if (NUMBERS[signal] !== undefined) ending ??= signal;
    if (keyboard) return;
    if (program === undefined) waiting.push(signal);
    else program.signal(signal);
  });
  return {
    count: () => count,
    ending: () =>
      ending && { signal: ending, number: NUMBERS[ending] as number },
    handTo: (started) => {
      program = started;
      for (const signal of waiting.splice(0)) started.signal(signal);
    },
    release,
  };
}
