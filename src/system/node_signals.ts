import process from "node:process";

/** What ends a command from outside, and can be put off. */
const DEFERRED = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * A signal that arrived in synchronous work is delivered some turns of the
 * event loop later.
 */
const DELIVERY_TURNS = 4;
const TURN_MS = 2;

/** For the runtimes that do not die on the spot of a signal to themselves. */
const DEATH_MS = 1000;

/** How many pieces of work are on that must not be cut off. */
let depth = 0;
/** The first signal that arrived meanwhile. */
let first: typeof DEFERRED[number] | undefined;
/** Those that the program around this one handles itself. */
let handled: readonly string[] = [];

const listeners = DEFERRED.map((signal) => ({
  signal,
  listener: () => {
    first ??= signal;
  },
}));

/** See `System.deferSignals`. */
export async function deferSignals<T>(
  work: (arrived: () => boolean) => Promise<T>,
): Promise<T> {
  if (depth++ === 0) {
    first = undefined;
    handled = DEFERRED.filter((signal) => process.listenerCount(signal) > 0);
    for (const { signal, listener } of listeners) process.on(signal, listener);
  }
  try {
    return await work(() => first !== undefined);
  } finally {
    for (let i = 0; depth === 1 && i < DELIVERY_TURNS; i++) {
      await sleep(TURN_MS);
    }
    if (--depth === 0) await endDeferral();
  }
}

async function endDeferral(): Promise<void> {
  for (const { signal, listener } of listeners) {
    process.removeListener(signal, listener);
  }
  // A program that has listeners of its own has been told, and will decide;
  // one that listened once has none left.
  if (first === undefined || handled.includes(first)) return;
  if (process.listenerCount(first) > 0) return;
  process.kill(process.pid, first);
  await sleep(DEATH_MS);
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
