import { toSafeJson } from "../../model/escape.ts";
import type { Verb } from "../verb.ts";
import { readHandle } from "./notes.ts";
import { SELECTED_ID_NOTE } from "./selection_options.ts";

/** An `output` that was asked for. */
export interface OutputCommand {
  readonly verb: "output";
  readonly handle: string;
  readonly lastMessage: boolean;
}

/** The verb `output`. */
export const OUTPUT: Verb<OutputCommand> = {
  name: "output",
  aliases: [],
  positionals: "ID",
  arity: [1, 1],
  offers: { list: "process" },
  summary: "Print the last recorded result of a process, as it is",
  notes: [
    SELECTED_ID_NOTE,
    "What was recorded before the process was started does not count: it is of an earlier process of its session.",
    "The text comes as it was recorded, with no newline added and nothing escaped. Without one the exit status is 3.",
  ],
  options: [
    {
      name: "last-message",
      help: "The last message of the agent in place of its result",
    },
  ],
  read: (args) => ({
    verb: "output",
    handle: readHandle("output", args),
    lastMessage: args.flags.has("last-message"),
  }),
  async perform({ handle, lastMessage }, { context, screen, json }) {
    const { readOutput } = await import("../../commands/output.ts");
    const { entry, log, text, recordedAt } = await readOutput(
      context,
      handle,
      { lastMessage },
    );
    const report = {
      id: entry.id,
      log_path: log,
      recorded_at: recordedAt,
      session_id: entry.session_id ?? null,
      text,
    };
    screen.out(json ? `${toSafeJson(report)}\n` : text);
  },
};
