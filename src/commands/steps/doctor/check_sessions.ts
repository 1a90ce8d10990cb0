import { type Finding, findSessionRefusal } from "../../../model/diagnosis.ts";
import { reasonOf } from "../../../model/errors.ts";
import { say } from "../../../model/escape.ts";
import { locateLog } from "../../../model/paths.ts";
import type { Context } from "../../context.ts";
import type { JudgedEntry } from "../judge.ts";
import type { AllSessions, ReadSessions } from "../read_sessions.ts";
import { checkStrict, REPLACED } from "./check_store.ts";

const NEWLINE = 0x0a;

/** Checks whether the session stores can be read, by zag-ps and by zag. */
export function checkSessions({ stores, failures }: AllSessions): Finding[] {
  return [
    ...failures.map(({ reason }): Finding => {
      const [what = "", ...rest] = reason.split("\n");
      const remedy = rest.at(-1) ??
        "Make it a file that you can read, or move it away";
      return { check: "sessions", level: "problem", what, remedy };
    }),
    ...stores.flatMap(checkStore),
  ];
}

function checkStore({ path, text, store }: ReadSessions): Finding[] {
  const bad = store.bad.map(({ index, reason }): Finding => ({
    check: "sessions",
    level: "problem",
    what: say`Session ${index} of "${path}" cannot be read: ${reason}`,
    remedy: "Mend it: kill refuses to end its process until then",
  }));
  const refused = store.sessions.flatMap((session): Finding[] => {
    const reason = findSessionRefusal(session);
    return reason === undefined ? [] : [{
      check: "sessions",
      level: "problem",
      what:
        say`Session "${session.session_id}" of "${path}" is none that zag reads: ${reason}`,
      remedy: `Mend or remove it; ${REPLACED}`,
    }];
  });
  return [...checkStrict("sessions", text, path), ...bad, ...refused];
}

/** The logs that are there, and what is wrong with some. */
export interface LogCheck {
  readonly findings: readonly Finding[];
  readonly logs: readonly string[];
}

/**
 * Checks the logs of all sessions: that they are where they may be, are files,
 * and end with a whole line. Nothing is said of the last line where a writer
 * lives: it may be in the middle of it.
 */
export function checkLogs(
  context: Context,
  { stores }: AllSessions,
  judged: readonly JudgedEntry[],
): LogCheck {
  const { system, paths } = context;
  const busy = new Set(
    judged.filter(({ verdict }) =>
      verdict.alive || verdict.identity === "unseen"
    ).map(({ entry }) => entry.session_id),
  );
  const findings: Finding[] = [];
  const logs: string[] = [];
  const add = (what: string, remedy: string, fix?: Finding["fix"]) =>
    findings.push({ check: "logs", level: "problem", what, remedy, fix });
  for (const { path, store } of stores) {
    for (const session of store.sessions) {
      try {
        const log = locateLog(paths, path, session, system.realPath);
        const status = system.status(log);
        if (status === undefined) continue;
        if (status.kind !== "file") {
          add(say`"${log}" is not a regular file`, "Move it away");
          continue;
        }
        logs.push(log);
        const isBusy = busy.has(session.session_id) ||
          busy.has(session.provider_session_id);
        if (isBusy || !isTorn(context, log, status.size)) continue;
        add(
          say`The last line of "${log}" is not whole: its writer died`,
          "zag-ps doctor --fix ends the line, so that the next one does not stick to it",
          { kind: "end-line", path: log },
        );
      } catch (error) {
        const [what = "", ...rest] = reasonOf(error).split("\n");
        add(
          say`The log of session "${session.session_id}" cannot be used: ` +
            what,
          rest.at(-1) ?? "Make it a file that you can read and write",
        );
      }
    }
  }
  return { findings, logs };
}

/** Whether a log does not end with the end of a line. */
export function isTorn(
  { system }: Context,
  log: string,
  size: number,
): boolean {
  return size > 0 && system.readRange(log, size - 1, size)[0] !== NEWLINE;
}
