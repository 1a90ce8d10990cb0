import * as v from "valibot";
import { type BadEntry, parseZagFile, readArray } from "./decode.ts";
import { isEntry } from "./is_entry.ts";

/** One entry of zag's process store (contract, section 2). */
export interface ProcessEntry {
  /** UUID v4, the handle on the command line. */
  readonly id: string;
  /** Process id. */
  readonly pid: number;
  /** The session it belongs to. */
  readonly session_id?: string | null | undefined;
  /** `claude`, `codex`, `gemini`, ...: an open set. */
  readonly provider: string;
  /** May be empty. */
  readonly model: string;
  /** `run`, `exec`, `review`, ...: an open set. */
  readonly command: string;
  /** About the first 100 characters of the prompt. */
  readonly prompt?: string | null | undefined;
  /** RFC 3339. */
  readonly started_at: string;
  /** `running`, `exited` or `killed`; anything else counts as unknown. */
  readonly status: string;
  /** Exit code of an ended process. */
  readonly exit_code?: number | null | undefined;
  /** RFC 3339. */
  readonly exited_at?: string | null | undefined;
  /** Project path, as it was given. */
  readonly root?: string | null | undefined;
  /** The entry that started this one. */
  readonly parent_process_id?: string | null | undefined;
  /** The session that started this one. */
  readonly parent_session_id?: string | null | undefined;
}

/** As much of an entry as a table shows. */
export type ListedEntry = Pick<
  ProcessEntry,
  "id" | "pid" | "provider" | "model" | "command" | "prompt" | "started_at"
>;

const text = v.string();
const optionalText = v.optional(v.nullable(v.string()));

/**
 * valibot schema of an entry: loose, so that fields of other versions pass.
 * The pid is any number here; which ones may be signalled is a question of
 * liveness.
 */
export const ProcessEntrySchema: v.GenericSchema<unknown, ProcessEntry> = v
  .looseObject({
    id: text,
    pid: v.number(),
    session_id: optionalText,
    provider: text,
    model: text,
    command: text,
    prompt: optionalText,
    started_at: text,
    status: text,
    exit_code: v.optional(
      v.nullable(
        v.pipe(
          v.number(),
          v.integer(),
          v.minValue(-(2 ** 31)),
          v.maxValue(2 ** 31 - 1),
        ),
      ),
    ),
    exited_at: optionalText,
    root: optionalText,
    parent_process_id: optionalText,
    parent_session_id: optionalText,
  });

/** An entry and its place in the store's array. */
export interface StoredEntry {
  /** Its place in the array, from 0. */
  readonly index: number;
  /** The entry, with the fields that zag-ps does not know. */
  readonly entry: ProcessEntry;
}

/** A process store: what could be read of it, and what could not. */
export interface ProcessStore {
  /** The entries in file order. */
  readonly entries: readonly StoredEntry[];
  /** Entries that zag-ps cannot read; they stay in the file. */
  readonly bad: readonly BadEntry[];
}

/**
 * Decodes the text of `processes.json`.
 *
 * @param content the whole file
 * @param path the file's path, for messages
 * @throws {ZagPsError} `store` if the file cannot be parsed or has no
 * `processes` array
 *
 * @example
 * ```ts
 * import { decodeProcessStore } from "@zag-ps/zag-ps";
 *
 * const store = decodeProcessStore('{"processes": []}', "processes.json");
 * console.log(store.entries.length); // 0
 * ```
 */
export function decodeProcessStore(
  content: string,
  path: string,
): ProcessStore {
  const list = readArray(parseZagFile(content, path), "processes", path);
  const entries: StoredEntry[] = [];
  const bad: BadEntry[] = [];
  list.forEach((raw, index) => {
    if (isEntry(raw)) {
      entries.push({ index, entry: raw });
      return;
    }
    const parsed = v.safeParse(ProcessEntrySchema, raw);
    // The parsed copy leaves keys such as `__proto__` out: keep the original.
    if (parsed.success) entries.push({ index, entry: raw as ProcessEntry });
    else bad.push({ index, reason: describeIssue(parsed.issues[0]), raw });
  });
  return { entries, bad };
}

/** One valibot issue as `field: what is wrong`. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue);
  return place === null ? issue.message : `${place}: ${issue.message}`;
}
