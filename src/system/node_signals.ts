import process from "node:process";
import type { Signal } from "../model/signal_names.ts";
import { readProc } from "./proc_files.ts";
import type { PassedSignal } from "./system.ts";

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
/** All that arrived meanwhile. */
const arrived = new Set<Signal>();

const listeners = DEFERRED.map((signal) => ({
  signal,
  listener: () => {
    first ??= signal;
    arrived.add(signal);
  },
}));

/** See `System.deferSignals`. */
export async function deferSignals<T>(
  work: (arrived: (which?: Signal) => boolean) => Promise<T>,
): Promise<T> {
  if (depth++ === 0) {
    first = undefined;
    handled = DEFERRED.filter((signal) => process.listenerCount(signal) > 0);
    arrived.clear();
    for (const { signal, listener } of listeners) process.on(signal, listener);
  }
  try {
    return await work((which) =>
      which === undefined ? first !== undefined : arrived.has(which)
    );
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

/** What is handed through to a child. */
const PASSED: readonly PassedSignal[] = process.platform === "win32"
  ? ["SIGINT", "SIGTERM", "SIGHUP"]
  : ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"];

const KEYBOARD: readonly PassedSignal[] = ["SIGINT", "SIGQUIT"];

/** See `System.catchSignals`. */
export function catchSignals(
  take: (signal: PassedSignal, keyboard: boolean) => void,
): () => void {
  const caught = PASSED.map((signal) => ({
    signal,
    listener: () => take(signal, KEYBOARD.includes(signal) && isInForeground()),
  }));
  for (const { signal, listener } of caught) process.on(signal, listener);
  return () => {
    for (const { signal, listener } of caught) {
      process.removeListener(signal, listener);
    }
  };
}

/**
 * Whether the keyboard's signals reach this program, and so its child. No
 * runtime tells who sent a signal: one that another program sends to zag-ps
 * alone looks the same there.
 */
function isInForeground(): boolean {
  // Loaded only here: a third of what Bun needs to start. Not process.stdin,
  // which would take the child's input over.
  const { isatty } = process.getBuiltinModule("node:tty");
  if (process.platform !== "win32" && !isatty(0)) return false;
  const stat = readProc("self/stat");
  if (stat === undefined) return true;
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(")") + 2)
    .split(" ");
  return group === foreground;
}
