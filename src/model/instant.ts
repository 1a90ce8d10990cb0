/** A point in time to the nanosecond: a double cannot hold one. */
export interface Instant {
  /** Whole seconds since 1970-01-01T00:00:00Z. */
  readonly seconds: number;
  /** Nanoseconds within that second, 0 to 999,999,999. */
  readonly nanos: number;
}

const RFC3339 =
  /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/**
 * A day that each year has, and a time in UTC: a pattern. It captures the
 * second with one character more, and what follows.
 */
export const UTC_DATE =
  "(\\d{4}-(?!(?:0[2469]|11)-31|02-(?:29|30))(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])" +
  "T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d[.+Z])" +
  "((?:(?<=\\.)\\d{1,9}(?:\\+00:00|Z)|(?<=\\+)00:00|(?<=Z)))";

/**
 * Whether two such dates have as many digits and the same zone. Then they have
 * the order of the instants.
 */
export function isWrittenAlike(date: string, other: string): boolean {
  return date.length === other.length && date.at(-1) === other.at(-1);
}

const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads an RFC 3339 date and time.
 *
 * A list of processes calls this for each: the digits are read in place, and
 * no `Date` is made.
 *
 * @returns `undefined` for anything else, days that do not exist included
 */
export function parseInstant(text: string): Instant | undefined {
  if (!RFC3339.test(text)) return undefined;
  const year = readTwoDigits(text, 0) * 100 + readTwoDigits(text, 2);
  const month = readTwoDigits(text, 5);
  const day = readTwoDigits(text, 8);
  const hour = readTwoDigits(text, 11);
  const minute = readTwoDigits(text, 14);
  const second = readTwoDigits(text, 17);
  if (!isDay(year, month, day)) return undefined;
  // A leap second is written 60.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const named = text.endsWith("Z") || text.endsWith("z");
  const zone = text.length - (named ? 1 : 6);
  const offset = readOffset(text, zone);
  if (offset === undefined) return undefined;
  const time = hour * 3600 + minute * 60 + second;
  return {
    seconds: countDays(year, month, day) * 86_400 + time - offset,
    nanos: readNanos(text, zone),
  };
}

function readTwoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

/** The first nine digits of the fraction, which stands before the zone. */
function readNanos(text: string, zone: number): number {
  let nanos = 0;
  for (let at = 20; at < 29; at++) {
    nanos = nanos * 10 + (at < zone ? text.charCodeAt(at) - 48 : 0);
  }
  return nanos;
}

/** Seconds east of UTC; `undefined` if there is no such zone. */
function readOffset(text: string, zone: number): number | undefined {
  if (text.length - zone === 1) return 0;
  const hours = readTwoDigits(text, zone + 1);
  const minutes = readTwoDigits(text, zone + 4);
  if (hours > 23 || minutes > 59) return undefined;
  return (text[zone] === "-" ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : DAYS_OF_MONTH[month - 1] ?? 0;
  return day >= 1 && day <= days;
}

/** Days from 1970-01-01, by years that begin in March. */
function countDays(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) +
    Math.floor(y / 400);
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  return y * 365 + leapDays + dayOfYear - 719_468;
}

/** Milliseconds since 1970 of an RFC 3339 text, `undefined` if it is none. */
export function parseMilliseconds(text: string): number | undefined {
  const instant = parseInstant(text);
  return instant && instant.seconds * 1000 + instant.nanos / 1e6;
}

/** The form that zag-ps writes: 3 digits of a second and `+00:00`. */
export function formatInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "+00:00");
}

/** The last time that a `Date` can hold, and the first with a minus. */
const LAST_DATE_MS = 8.64e15;

/** The same of what a machine told; `undefined` where that is no date. */
export function formatIfDate(
  milliseconds: number | undefined,
): string | undefined {
  return milliseconds !== undefined && Math.abs(milliseconds) <= LAST_DATE_MS
    ? formatInstant(milliseconds)
    : undefined;
}
