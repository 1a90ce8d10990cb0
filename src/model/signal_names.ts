import { ZagPsError } from "./errors.ts";
import { say } from "./escape.ts";

/** The signals that zag-ps sends: those that ask a process to end, or end it. */
export type Signal = "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGTERM" | "SIGKILL";

/** Their numbers, the same on every platform that has signals (POSIX, kill). */
const NUMBERS: Readonly<Record<string, Signal>> = {
  "1": "SIGHUP",
  "2": "SIGINT",
  "3": "SIGQUIT",
  "9": "SIGKILL",
  "15": "SIGTERM",
};

const NAMES: readonly Signal[] = Object.values(NUMBERS);

/** Their names as they are typed: `HUP`, `INT`, ... */
export const SIGNAL_WORDS: readonly string[] = NAMES.map((name) =>
  name.slice("SIG".length)
);

/**
 * Reads the name of a signal, with or without `SIG` and in any case, or its
 * number.
 *
 * @throws {ZagPsError} `usage` for signals that do not end anything, and for
 * what is none
 */
export function parseSignal(text: string): Signal {
  const upper = text.toUpperCase();
  const named = NUMBERS[text] ??
    NAMES.find((name) => name === upper || name === `SIG${upper}`);
  if (named !== undefined) return named;
  throw new ZagPsError(
    "usage",
    say`Cannot end a process with the signal "${text}"` +
      "\nThese end one: HUP (1), INT (2), QUIT (3), KILL (9), TERM (15)",
  );
}
