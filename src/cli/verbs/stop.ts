import { EXIT_STATUS, ZagPsError } from "../../model/errors.ts";
import { toSafeJson } from "../../model/escape.ts";
import { usage } from "../usage_error.ts";
import type { Invocation, Verb } from "../verb.ts";
import {
  type Ending,
  ENDING_NOTES,
  ENDING_OPTIONS,
  isSelector,
  readEnding,
  readPlainEnding,
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

/** A `stop` that was asked for. */
export interface StopCommand {
  readonly verb: "stop";
  /** The only agent; empty if `ending` selects. */
  readonly handle: string;
  readonly unverified: boolean;
  /** More than one plain signal to one agent. */
  readonly ending?: Ending;
  /** What is done where the handle means several agents. */
  readonly several?: Ending;
}

/** The verb `stop`. */
export const STOP: Verb<StopCommand> = {
  name: "stop",
  aliases: [],
  positionals: "ID...",
  arity: [0, Infinity],
  offers: { list: "running" },
  summary: "Ask running processes to stop (SIGHUP)",
  notes: [
    SELECTED_ID_NOTE,
    FILTER_NOTE,
    "With --timeout the steps are SIGHUP, SIGTERM and SIGKILL.",
    ...ENDING_NOTES,
    IDENTITY_NOTE,
    WINDOWS_NOTE,
  ],
  tables: [FILTER_TABLE],
  options: [...ENDING_OPTIONS, UNVERIFIED],
  read(args) {
    const { given, flags } = args;
    const unverified = flags.has("unverified");
    const ending = readEnding(args, "stop");
    if (ending === undefined) {
      const handle = readHandle("stop", args);
      const several = readPlainEnding(args, handle);
      return { verb: "stop", handle, unverified, several };
    }
    if (given.length === 0 && !isSelector(ending.selection)) {
      throw usage('"stop" needs ID', "See zag-ps stop --help");
    }
    return { verb: "stop", handle: "", unverified, ending };
  },
  async perform(command, invocation) {
    const { ending, several } = command;
    if (ending !== undefined) return await endSeveral(ending, invocation);
    try {
      return await stopOne(command, invocation);
    } catch (error) {
      // Nothing was signalled. Of a session all living processes are meant; an
      // id that is not clear is refused there as well.
      const isAmbiguous = error instanceof ZagPsError &&
        error.kind === "ambiguous";
      if (!isAmbiguous || several === undefined) throw error;
      return await endSeveral(several, invocation);
    }
  },
};

async function endSeveral(
  ending: Ending,
  invocation: Invocation,
): Promise<number> {
  const { performEnding } = await import("./perform_ending.ts");
  const { stopAgents } = await import("../../commands/stop_agents.ts");
  const { context } = invocation;
  return await performEnding(ending, invocation, {
    verb: "Stop",
    first: "SIGHUP",
    act: (choice, end) => stopAgents(context, choice, end),
  });
}

async function stopOne(
  { handle, unverified }: StopCommand,
  { context, screen, json, progress, lineStyle }: Invocation,
): Promise<number> {
  const { stop } = await import("../../commands/stop.ts");
  const { entry, outcome, signal } = await stop(context, handle, {
    unverified,
    announce: (entry) =>
      progress(announce("stop", entry, context.system.platform, lineStyle)),
  });
  progress(conclude("Stop signal sent", outcome, lineStyle));
  if (!json) return EXIT_STATUS.done;
  const { id, pid } = entry;
  const report = { id, outcome, pid, result_recorded: false, signal };
  screen.out(`${toSafeJson(report)}\n`);
  return EXIT_STATUS.done;
}
