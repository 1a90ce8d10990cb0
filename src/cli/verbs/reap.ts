import { REAP_REASON, REAP_TIMEOUT_MS } from "../../model/reap_defaults.ts";
import type { ReapOptions } from "../../commands/reap.ts";
import { formatDuration, parseDuration } from "../../model/duration.ts";
import type { OptionSpec, Verb } from "../verb.ts";
import { ENDING_OPTIONS, readMax } from "./ending_options.ts";
import { APPLY, IDENTITY_NOTE, UNVERIFIED, WINDOWS_NOTE } from "./notes.ts";
import {
  FILTER_NOTE,
  FILTER_TABLE,
  readSelection,
  SELECTED_ID_NOTE,
  SELECTION_OPTIONS,
  UNTRACKED_NOTE,
  UNTRACKED_OPTIONS,
  WAITS,
} from "./selection_options.ts";

/** A `reap` that was asked for. */
export interface ReapCommand {
  readonly verb: "reap";
  readonly options: ReapOptions;
}

/** Those that stop and kill have, too, with the same meaning. */
const SHARED: readonly OptionSpec[] = ENDING_OPTIONS.filter(({ name }) =>
  name === "tree" || name === "max"
);

/** The verb `reap`. */
export const REAP: Verb<ReapCommand> = {
  name: "reap",
  aliases: [],
  positionals: "[ID...]",
  arity: [0, Infinity],
  offers: { list: "running" },
  summary: "End stale agents (a dry run without --apply)",
  notes: [
    "At least one of --older-than, --finished and --filter says what is stale; without a filter on the status it is among what runs. Without --apply nothing is changed or signalled: the table shows what would be, why, how old it is, and on what evidence. Nothing that is stale is no failure.",
    SELECTED_ID_NOTE,
    FILTER_NOTE,
    "An agent is cancelled rather than completed: unless a result or an end is recorded, its session log says that it was cancelled. So agents of which a result is asked are not exempt; the evidence says so. Then the entry is marked killed, and the steps are SIGTERM and SIGKILL. What survives has its entry put back.",
    UNTRACKED_NOTE,
    "The agent that zag-ps runs in has to be named.",
    IDENTITY_NOTE,
    WINDOWS_NOTE,
  ],
  tables: [FILTER_TABLE],
  options: [
    ...SELECTION_OPTIONS,
    ...UNTRACKED_OPTIONS,
    {
      name: "finished",
      help:
        "Only agents that have recorded a result or an end, and live on: finished=true",
    },
    APPLY,
    {
      name: "yes",
      short: "y",
      help: "Taken beside --apply, which is the confirmation",
    },
    {
      name: "reason",
      value: "TEXT",
      help: `Why, for the session logs ("${REAP_REASON}")`,
    },
    {
      name: "timeout",
      short: "t",
      value: "DURATION",
      offers: WAITS,
      help: `How long each step may take (${formatDuration(REAP_TIMEOUT_MS)})`,
    },
    ...SHARED,
    UNVERIFIED,
  ],
  read(args) {
    const { flags, values } = args;
    const selection = readSelection(args, "reap");
    const timeout = values.get("timeout");
    return {
      verb: "reap",
      options: {
        ...selection,
        finished: flags.has("finished"),
        unverified: flags.has("unverified"),
        apply: flags.has("apply"),
        reason: values.get("reason"),
        timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
        tree: flags.has("tree"),
        max: readMax(values.get("max")),
      },
    };
  },
  async perform({ options }, invocation) {
    const { reap } = await import("../../commands/reap.ts");
    const { watchSteps } = await import("./ending_lines.ts");
    const { renderJsonReap, renderReap, statusOfReap } = await import(
      "./reap_lines.ts"
    );
    const { context, screen, json, lineStyle } = invocation;
    const { watch, done } = await watchSteps(invocation);
    const report = await reap(context, { ...options, ...watch }).finally(done);
    const columns = screen.isTerminal() ? screen.columns() : undefined;
    if (json) screen.out(renderJsonReap(report));
    else screen.out(renderReap(report, lineStyle, columns));
    return statusOfReap(report);
  },
};
