/**
 * Milliseconds since 1970, with fractions: what `process.hrtime` counts from
 * is another moment in each process under some runtimes.
 */
export function readClock(): number {
  return performance.timeOrigin + performance.now();
}
