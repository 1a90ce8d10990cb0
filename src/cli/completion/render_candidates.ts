import type { Candidate } from "../../commands/list_candidates.ts";
import { escapeControls, toSafeJson } from "../../model/escape.ts";
import { count, formatAge } from "../../model/plan_table.ts";

/** A prompt's beginning is enough to know it again. */
const MAX_PROMPT_LENGTH = 40;

/** A value and what it is on each line, with a tab between them. */
export function renderCandidates(candidates: readonly Candidate[]): string {
  return candidates.map((candidate) =>
    `${candidate.value}\t${escapeControls(describe(candidate))}\n`
  ).join("");
}

/** The same as one JSON array. */
export function renderJsonCandidates(
  candidates: readonly Candidate[],
): string {
  return `${
    toSafeJson(candidates.map((candidate) => ({
      description: describe(candidate),
      value: candidate.value,
    })))
  }\n`;
}

/** Such as `claude, running, 3m12s: Fix the rounding error`. */
function describe(candidate: Candidate): string {
  const { what, newest, ageMs, count: entries } = candidate;
  if (newest === undefined) {
    return entries === 0 ? "" : count(entries, "entry", "entries");
  }
  const { entry, verdict, untracked } = newest;
  const facts = [
    ...(what === "name" ? ["session"] : []),
    entry.provider,
    verdict.liveStatus,
    ...(ageMs === undefined ? [] : [formatAge(ageMs)]),
    ...(what === "name" && entries > 1
      ? [count(entries, "process", "processes")]
      : []),
  ].filter((fact) => fact !== "");
  const about = untracked ? entry.root : entry.prompt;
  const prompt = cut(about?.trim() ?? "");
  return facts.join(", ") + (prompt && `: ${prompt}`);
}

function cut(text: string): string {
  const characters = [...text.slice(0, MAX_PROMPT_LENGTH * 2)];
  const start = characters.slice(0, MAX_PROMPT_LENGTH).join("");
  return start.length < text.length ? `${start}...` : start;
}
