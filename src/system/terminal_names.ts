/** Pure readers of the terminals that Linux names under `/proc`. */

/** Numbers of the devices (devices.txt of the kernel's documentation). */
const CONSOLE_MAJOR = 4;
const FIRST_SERIAL_MINOR = 64;
const FIRST_PTS_MAJOR = 136;
const LAST_PTS_MAJOR = 143;
const MINORS_PER_PTS_MAJOR = 256;

/**
 * The path of a terminal by the device number in `/proc/<pid>/stat`: the major
 * number is in bits 8 to 19, the minor one in the others (proc(5)).
 *
 * @returns `undefined` for a device that is neither a pseudo-terminal nor a
 * console nor a serial line
 */
export function nameTerminal(number: number): string | undefined {
  const major = (number >>> 8) & 0xfff;
  const minor = (number & 0xff) | ((number >>> 12) & 0xfff00);
  if (major >= FIRST_PTS_MAJOR && major <= LAST_PTS_MAJOR) {
    const before = (major - FIRST_PTS_MAJOR) * MINORS_PER_PTS_MAJOR;
    return `/dev/pts/${before + minor}`;
  }
  if (major !== CONSOLE_MAJOR) return undefined;
  return minor < FIRST_SERIAL_MINOR
    ? `/dev/tty${minor}`
    : `/dev/ttyS${minor - FIRST_SERIAL_MINOR}`;
}

/**
 * The name of a pseudo-terminal that is gone, out of what a link of
 * `/proc/<pid>/fd` leads to. A new terminal may have the same name.
 *
 * @returns `undefined` for anything else
 */
export function parseDeletedTerminal(link: string): string | undefined {
  return /^(\/dev\/pts\/\d+) \(deleted\)$/.exec(link)?.[1];
}
