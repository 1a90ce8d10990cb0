import type { LiveStatus } from "../model/liveness.ts";
import {
  decodeBytes,
  parsePlainProgram,
  type PlainEntry,
  PROMPT_LENGTH,
} from "../model/plain_store.ts";
import {
  joinColumns,
  joinProgram,
  makeFinish,
  renderPrompt,
} from "./render.ts";
import type { Style } from "./style.ts";

/**
 * What renders an entry of a plain store as a line of the table, with few
 * steps: a store may have very many.
 */
export function makePlainRenderer(
  style: Style,
  columns: number | undefined,
): (entry: PlainEntry, liveStatus: LiveStatus) => string {
  const finish = makeFinish(style, columns);
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
    const line = joinColumns(id, pid, liveStatus, known, started, prompt);
    return finish(line, liveStatus);
  };
}

/**
 * A character that the table shows just as the file has it, in bytes: ASCII,
 * a line break or a tab as JSON escapes them, or one that is surely no control
 * character (U+00C0 to U+05FF, U+3000 to U+CFFF, U+10000 and above).
 */
const SHOWN_AS_WRITTEN =
  "(?:[ !#-\\[\\]-~]|\\\\[nrt]|[\\xc3-\\xd7][\\x80-\\xbf]|" +
  "[\\xe3-\\xec][\\x80-\\xbf]{2}|[\\xf0-\\xf4][\\x80-\\xbf]{3})";

/** A beginning of that alone, as much as the table shows. */
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
    : decodeBytes(shown);
}
