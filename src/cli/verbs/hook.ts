import { MAX_AGENTS } from "../../model/max_agents.ts";
import type { HookOptions } from "../../commands/hook.ts";
import { formatDuration, parseDuration } from "../../model/duration.ts";
import { EXIT_STATUS } from "../../model/errors.ts";
import { say } from "../../model/escape.ts";
import { HOOK_DEADLINE_MS, HOOK_EVENTS } from "../../model/hook_events.ts";
import { shorten, usage } from "../usage_error.ts";
import type { Verb } from "../verb.ts";
import { readMax } from "./ending_options.ts";
import {
  FILTER,
  FILTER_TABLE,
  TERMS_NOTE,
  WAITS,
} from "./selection_options.ts";

/** A `hook` that was asked for. */
export interface HookCommand {
  readonly verb: "hook";
  readonly options: HookOptions;
}

/** The verb `hook`. */
export const HOOK: Verb<HookCommand> = {
  name: "hook",
  aliases: [],
  positionals: "EVENT",
  arity: [1, 1],
  offers: HOOK_EVENTS,
  summary: "Clean up before or after each job of a GitHub runner",
  notes: [
    "EVENT is job-started or job-completed: it is for the scripts that ACTIONS_RUNNER_HOOK_JOB_STARTED and ACTIONS_RUNNER_HOOK_JOB_COMPLETED of a self-hosted runner name. job-started reaps what earlier jobs of this runner have left, job-completed also what this job has started. Agents of other runners, other users and persons are left alone.",
    "It never fails a job: the exit status is 0 whatever happens. After --deadline no further step is taken; what a disk still holds up 3 seconds later is ended by SIGKILL.",
    "What it did is printed, and added to the summary of the job where there is one.",
    TERMS_NOTE,
  ],
  tables: [FILTER_TABLE],
  options: [
    FILTER,
    {
      name: "deadline",
      value: "DURATION",
      offers: WAITS,
      help: `How long it may take (${formatDuration(HOOK_DEADLINE_MS)})`,
    },
    {
      name: "include-detached",
      help: "Also what a job has detached by emptying RUNNER_TRACKING_ID",
    },
    {
      name: "dry-run",
      help: "Show what would be ended, and signal nothing",
    },
    {
      name: "max",
      value: "N",
      help: `Refuse to end more than N agents at once (${MAX_AGENTS})`,
    },
  ],
  neverFails: true,
  read({ given: [word = ""], flags, values, lists }) {
    const event = HOOK_EVENTS.find((event) => event === word);
    if (event === undefined) {
      throw usage(
        say`"hook" takes ${HOOK_EVENTS.join(" or ")}, not "${shorten(word)}"`,
      );
    }
    const deadline = values.get("deadline");
    return {
      verb: "hook",
      options: {
        event,
        deadlineMs: deadline === undefined
          ? HOOK_DEADLINE_MS
          : parseDuration(deadline),
        filters: lists.get("filter") ?? [],
        includeDetached: flags.has("include-detached"),
        dryRun: flags.has("dry-run"),
        max: readMax(values.get("max")) ?? MAX_AGENTS,
      },
    };
  },
  async perform({ options }, invocation) {
    const { performHook } = await import("./perform_hook.ts");
    await performHook(options, invocation);
    return EXIT_STATUS.done;
  },
};
