import { parseZagFile } from "../../../model/decode.ts";
import { type Finding, findRefusal } from "../../../model/diagnosis.ts";
import { reasonOf } from "../../../model/errors.ts";
import { say } from "../../../model/escape.ts";
import {
  decodeProcessStore,
  type ProcessStore,
} from "../../../model/process_entry.ts";
import { parseStrictJson } from "../../../model/strict_json.ts";
import type { Context } from "../../context.ts";
import { readZagFile } from "../read_store.ts";

/** What there is to say of the store, and what could be read of it. */
export interface StoreCheck {
  readonly findings: readonly Finding[];
  /** `undefined` if it is not there or cannot be read. */
  readonly store: ProcessStore | undefined;
}

/** What zag does with a file that it cannot read. */
export const REPLACED =
  "zag takes such a file for an empty one and replaces it";

/** Checks whether the process store can be read, by zag-ps and by zag. */
export function checkStore({ system, paths }: Context): StoreCheck {
  const path = paths.processes;
  let text: string | undefined;
  let store: ProcessStore;
  try {
    text = readZagFile(system, path);
    if (text === undefined) return { findings: [], store: undefined };
    store = decodeProcessStore(text, path);
  } catch (error) {
    return { findings: [unreadable("store", error)], store: undefined };
  }
  const bad = store.bad.map(({ index, reason }): Finding => ({
    check: "store",
    level: "problem",
    what: say`Entry ${index} of "${path}" cannot be read: ${reason}`,
    remedy: `Mend or remove it; ${REPLACED}`,
  }));
  const refused = store.entries.flatMap(({ index, entry }): Finding[] => {
    const reason = findRefusal(entry);
    return reason === undefined ? [] : [{
      check: "store",
      level: "problem",
      what: say`Entry ${index} of "${path}" is none that zag reads: ${reason}`,
      remedy: `Mend or remove it; ${REPLACED}`,
    }];
  });
  const strict = checkStrict("store", text, path);
  return {
    findings: [...strict, ...bad, ...refused, ...findTwins(store, path)],
    store,
  };
}

/** Comments, trailing commas and the like: zag-ps reads them, zag does not. */
export function checkStrict(
  check: "store" | "sessions",
  text: string,
  path: string,
): Finding[] {
  const parsed = parseStrictJson(text);
  if (parsed.ok) return [];
  return [{
    check,
    level: "problem",
    what: say`"${path}" is no JSON that zag reads: ${parsed.why}`,
    remedy: `Take out what is not plain JSON; ${REPLACED}`,
  }];
}

/** The finding of a file that cannot be read at all. */
export function unreadable(
  check: "store" | "sessions",
  error: unknown,
): Finding {
  const [what = "", ...remedy] = reasonOf(error).split("\n");
  return {
    check,
    level: "problem",
    what,
    remedy: remedy.at(-1) ??
      "Make it a file that you can read, or move it away",
  };
}

function findTwins({ entries }: ProcessStore, path: string): Finding[] {
  const counts = new Map<string, number>();
  for (const { entry: { id } } of entries) {
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([id, count]) => ({
    check: "store",
    level: "problem",
    what: say`${count} entries of "${path}" have the id ${id}`,
    remedy: "Only the first one counts: remove the others",
  }));
}

/** Checks a file that has to hold `{"sessions": [...]}` alone. */
export function checkIndex({ system, paths }: Context): Finding[] {
  const path = paths.index;
  try {
    const text = readZagFile(system, path);
    if (text === undefined) return [];
    parseZagFile(text, path);
    return checkStrict("sessions", text, path);
  } catch (error) {
    return [unreadable("sessions", error)];
  }
}
