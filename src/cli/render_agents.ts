import type { JudgedEntry } from "../commands/steps/judge.ts";
import { parseMilliseconds } from "../model/instant.ts";
import { formatMemory, formatOwner } from "./format_agent.ts";
import { formatAge, renderPlanTable } from "../model/plan_table.ts";

/** How the table is printed. */
export interface AgentTableOptions {
  /** The present, milliseconds since 1970. */
  readonly now: number;
  /** The width to cut lines to, on a terminal. */
  readonly columns: number | undefined;
}

const HEADER = [
  "ID",
  "PID",
  "STATUS",
  "PROVIDER",
  "ROLE",
  "AGE",
  "CPU",
  "MEM",
  "TREE",
  "USER",
  "MARKS",
  "FOLDER",
];

/** The beginning of an id that is shown on a terminal; it is a handle, too. */
const SHORT_ID = 8;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The table of `list -a`: recorded entries and what nobody recorded. What is
 * a part of an agent stands below it.
 */
export function renderAgents(
  rows: readonly JudgedEntry[],
  { now, columns }: AgentTableOptions,
): string {
  if (rows.length === 0) return "No processes found.\n";
  return renderPlanTable(
    HEADER,
    placeParts(rows).map(({ row, depth }) =>
      describeRow(row, depth, now, columns !== undefined)
    ),
    columns,
  );
}

interface Placed {
  readonly row: JudgedEntry;
  readonly depth: number;
}

/** Puts each part below the agent that it belongs to, if that is shown. */
function placeParts(rows: readonly JudgedEntry[]): Placed[] {
  const shown = new Set(rows.map(({ agent }) => agent?.facts.pid));
  const parts = new Map<number, JudgedEntry[]>();
  const tops: JudgedEntry[] = [];
  for (const row of rows) {
    const owner = row.agent?.partOf;
    if (owner === undefined || !shown.has(owner)) tops.push(row);
    else parts.set(owner, [...parts.get(owner) ?? [], row]);
  }
  const placed: Placed[] = [];
  const place = (row: JudgedEntry, depth: number) => {
    placed.push({ row, depth });
    const pid = row.agent?.facts.pid;
    const below = pid === undefined ? undefined : parts.get(pid);
    if (pid === undefined || below === undefined) return;
    // Two entries may record one process: its parts are shown once.
    parts.delete(pid);
    for (const part of below) place(part, depth + 1);
  };
  for (const row of tops) place(row, 0);
  return placed;
}

function describeRow(
  { entry, verdict, agent, finished }: JudgedEntry,
  depth: number,
  now: number,
  short: boolean,
): string[] {
  const started = parseMilliseconds(entry.started_at);
  const { facts } = agent ?? {};
  const id = short && UUID.test(entry.id)
    ? entry.id.slice(0, SHORT_ID)
    : entry.id;
  return [
    depth === 0 ? id : `${"  ".repeat(depth - 1)}└ ${id}`,
    String(entry.pid),
    verdict.liveStatus,
    entry.provider,
    agent?.recognition.role ?? "",
    started === undefined ? "" : formatAge(now - started),
    describeLoad(facts?.cpuMs, facts?.startedAt, now),
    formatMemory(facts?.memoryBytes),
    formatMemory(agent?.treeMemoryBytes),
    facts === undefined ? "" : formatOwner(facts),
    listMarks(agent, finished).join(","),
    facts?.folder ?? entry.root ?? "",
  ];
}

/** What a person should know of an agent at a glance. */
function listMarks(
  agent: JudgedEntry["agent"],
  finished: boolean | undefined,
): string[] {
  const marks: string[] = [];
  if (agent?.orphan !== undefined) marks.push("orphan");
  if (finished === true) marks.push("finished");
  if (agent?.supervision !== undefined) marks.push(agent.supervision.kind);
  const ownership = agent?.ownership.kind;
  if (ownership !== undefined && !EXPECTED.includes(ownership)) {
    marks.push(ownership);
  }
  return marks;
}

/** On most machines every agent is a person's. */
const EXPECTED: readonly string[] = ["person", "unknown"];

/** The share of one processor since its start, as `ps` has it. */
function describeLoad(
  cpuMs: number | undefined,
  startedAt: number | undefined,
  now: number,
): string {
  if (cpuMs === undefined || startedAt === undefined) return "";
  const share = cpuMs * 100 / Math.max(now - startedAt, 1);
  return `${share.toFixed(1)}%`;
}
