import { ZagPsError } from "./errors.ts";
import { say } from "./escape.ts";

/** The units of a duration, in milliseconds, the largest first. */
const UNITS: readonly (readonly [name: string, milliseconds: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/** Each unit at most once, the larger before the smaller. */
const DURATION = /^(?=\d)(\d+d)?(\d+h)?(\d+m(?!s))?(\d+s)?(\d+ms)?$/;

/** How many units a formatted duration has at most. */
const MAX_UNITS = 2;

/**
 * Reads a duration.
 *
 * @param text days, hours, minutes, seconds and milliseconds, each a whole
 * number with its unit, the larger before the smaller: `90s`, `15m`, `2h`,
 * `1d`, `1h30m`, `500ms`
 * @returns milliseconds
 * @throws {ZagPsError} `usage`
 */
export function parseDuration(text: string): number {
  const parts = DURATION.exec(text)?.slice(1);
  const milliseconds = parts?.reduce(
    (sum, part, i) => sum + parseInt(part ?? "0", 10) * (UNITS[i]?.[1] ?? 0),
    0,
  );
  if (milliseconds !== undefined && Number.isSafeInteger(milliseconds)) {
    return milliseconds;
  }
  const short = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  throw new ZagPsError(
    "usage",
    say`Cannot read the duration "${short}"` + "\n" +
      (/^\d+$/.test(short)
        ? `Write its unit, for example ${short}s for seconds or ${short}m for minutes`
        : milliseconds === undefined
        ? "Write whole numbers with the units d, h, m, s and ms, for example 90s, 2h or 1h30m"
        : "Write a shorter one"),
  );
}

/**
 * A duration in its two largest units, the rest cut off: `3d4h`, `2h`,
 * `1m30s`, `45s`, `250ms`. What is less than nothing is `0s`.
 *
 * @param milliseconds the duration
 */
export function formatDuration(milliseconds: number): string {
  let rest = Math.max(0, Math.floor(milliseconds));
  let first: number | undefined;
  let text = "";
  for (const [i, [name, size]] of UNITS.entries()) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count === 0) continue;
    // 2 days and 5 seconds are 2 days.
    if (i >= (first ??= i) + MAX_UNITS) break;
    text += `${count}${name}`;
  }
  return text || "0s";
}
