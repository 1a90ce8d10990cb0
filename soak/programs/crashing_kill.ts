/**
 * A kill that ends itself with SIGKILL at one of its calls of the machine,
 * counted from where deciding ends and acting begins.
 *
 *     crashing_kill.ts HOME STEP WHEN ARGUMENTS...
 *
 * WHEN: `before` the call, `after` it, or `within`: only half of what it
 * writes is written. STEP 0 never crashes: the number of calls is printed as
 * CALLS and their names, the kill's own output follows on standard error.
 */

import process from "node:process";
import { run } from "../../src/cli/run.ts";
import { createNodeSystem } from "../../src/system/node_system.ts";
import type { System } from "../../src/system/system.ts";

/** They only read what does not change. */
const NO_STEPS = ["env", "userHome", "now", "uniqueText", "random"];

const [home = "", step = "", when = "", ...args] = process.argv.slice(2);
const real = createNodeSystem();
const calls: string[] = [];
let acting = false;

function crash(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;) { /* The signal is on its way. */ }
}

function isDue(name: string): boolean {
  if (!acting) return false;
  calls.push(name);
  return calls.length === Number(step);
}

type Act = (...args: unknown[]) => unknown;

/** The call with only half of the content that it should write. */
function writeHalf(act: Act, args: unknown[]): void {
  const halved = args.map((arg) =>
    arg instanceof Uint8Array ? arg.subarray(0, arg.length / 2) : arg
  );
  act(...halved);
}

function wrap(name: string, act: Act): Act {
  return (...args) => {
    if (!isDue(name)) return act(...args);
    if (when === "before") crash();
    if (when === "within" && args.some((arg) => arg instanceof Uint8Array)) {
      writeHalf(act, args);
      crash();
    }
    const value = act(...args);
    if (value instanceof Promise) return value.then(crash);
    crash();
  };
}

const system = Object.fromEntries(
  Object.entries(real).map(([name, value]) =>
    typeof value !== "function" || NO_STEPS.includes(name)
      ? [name, value]
      : [name, wrap(name, value as Act)]
  ),
) as unknown as System;

process.exitCode = await run(["--zag-home", home, "kill", ...args], {
  ...system,
  deferSignals: (work) => {
    acting = true;
    return real.deferSignals(work);
  },
}, {
  out: (text) => void process.stderr.write(text),
  err: (text) => void process.stderr.write(text),
  isTerminal: () => false,
  columns: () => undefined,
});
process.stdout.write(`CALLS ${JSON.stringify(calls)}\n`);
