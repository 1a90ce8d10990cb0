import type { Explanation } from "../commands/explain.ts";
import { escapeControls } from "../model/escape.ts";
import type { SeenAgent } from "../model/seen_agent.ts";
import { describeSupervision } from "../model/untracked.ts";
import { line } from "./label.ts";

/** Every rule that was tried on a process, and what was seen of the agent. */
export function listExamination(
  { examination, agent, pid }: Explanation,
): string[] {
  if (examination === undefined) return [];
  const { trials } = examination;
  const recognition = examination.recognition ?? agent?.recognition;
  const lines = [
    "",
    ...trials.map(({ rule, fits, why }) =>
      escapeControls(`${fits ? "yes" : "no "}  ${rule}: ${why}`)
    ),
    "",
  ];
  if (recognition === undefined) {
    lines.push(line("Recognised", "as no agent"));
  } else {
    const { provider, role, launcher, confidence, evidence } = recognition;
    const what = `${provider}, ${role}${launcher ? ", its launcher" : ""}`;
    lines.push(
      line("Recognised", what),
      line("Confidence", confidence),
      line("Evidence", evidence.join("; ")),
    );
  }
  return agent === undefined
    ? lines
    : [...lines, ...listCircumstances(agent, pid)];
}

/** What is around an agent. */
function listCircumstances(
  { facts, launchers, orphan, partOf, ownership, supervision }: SeenAgent,
  pid: number,
): string[] {
  const rows: [string, string | number | undefined][] = [
    ["Real process", facts.pid === pid ? undefined : facts.pid],
    ["Launchers", launchers.map(({ pid }) => pid).join(", ") || undefined],
    ["Part of", partOf],
    ["Orphan", orphan ?? "no"],
    ["Ownership", `${ownership.kind}: ${ownership.reason}`],
    ["Supervisor", supervision && describeSupervision(supervision)],
  ];
  return rows.flatMap(([label, value]) =>
    value === undefined ? [] : line(label, value)
  );
}
