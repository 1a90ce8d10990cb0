/**
 * What a benchmark says of the machine that it ran on.
 *
 * @module
 */

import { cpus, loadavg, release, totalmem } from "node:os";
import process from "node:process";
import { RUNTIME_VERSIONS } from "../scripts/runtimes.ts";

/** The machine and the runtimes, on lines of their own. */
export function describeMachine(): string {
  const { bun, node20, node24 } = RUNTIME_VERSIONS;
  const gigabytes = Math.round(totalmem() / 1024 ** 3);
  return [
    `${cpus().length} x ${cpus()[0]?.model.trim()}, ${gigabytes} GiB, ` +
    `${process.platform} ${release()} ${process.arch}`,
    `Deno ${
      process.versions["deno"]
    }, Bun ${bun}, Node ${node20} and ${node24}`,
    `Load at the start: ${describeLoad()}`,
  ].join("\n");
}

/** Processes that wanted a processor over the last minute. */
export function describeLoad(): string {
  return (loadavg()[0] ?? 0).toFixed(2);
}
