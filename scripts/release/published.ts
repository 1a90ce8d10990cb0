/**
 * What package managers are told of a release: where its files are, and their
 * checksums.
 *
 * @module
 */

/** Where the project is. */
export const REPOSITORY = "https://github.com/zag-ps/zag-ps";

/** SHA-256 of the files of a release, by their names. */
export type Sums = ReadonlyMap<string, string>;

/** The address of a file of a release. */
export function locateFile(version: string, name: string): string {
  return `${REPOSITORY}/releases/download/v${version}/${name}`;
}

/**
 * Reads SHA256SUMS.
 *
 * @throws {Error} If a line is none of it.
 */
export function parseSums(text: string): Sums {
  const sums = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const [, sum, name] = /^([\da-f]{64}) [ *](\S+)$/.exec(line) ?? [];
    if (sum === undefined || name === undefined) {
      throw new Error(`Failed to read SHA256SUMS: "${line}" is no line of it`);
    }
    sums.set(name, sum);
  }
  return sums;
}

/**
 * The checksum of a file.
 *
 * @throws {Error} If there is none: a release without it is not complete.
 */
export function getSum(sums: Sums, name: string): string {
  const sum = sums.get(name);
  if (sum !== undefined) return sum;
  throw new Error(
    `Failed to describe the release: SHA256SUMS does not name "${name}"`,
  );
}
