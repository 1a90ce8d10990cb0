/** What reap prints. */

import type { ReapedAgent, ReapReport } from "../../commands/reap.ts";
import type { JudgedEntry } from "../../commands/steps/judge.ts";
import { EXIT_STATUS } from "../../model/errors.ts";
import { toSafeJson } from "../../model/escape.ts";
import { isLeft } from "../../model/ladder.ts";
import { count, formatAge, renderPlanTable } from "../../model/plan_table.ts";
import { describeSupervision } from "../../model/untracked.ts";
import type { Style } from "../style.ts";
import { renderEnds, renderReasons } from "./ending_lines.ts";

/** The plan as a table; and what became of it, if it was carried out. */
export function renderReap(
  report: ReapReport,
  style: Style,
  columns: number | undefined,
): string {
  const { agents, applied } = report;
  if (agents.length === 0) return "Nothing to reap.\n";
  if (applied) {
    const ends = agents.flatMap(({ end }) => end ?? []);
    const left = agents.filter(({ action }) => action === "leave");
    return renderEnds(ends, style) + renderReasons(ends) +
      (left.length === 0 ? "" : renderTable(left, undefined));
  }
  const due = agents.filter(({ action }) => action === "end").length;
  return renderTable(agents, columns) +
    `${count(due, "agent")} would be ended; nothing was changed, add --apply\n`;
}

function renderTable(
  agents: readonly ReapedAgent[],
  columns: number | undefined,
): string {
  return renderPlanTable(
    ["ACTION", "ID", "PID", "PROVIDER", "WHY", "AGE", "EVIDENCE"],
    agents.map((agent) => [
      agent.action,
      agent.judged.entry.id,
      String(agent.judged.entry.pid),
      agent.judged.entry.provider,
      agent.why,
      agent.ageMs === undefined ? "unknown" : formatAge(agent.ageMs),
      listEvidence(agent).join("; "),
    ]),
    columns,
  );
}

/** What speaks for the plan, and what is to be known of it. */
export function listEvidence(agent: ReapedAgent): string[] {
  const { judged, recorded, silentMs, asksResult } = agent;
  const { verdict } = judged;
  const lines = agent.reason === undefined
    ? [`${verdict.identity}: ${verdict.reason}`]
    : [agent.reason.split("\n", 1)[0] ?? ""];
  lines.push(...listCircumstances(judged));
  if (recorded === "session_result") lines.push("its result is recorded");
  if (recorded === "session_ended") lines.push("its end is recorded");
  if (silentMs !== undefined) {
    lines.push(`last log line ${formatAge(silentMs)} ago`);
  }
  if (recorded === undefined && agent.action === "end") {
    if (asksResult === true) {
      lines.push("a result is asked of it: cancelled without one");
    } else if (asksResult === undefined) {
      lines.push("its session cannot be read");
    }
  }
  return lines;
}

/** What the look at all processes adds. */
function listCircumstances({ agent, untracked }: JudgedEntry): string[] {
  if (agent === undefined) return [];
  const { recognition, orphan, ownership, supervision } = agent;
  return [
    ...(untracked ? [recognition.evidence.join(", ")] : []),
    ...(orphan === undefined ? [] : [`an orphan: ${orphan}`]),
    ...(ownership.runUrl === undefined ? [] : [`left by ${ownership.runUrl}`]),
    ...(supervision === undefined
      ? []
      : [`it ${describeSupervision(supervision)}`]),
  ];
}

/** The JSON of reap: one object on one line. */
export function renderJsonReap({ agents, applied }: ReapReport): string {
  return `${
    toSafeJson({
      agents: agents.map((agent) => ({
        action: agent.action,
        age_ms: agent.ageMs ?? null,
        asks_result: agent.asksResult ?? null,
        cancelled: agent.cancelled,
        evidence: listEvidence(agent),
        id: agent.judged.entry.id,
        members: (agent.end?.members ?? []).map((
          { pid, outcome, command, reason },
        ) => ({ command, outcome, pid, reason: reason ?? null })),
        outcome: agent.end?.outcome ?? null,
        pid: agent.judged.entry.pid,
        provider: agent.judged.entry.provider,
        reason: agent.end?.reason ?? agent.reason ?? null,
        recorded: agent.recorded ?? null,
        signals: agent.end?.signals ?? [],
        silent_ms: agent.silentMs ?? null,
        started_at: agent.judged.entry.started_at,
        why: agent.why,
      })),
      applied,
    })
  }\n`;
}

/** 1 if an agent is left that should have ended, or a process of its tree. */
export function statusOfReap({ agents, applied }: ReapReport): number {
  const isDone = ({ action, end }: ReapedAgent) =>
    action === "end" && end !== undefined && !isLeft(end.outcome) &&
    !end.members.some(({ outcome }) => isLeft(outcome));
  return !applied || agents.every(isDone)
    ? EXIT_STATUS.done
    : EXIT_STATUS.failed;
}
