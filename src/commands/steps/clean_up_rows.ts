import type {
  CleanUpOutcome,
  CleanUpRow,
} from "../../model/clean_up_report.ts";
import type { ZagPsError } from "../../model/errors.ts";
import { parseMilliseconds } from "../../model/instant.ts";
import { isLeft } from "../../model/ladder.ts";
import type { ProcessEntry } from "../../model/process_entry.ts";
import type { Context } from "../context.ts";
import type { KilledAgent } from "../kill_agents.ts";
import type { EndReport } from "./report_end.ts";
import type { JudgedEntry } from "./judge.ts";

/** What is said of an agent that was met. */
export function makeRow(
  { system }: Context,
  { entry, verdict, agent }: JudgedEntry,
  outcome: CleanUpOutcome,
  reason?: string | undefined,
): CleanUpRow {
  const started = parseMilliseconds(entry.started_at) ??
    agent?.facts.startedAt;
  return {
    id: entry.id,
    pid: agent?.facts.pid ?? entry.pid,
    provider: entry.provider,
    ageMs: started === undefined ? undefined : system.now() - started,
    memoryBytes: agent?.treeMemoryBytes ?? verdict.facts?.memoryBytes,
    ownership: agent?.ownership.kind,
    why: agent?.ownership.reason ?? verdict.reason,
    evidence: agent?.recognition.evidence ?? [],
    outcome,
    reason,
    runUrl: agent?.ownership.runUrl,
    prompt: entry.prompt ?? undefined,
  };
}

const OUTCOMES: Readonly<
  Record<EndReport["outcome"] | KilledAgent["outcome"], CleanUpOutcome>
> = {
  // The ladder always looks what came of it.
  signalled: "survived",
  exited: "exited",
  killed: "killed",
  survived: "survived",
  recycled: "gone",
  denied: "refused",
  gone: "gone",
  rejected: "refused",
};

/** What became of an agent. */
export function makeRowOfEnd(
  context: Context,
  judged: JudgedEntry,
  end: Omit<EndReport, "outcome"> & Pick<KilledAgent, "outcome">,
): CleanUpRow {
  const left = end.members.filter(({ outcome }) => isLeft(outcome));
  const outcome = OUTCOMES[end.outcome];
  const spared = describeSpared(end.spared);
  const [first, ...others] = left;
  if (first === undefined || outcome === "refused") {
    return makeRow(context, judged, outcome, join(end.reason, spared));
  }
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const rest = `${first.pid} (${first.command})${more} of its tree survived`;
  const reason = join(join(end.reason, rest), spared);
  return makeRow(context, judged, "survived", reason);
}

/** More processes that were left alone are counted. */
const MAX_SPARED = 3;

/** What of a tree was left alone, and why; `undefined` if nothing was. */
export function describeSpared(
  spared: EndReport["spared"],
): string | undefined {
  if (spared.length === 0) return undefined;
  const shown = spared.slice(0, MAX_SPARED)
    .map(({ pid, command, reason }) => `${pid} (${command}: ${reason})`);
  const hidden = spared.length - shown.length;
  const more = hidden > 0 ? ` and ${hidden} more` : "";
  return `of its tree left alone: ${shown.join(", ")}${more}`;
}

/** Puts two reasons on the first line, which is all that a log shows. */
function join(
  reason: string | undefined,
  more: string | undefined,
): string | undefined {
  if (reason === undefined || more === undefined) return reason ?? more;
  const [first = "", ...lines] = reason.split("\n");
  return [`${first}; ${more}`, ...lines].join("\n");
}

/** One that was meant, and may not be signalled. */
export function makeRowOfMiss(
  context: Context,
  meant: readonly JudgedEntry[],
  { entry, error }: {
    readonly entry: ProcessEntry;
    readonly error: ZagPsError;
  },
): CleanUpRow {
  const judged = meant.find((one) => one.entry === entry) as JudgedEntry;
  return makeRow(context, judged, "refused", error.message);
}
