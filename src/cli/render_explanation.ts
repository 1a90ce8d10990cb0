import type { Explanation } from "../commands/explain.ts";
import { escapeControls, toSafeJson } from "../model/escape.ts";
import { formatInstant } from "../model/instant.ts";
import { findPrograms } from "../model/agent_programs.ts";
import { isSignallablePid, PROCESS_ID_MARKER } from "../model/process_facts.ts";

/** Column of the values. */
const LABEL_WIDTH = 16;

/** The lines of `explain`: the facts, then each entry's rule and verdict. */
export function renderExplanation(explanation: Explanation): string {
  const { pid, facts, owner, judged } = explanation;
  const lines = [line("PID", pid)];
  if (facts === undefined) {
    lines.push(
      line(
        "Process",
        isSignallablePid(pid) ? "none that can be seen" : "not looked at",
      ),
    );
  } else {
    const { uid, startedAt, startTicks, markers } = facts;
    lines.push(
      line("Process", facts.zombie ? "a zombie: ended, not reaped" : "alive"),
      line("Parent", facts.ppid ?? "unknown"),
      line("Owner", owner ?? (uid === undefined ? "unknown" : `uid ${uid}`)),
      line(
        "Started",
        startedAt === undefined ? "unknown" : formatInstant(startedAt),
      ),
      line("Start stamp", startTicks ?? "unknown"),
      line("Program", findPrograms(facts).join(", ") || "unknown"),
      line(
        PROCESS_ID_MARKER,
        markers === undefined
          ? "unknown, the environment cannot be read"
          : markers[PROCESS_ID_MARKER] ?? "not set",
      ),
    );
  }
  for (const { entry, verdict } of judged) {
    lines.push(
      "",
      line("Entry", entry.id),
      line("Provider", entry.provider),
      line("Recorded", entry.started_at),
      line("Parent entry", entry.parent_process_id ?? "none"),
      line("Stored status", entry.status),
      line("Rule", verdict.rule),
      line("Reason", verdict.reason),
      line("Verdict", verdict.identity),
      line("Live status", verdict.liveStatus),
    );
  }
  if (judged.length === 0) lines.push("", "No entry names this pid");
  return `${lines.join("\n")}\n`;
}

function line(label: string, value: string | number): string {
  return `${`${label}:`.padEnd(LABEL_WIDTH)}${escapeControls(String(value))}`;
}

/** The JSON of `explain`: one object on one line, keys in alphabetical order. */
export function renderJsonExplanation(explanation: Explanation): string {
  const { pid, facts, owner, judged } = explanation;
  return `${
    toSafeJson({
      entries: judged.map(({ entry, verdict }) => ({
        id: entry.id,
        identity: verdict.identity,
        identity_reason: verdict.reason,
        live_status: verdict.liveStatus,
        parent_process_id: entry.parent_process_id ?? null,
        provider: entry.provider,
        rule: verdict.rule,
        started_at: entry.started_at,
        status: entry.status,
      })),
      pid,
      process: facts === undefined ? null : {
        markers: facts.markers ?? null,
        owner: owner ?? null,
        ppid: facts.ppid ?? null,
        programs: findPrograms(facts),
        start_stamp: facts.startTicks ?? null,
        started_at: facts.startedAt === undefined
          ? null
          : formatInstant(facts.startedAt),
        uid: facts.uid ?? null,
        zombie: facts.zombie,
      },
    })
  }\n`;
}
