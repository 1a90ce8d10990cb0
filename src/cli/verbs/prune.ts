import type { PruneOptions, PruneReport } from "../../commands/prune.ts";
import { parseDuration } from "../../model/duration.ts";
import { say, toSafeJson } from "../../model/escape.ts";
import { count, formatAge, renderPlanTable } from "../../model/plan_table.ts";
import { shorten, usage } from "../usage_error.ts";
import type { Verb } from "../verb.ts";
import { APPLY } from "./notes.ts";
import {
  AGES,
  FILTER,
  FILTER_TABLE,
  readSelection,
  SELECTED_ID_NOTE,
  TERMS_NOTE,
} from "./selection_options.ts";

/** A `prune` that was asked for. */
export interface PruneCommand {
  readonly verb: "prune";
  readonly options: PruneOptions;
}

/** The verb `prune`. */
export const PRUNE: Verb<PruneCommand> = {
  name: "prune",
  aliases: [],
  positionals: "[ID...]",
  arity: [0, Infinity],
  offers: { list: "process" },
  summary: "Remove ended processes from the store (a dry run without --apply)",
  notes: [
    "Without --apply nothing is changed: the table shows what would be. Only entries that ended longer ago than --older-than go; one whose end has no date stays. IDs and filters narrow that further.",
    SELECTED_ID_NOTE,
    TERMS_NOTE,
    "An entry whose process lives, or may live, is never touched, nor one that shares a session with it. Sessions and logs stay.",
    "--dead marks entries, it does not remove them: the age of one counts from its start or the last line of its session log, and from the mark on it is an ended one. Before that age zag may come back: it waits hours for a usage limit to pass.",
  ],
  options: [
    FILTER,
    {
      name: "older-than",
      value: "DURATION",
      offers: AGES,
      help: "Only what ended longer ago (7d unless given), such as 12h or 30d",
    },
    {
      name: "dead",
      help:
        "Also mark as killed what is stored as running and whose process is gone",
    },
    {
      name: "keep-last",
      value: "N",
      help: "Keep the N newest of the ended entries, whatever their age",
    },
    APPLY,
  ],
  tables: [FILTER_TABLE],
  read(args) {
    const { handles, filters, olderThan } = readSelection(args, "prune");
    return {
      verb: "prune",
      options: {
        handles,
        filters,
        olderThanMs: olderThan === undefined
          ? undefined
          : parseDuration(olderThan),
        dead: args.flags.has("dead"),
        keepLast: readCount(args.values.get("keep-last")),
        apply: args.flags.has("apply"),
      },
    };
  },
  async perform({ options }, { context, screen, json, lineStyle }) {
    const { prune } = await import("../../commands/prune.ts");
    const report = await prune(context, options);
    if (json) {
      screen.out(renderJson(report));
      return;
    }
    const columns = screen.isTerminal() ? screen.columns() : undefined;
    screen.out(
      report.plan.length === 0
        ? "Nothing to prune.\n"
        : renderPlan(report, columns) + conclude(report, lineStyle.good("✓")),
    );
  },
};

function readCount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw usage(
    say`Option "--keep-last" takes a whole number from 0 up, not "${
      shorten(text)
    }"`,
  );
}

function renderPlan(
  { plan }: PruneReport,
  columns: number | undefined,
): string {
  return renderPlanTable(
    ["ACTION", "ID", "PROVIDER", "AGE", "WHY"],
    plan.map(({ action, judged: { entry }, ageMs, reason }) => [
      action,
      entry.id,
      entry.provider,
      formatAge(ageMs),
      reason,
    ]),
    columns,
  );
}

function conclude(
  { plan, applied, removed, marked }: PruneReport,
  done: string,
): string {
  const planned = (action: string) =>
    plan.filter((step) => step.action === action).length;
  const [gone, dead] = applied
    ? [removed, marked]
    : [planned("remove"), planned("mark-killed")];
  const entries = count(gone, "entry", "entries");
  return applied
    ? `${done} ${entries} removed, ${dead} marked killed\n`
    : `${entries} would be removed, ${dead} marked killed; nothing was changed, add --apply\n`;
}

function renderJson({ plan, applied, removed, marked }: PruneReport): string {
  return `${
    toSafeJson({
      applied,
      marked,
      plan: plan.map(({ action, ageMs, judged: { entry }, reason }) => ({
        action,
        age_ms: ageMs,
        exited_at: entry.exited_at ?? null,
        id: entry.id,
        pid: entry.pid,
        provider: entry.provider,
        reason,
        started_at: entry.started_at,
        status: entry.status,
      })),
      removed,
    })
  }\n`;
}
