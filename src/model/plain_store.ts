/**
 * A second reading of the process store, for a file that looks as zag writes
 * it, or nearly. It is faster, because of each entry only what a table shows is
 * taken out. It may take less than `decodeProcessStore`, and never anything
 * else: whatever is not plain is left to that.
 *
 * @module
 */

import { decodeBytes } from "./decode_bytes.ts";
import { UTC_DATE } from "./instant.ts";
import type { Started } from "./newest_first.ts";
import type { ProcessEntry } from "./process_entry.ts";

/** How much of a prompt a table shows, in characters (contract, section 6). */
export const PROMPT_LENGTH = 40;

/** What a table shows of an entry, as it is written. */
export interface PlainEntry {
  /** Where the whole of it begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  readonly id: string;
  /** In decimal; one that may be signalled. */
  readonly pid: string;
  /** What {@linkcode parsePlainProgram} parses: many entries have the same. */
  readonly program: string;
  /** How the prompt begins: as much as is ASCII without an escape. */
  readonly promptStart: string;
  /** What stands behind that, up to the closing quote, in bytes. */
  readonly promptRest: string;
  /** The second of the start in UTC, and one character more. */
  readonly started: string;
  /** What of the date stands behind that. */
  readonly startedRest: string;
  readonly status: string;
}

/** What was started: ASCII alone. */
export type PlainProgram = Pick<ProcessEntry, "provider" | "model" | "command">;

/** ASCII that is printed as it is and needs no escape in JSON. */
const PRINTED = "[ !#-\\[\\]-~]";

/** A text of that alone. */
const PLAIN_TEXT = `"${PRINTED}*"`;

/** Such a text, captured. */
const SHOWN = `"(${PRINTED}*)"`;

const UNESCAPED_ASCII = "[ !#-\\[\\]-\\x7f]*";

const ESCAPE = '\\\\(?:["\\\\/bfnrt]|u[\\da-fA-F]{4})';

/** The bytes of a character that is not ASCII (RFC 3629, section 4). */
const UTF8_SEQUENCE = [
  "[\\xc2-\\xdf][\\x80-\\xbf]",
  "\\xe0[\\xa0-\\xbf][\\x80-\\xbf]",
  "[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}",
  "\\xed[\\x80-\\x9f][\\x80-\\xbf]",
  "\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}",
  "[\\xf1-\\xf3][\\x80-\\xbf]{3}",
  "\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}",
].join("|");

/** What stands between the quotes of a text. */
const CHARACTERS =
  `${UNESCAPED_ASCII}(?:(?:${ESCAPE}|${UTF8_SEQUENCE})${UNESCAPED_ASCII})*`;

const TEXT = `"${CHARACTERS}"`;

/**
 * As much of a prompt as is printed as it is. It cannot give a character back:
 * where the rest of an entry does not match, that is not tried once more for
 * each shorter beginning.
 */
const PROMPT_START = `${PRINTED}{${PROMPT_LENGTH}}|${PRINTED}{0,${
  PROMPT_LENGTH - 1
}}(?!${PRINTED})`;

/** Ids that may be signalled; none that Linux hands out has more digits. */
const PID = "([2-9]|[1-9]\\d{1,8})";

/** Patterns of a field. */
interface FieldPattern {
  readonly name: string;
  readonly value: string;
  /** It may be `null`, or absent. */
  readonly optional?: true;
}

interface Field extends FieldPattern {
  readonly name: keyof ProcessEntry;
}

/** What many entries have alike, captured as one text. */
const PROGRAM: readonly Field[] = [
  { name: "provider", value: PLAIN_TEXT },
  { name: "model", value: PLAIN_TEXT },
  { name: "command", value: PLAIN_TEXT },
];

/**
 * The fields of an entry, in the order in which zag writes them. Captured is
 * what a table shows.
 */
const FIELDS: readonly (Field | typeof PROGRAM)[] = [
  { name: "id", value: SHOWN },
  { name: "pid", value: PID },
  { name: "session_id", value: PLAIN_TEXT, optional: true },
  PROGRAM,
  {
    name: "prompt",
    value: `"(${PROMPT_START})(${CHARACTERS})"`,
    optional: true,
  },
  { name: "started_at", value: `"${UTC_DATE}"` },
  { name: "status", value: SHOWN },
  // Ten digits may be more than 32 bits hold.
  { name: "exit_code", value: "-?(?:0|[1-9]\\d{0,8})", optional: true },
  { name: "exited_at", value: PLAIN_TEXT, optional: true },
  { name: "root", value: TEXT, optional: true },
  { name: "parent_process_id", value: PLAIN_TEXT, optional: true },
  { name: "parent_session_id", value: PLAIN_TEXT, optional: true },
];

const KNOWN_NAMES = FIELDS.flat().map(({ name }) => name).join("|");

const NUMBER = "-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?";

/** A field that zag has not had, as a newer one may add some. */
const NEW_FIELD: FieldPattern = {
  name: `(?!(?:${KNOWN_NAMES})")${PRINTED}*`,
  value: `(?:${TEXT}|${NUMBER}|true|false|null)`,
};

/** White space between tokens; nobody indents as far as this. */
const SPACE = "[ \\t\\n\\r]{0,99}";

/** How a store begins; its other entries are laid out as the first one is. */
const HEAD = new RegExp(
  `^\\{${SPACE}"processes":${SPACE}\\[(${SPACE})\\{(${SPACE})"id":(${SPACE})${PLAIN_TEXT},(${SPACE})`,
);

/** What stands between two entries. */
const NEXT = new RegExp(`,${SPACE}`, "y");

/** What follows the last entry. */
const TAIL = new RegExp(`${SPACE}\\]${SPACE}\\}${SPACE}$`, "y");

/**
 * Reads a process store that looks as zag writes it: these fields in this
 * order, and behind them at most simple ones with other names, laid out with
 * the same white space in every entry.
 *
 * @param bytes the file, with one character for each byte (Latin-1)
 * @param take is called with each entry, in file order. Who keeps little of
 * it spares the garbage collector what takes longer than the reading.
 * @returns what was made of the entries; `undefined` if the store is not
 * plain, which says nothing of what else it may be
 */
export function readPlainStore<T>(
  bytes: string,
  take: (entry: PlainEntry, index: number) => T,
): T[] | undefined {
  const head = HEAD.exec(bytes);
  if (head === null) return undefined;
  const [before, around = "", within = "", colon = "", comma = ""] = head;
  const pattern = composePattern(around, within, colon, comma);
  // What a newer zag writes in another way comes last, and shows at once.
  pattern.lastIndex = bytes.lastIndexOf(`{${within}"id":`);
  if (!pattern.test(bytes)) return undefined;
  const taken: T[] = [];
  let at = before.indexOf("{", 1);
  for (;;) {
    pattern.lastIndex = at;
    const match = pattern.exec(bytes);
    if (match === null) return undefined;
    taken.push(take(toEntry(match), taken.length));
    NEXT.lastIndex = at = pattern.lastIndex;
    if (!NEXT.test(bytes)) break;
    at = NEXT.lastIndex;
  }
  TAIL.lastIndex = at;
  return TAIL.test(bytes) ? taken : undefined;
}

/**
 * Parses an entry with all its fields.
 *
 * @param bytes the file, as for {@linkcode readPlainStore}
 */
export function parsePlainEntry(
  bytes: string,
  start: number,
  end: number,
): ProcessEntry {
  return JSON.parse(decodeBytes(bytes.slice(start, end)));
}

/** An id, and the first date that can be a start: no text holds such a quote. */
const START = /\{\s*"id":\s*"([^"]*)"[^]*?"started_at":\s*"([^"]*)"/y;

/** Reads of an entry only what it is sorted by. */
export function readPlainStart(
  bytes: string,
  start: number,
): Started {
  START.lastIndex = start;
  const [, id = "", started_at = ""] = START.exec(bytes) ?? [];
  return { id, started_at };
}

/** Parses provider, model and command. */
export function parsePlainProgram(program: string): PlainProgram {
  return JSON.parse(`{"id":""${program}}`);
}

/** Composes the pattern of an entry with this white space. */
function composePattern(
  around: string,
  within: string,
  colon: string,
  comma: string,
): RegExp {
  const compose = ({ name, value, optional }: FieldPattern) => {
    const lead = `${name === "id" ? within : `,${comma}`}"${name}":${colon}`;
    return optional ? `(?:${lead}(?:${value}|null))?` : lead + value;
  };
  const fields = FIELDS.map((field) =>
    "name" in field ? compose(field) : `(${field.map(compose).join("")})`
  );
  const more = `(?:${compose(NEW_FIELD)})*`;
  return new RegExp(`\\{${fields.join("")}${more}${around}\\}`, "y");
}

/** All but the prompt is there: nothing matches without. */
function toEntry(match: RegExpExecArray): PlainEntry {
  const { index } = match;
  return {
    start: index,
    end: index + match[0].length,
    id: match[1] ?? "",
    pid: match[2] ?? "",
    program: match[3] ?? "",
    promptStart: match[4] ?? "",
    promptRest: match[5] ?? "",
    started: match[6] ?? "",
    startedRest: match[7] ?? "",
    status: match[8] ?? "",
  };
}
