import type { ResultSource } from "../../commands/steps/read_result.ts";
import { EXIT_STATUS } from "../../model/errors.ts";
import { toSafeJson } from "../../model/escape.ts";
import { quoteForShell } from "../shell.ts";
import { usage } from "../usage_error.ts";
import type { Arguments, Verb } from "../verb.ts";
import {
  type Ending,
  ENDING_NOTES,
  ENDING_OPTIONS,
  isSelector,
  readEnding,
} from "./ending_options.ts";
import {
  IDENTITY_NOTE,
  readHandle,
  UNVERIFIED,
  WINDOWS_NOTE,
} from "./notes.ts";
import {
  FILTER_NOTE,
  FILTER_TABLE,
  SELECTED_ID_NOTE,
} from "./selection_options.ts";
import { announce, conclude } from "./signal_lines.ts";

/** A `kill` that was asked for. */
export interface KillCommand {
  readonly verb: "kill";
  /** The only agent; empty if `ending` selects. */
  readonly handle: string;
  readonly result: ResultSource | undefined;
  /** The result was typed before any `--`: it may be a second id. */
  readonly mayBeId: boolean;
  readonly skipValidation: boolean;
  readonly unverified: boolean;
  /** More than one plain signal to one agent. */
  readonly ending?: Ending;
}

/** The verb `kill`. */
export const KILL: Verb<KillCommand> = {
  name: "kill",
  aliases: [],
  positionals: "ID [RESULT]",
  arity: [0, 2],
  offers: { list: "running" },
  summary: "End a running process (SIGTERM), with its final result",
  notes: [
    SELECTED_ID_NOTE,
    FILTER_NOTE,
    "RESULT is checked against what the launch asked for (a hint, JSON, a JSON Schema) and written to the session log before anything is signalled. A result that begins with a dash goes after --.",
    "With --timeout the steps are SIGTERM and SIGKILL; the entry of what survives is put back. With -f, --older-than or --all in place of ID there is no result, and an agent whose launch asks for one is left alone.",
    ...ENDING_NOTES,
    IDENTITY_NOTE,
    WINDOWS_NOTE,
  ],
  tables: [FILTER_TABLE],
  options: [
    {
      name: "file",
      value: "PATH",
      offers: "files",
      help: 'Read the result from a file, "-" is standard input',
    },
    {
      name: "skip-validation",
      help:
        "Go on where the constraints cannot be read or evaluated; never past a rejection",
    },
    ...ENDING_OPTIONS,
    UNVERIFIED,
  ],
  read(args) {
    const { given, typed, flags, values } = args;
    const ending = readKillEnding(args);
    const isSelected = ending !== undefined && given.length === 0;
    return {
      verb: "kill",
      handle: isSelected ? "" : readHandle("kill", args),
      result: readSource(given[1], values.get("file")),
      mayBeId: typed > 1,
      skipValidation: flags.has("skip-validation"),
      unverified: flags.has("unverified"),
      ...(ending === undefined ? {} : { ending }),
    };
  },
  async perform(
    { handle, result, mayBeId, skipValidation, unverified, ending },
    invocation,
  ) {
    const { kill } = await import("../../commands/kill.ts");
    const { performEnding } = await import("./perform_ending.ts");
    const { killAgents, previewKill } = await import(
      "../../commands/kill_agents.ts"
    );
    const { refuseSecondId } = await import(
      "../../commands/steps/refuse_second_id.ts"
    );
    const { context, screen, json, zagHome, progress, lineStyle } = invocation;
    if (mayBeId && result !== undefined && "text" in result) {
      refuseSecondId(context, result.text);
    }
    const home = zagHome === undefined
      ? ""
      : ` --zag-home ${quoteForShell(zagHome)}`;
    const retry = (id: string) =>
      `zag-ps${home} kill ${quoteForShell(handle || id)}`;
    if (ending !== undefined) {
      const how = { result, skipValidation, retry };
      return await performEnding(ending, invocation, {
        verb: "Kill",
        first: "SIGTERM",
        preview: (context, agents, end) =>
          previewKill(context, agents, { ...end, ...how }),
        act: (choice, end) => killAgents(context, choice, { ...end, ...how }),
      });
    }
    const report = await kill(context, handle, {
      result,
      skipValidation,
      unverified,
      retry: retry(handle),
      announce: (entry) =>
        progress(announce("kill", entry, context.system.platform, lineStyle)),
    });
    progress(conclude("Process killed", report.outcome, lineStyle));
    if (!json) return EXIT_STATUS.done;
    const { entry: { id, pid }, log, outcome, resultRecorded, signal } = report;
    screen.out(`${
      toSafeJson({
        id,
        log_path: log,
        outcome,
        pid,
        result_recorded: resultRecorded,
        signal,
      })
    }\n`);
    return EXIT_STATUS.done;
  },
};

/** What is asked for beyond the contract, which has an ID and a result. */
function readKillEnding(args: Arguments): Ending | undefined {
  const { given, values } = args;
  const ending = readEnding({ ...args, given: given.slice(0, 1) }, "kill");
  if (ending !== undefined && isSelector(ending.selection)) {
    if (given.length === 0 && !values.has("file")) return ending;
    throw usage(
      "A selector takes the place of an ID, and no result can be given with it",
      "Kill the agents that need a result one by one, by their ids",
    );
  }
  if (given.length > 0) return ending;
  throw usage('"kill" needs ID [RESULT]', "See zag-ps kill --help");
}

function readSource(
  text: string | undefined,
  file: string | undefined,
): ResultSource | undefined {
  if (text !== undefined && file !== undefined) {
    throw usage(
      'A RESULT and "--file" exclude each other',
      "Give the result once",
    );
  }
  if (text !== undefined) return { text };
  if (file === undefined) return undefined;
  return file === "-" ? { stdin: true } : { file };
}
