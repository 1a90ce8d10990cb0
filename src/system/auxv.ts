/** Pure readers of `/proc/self/auxv`, by which the kernel tells a program its unit of time. */

/** The entry with the clock ticks in a second (getauxval(3)). */
const AT_CLKTCK = 17n;

const MAX_CLOCK_TICKS = 1_000_000;

/**
 * The clock ticks in a second out of the auxiliary vector: 100 on the
 * architectures in use, but nobody has to believe that.
 *
 * @returns `undefined` where the vector has no such entry
 */
export function parseClockTicks(auxv: Uint8Array): number | undefined {
  const view = new DataView(auxv.buffer, auxv.byteOffset, auxv.byteLength);
  // Every 64-bit Linux that the runtimes support is little-endian, save s390x.
  for (const littleEndian of [true, false]) {
    for (let at = 0; at + 16 <= auxv.byteLength; at += 16) {
      if (view.getBigUint64(at, littleEndian) !== AT_CLKTCK) continue;
      const ticks = Number(view.getBigUint64(at + 8, littleEndian));
      if (ticks >= 1 && ticks <= MAX_CLOCK_TICKS) return ticks;
    }
  }
  return undefined;
}
