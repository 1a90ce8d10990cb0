/**
 * What every benchmark does: it reads counts, prints rows, and says why it
 * failed.
 *
 * @module
 */

import process from "node:process";

/**
 * Runs a benchmark on the arguments of this program.
 *
 * @param main What it does; an error ends it with status 1 and its message.
 */
export async function runBenchmark(
  main: (args: string[]) => Promise<void>,
): Promise<void> {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    console.error(`Error: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

/**
 * Reads a count, such as that of runs.
 *
 * @throws {Error} For anything but a whole number from 1 to 9,999,999.
 */
export function readCount(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`Expected a whole number from 1 up, got "${text}"`);
}

/** Sets the first field to the left of its column, the others to the right. */
export function renderRow(
  fields: readonly string[],
  widths: readonly number[],
): string {
  return fields.map((field, i) => {
    const width = widths[i] ?? 0;
    return i === 0 ? field.padEnd(width) : field.padStart(width);
  }).join("");
}
