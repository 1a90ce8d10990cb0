import type { ProcessEntry } from "./process_entry.ts";

/**
 * The schema of an entry, written out: ten times as fast, and so for the usual
 * case, where nothing is wrong. `ProcessEntrySchema` says what is, and has the
 * last word.
 */
export function isEntry(raw: unknown): raw is ProcessEntry {
  if (typeof raw !== "object" || raw === null) return false;
  const entry = raw as Record<keyof ProcessEntry, unknown>;
  return typeof entry.id === "string" &&
    typeof entry.pid === "number" &&
    typeof (entry.session_id ?? "") === "string" &&
    typeof entry.provider === "string" &&
    typeof entry.model === "string" &&
    typeof entry.command === "string" &&
    typeof (entry.prompt ?? "") === "string" &&
    typeof entry.started_at === "string" &&
    typeof entry.status === "string" &&
    isOptionalExitCode(entry.exit_code) &&
    typeof (entry.exited_at ?? "") === "string" &&
    typeof (entry.root ?? "") === "string" &&
    typeof (entry.parent_process_id ?? "") === "string" &&
    typeof (entry.parent_session_id ?? "") === "string";
}

function isOptionalExitCode(value: unknown): boolean {
  return value === undefined || value === null ||
    (typeof value === "number" && (value | 0) === value);
}
