import type { Explanation } from "../commands/explain.ts";
import { toSafeJson } from "../model/escape.ts";
import { formatIfDate } from "../model/instant.ts";
import { showPrograms } from "../model/agent_programs.ts";
import {
  isSignallablePid,
  PROCESS_ID_MARKER,
  type ProcessFacts,
} from "../model/process_facts.ts";
import { toJsonAgent } from "./json_agent.ts";
import { line } from "./label.ts";
import { listExamination } from "./render_examination.ts";

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
        formatIfDate(startedAt) ?? "unknown",
      ),
      line("Start stamp", startTicks ?? "unknown"),
      line("Program", showPrograms(facts).join(", ") || "unknown"),
      line("Name", facts.name ?? "unknown"),
      line("Folder", facts.folder ?? "unknown"),
      line("Session", describeSession(facts)),
      line("Control group", facts.cgroup ?? "unknown"),
      line(
        PROCESS_ID_MARKER,
        markers === undefined
          ? "unknown, the environment cannot be read"
          : markers[PROCESS_ID_MARKER] ?? "not set",
      ),
      ...Object.entries(markers ?? {})
        .filter(([name]) => name !== PROCESS_ID_MARKER)
        .map(([name, value]) => line(name, value)),
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
  lines.push(...listExamination(explanation));
  return `${lines.join("\n")}\n`;
}

function describeSession({ sid, terminal }: ProcessFacts): string {
  const leader = sid === undefined ? "unknown" : `${sid}`;
  if (terminal === undefined) return `${leader}, terminal unknown`;
  if (terminal === null) return `${leader}, no terminal`;
  const name = terminal.name ?? "a terminal";
  return `${leader}, ${name}${terminal.deleted ? " (deleted)" : ""}`;
}

/** The JSON of `explain`: one object on one line, keys in alphabetical order. */
export function renderJsonExplanation(explanation: Explanation): string {
  const { pid, facts, owner, judged, examination, agent } = explanation;
  const recognition = examination?.recognition ?? agent?.recognition;
  return `${
    toSafeJson({
      agent: agent === undefined ? null : toJsonAgent(agent),
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
      examination: examination === undefined ? null : {
        provider: recognition?.provider ?? null,
        role: recognition?.role ?? null,
        trials: examination.trials.map(({ fits, rule, why }) => ({
          fits,
          rule,
          why,
        })),
      },
      pid,
      process: facts === undefined ? null : {
        cgroup: facts.cgroup ?? null,
        folder: facts.folder ?? null,
        markers: facts.markers ?? null,
        name: facts.name ?? null,
        owner: owner ?? null,
        ppid: facts.ppid ?? null,
        programs: showPrograms(facts),
        sid: facts.sid ?? null,
        start_stamp: facts.startTicks ?? null,
        started_at: formatIfDate(facts.startedAt) ?? null,
        terminal: facts.terminal ?? null,
        uid: facts.uid ?? null,
        zombie: facts.zombie,
      },
    })
  }\n`;
}
