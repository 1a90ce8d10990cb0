import { decodeBytes } from "../model/decode_bytes.ts";
import type { LiveStatus } from "../model/liveness.ts";
import {
  parsePlainProgram,
  type PlainEntry,
  PROMPT_LENGTH,
} from "../model/plain_store.ts";
import {
  type Finish,
  joinColumns,
  joinProgram,
  mergePieces,
  renderPrompt,
} from "./render.ts";

/**
 * What renders an entry of a plain store as a line of the table, with few
 * steps: a store may have very many.
 */
export function makePlainRenderer(
  finish: Finish,
): (entry: PlainEntry, liveStatus: LiveStatus) => string {
  const programs = new Map<string, string>();
  return (
    { id, pid, program, promptStart, promptRest, started },
    liveStatus,
  ) => {
    let known = programs.get(program);
    if (known === undefined) {
      known = joinProgram(parsePlainProgram(program));
      programs.set(program, known);
    }
    const prompt = showPrompt(promptStart, promptRest);
    const lead = joinColumns(id, pid, liveStatus, known, started);
    return finish(mergePieces(lead + prompt), liveStatus);
  };
}

/**
 * The bytes of characters that `escapeControls` escapes: U+0080 to U+009F,
 * U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069.
 */
const ESCAPED =
  "\\xc2[\\x80-\\x9f]|\\xd8\\x9c|\\xe2\\x80[\\x8e\\x8f\\xaa-\\xae]|\\xe2\\x81[\\xa6-\\xa9]";

/**
 * A character that the table shows as the file has it, but for a backslash
 * before a quote, a slash or another one. `\n`, `\r` and `\t` are escaped alike
 * in both.
 */
const SHOWN_AS_WRITTEN =
  `(?:[ !#-\\[\\]-~]|\\\\["\\\\/nrt]|(?!${ESCAPED})[\\xc2-\\xf4][\\x80-\\xbf]+)`;

/** A beginning of such characters, as much as the table shows. */
const SHOWN_START = new RegExp(
  `^(?:${SHOWN_AS_WRITTEN}{${PROMPT_LENGTH}}|${SHOWN_AS_WRITTEN}*$)`,
);

/** What the table shows of a prompt. */
function showPrompt(start: string, rest: string): string {
  if (rest === "" || start.length === PROMPT_LENGTH) return start;
  const whole = start + rest;
  const shown = SHOWN_START.exec(whole)?.[0];
  return shown === undefined
    ? renderPrompt(JSON.parse(`"${decodeBytes(whole)}"`))
    : decodeBytes(shown.replace(/\\(["\\/])/g, "$1"));
}
