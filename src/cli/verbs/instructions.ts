import { toSafeJson } from "../../model/escape.ts";
import type { Verb } from "../verb.ts";
import { readHandle } from "./notes.ts";
import { SELECTED_ID_NOTE } from "./selection_options.ts";

/** An `instructions` that was asked for. */
export interface InstructionsCommand {
  readonly verb: "instructions";
  readonly handle: string;
}

/** The verb `instructions`. */
export const INSTRUCTIONS: Verb<InstructionsCommand> = {
  name: "instructions",
  aliases: [],
  positionals: "ID",
  arity: [1, 1],
  offers: { list: "process" },
  summary: "Print how an agent ends itself with its result",
  notes: [
    SELECTED_ID_NOTE,
    "The text is made for the prompt of an agent: the command to call, and the hint, JSON or JSON Schema that its launch asks for.",
  ],
  options: [],
  read: (args) => ({
    verb: "instructions",
    handle: readHandle("instructions", args),
  }),
  async perform({ handle }, { context, screen, json }) {
    const { readInstructions } = await import("../../commands/instructions.ts");
    const { id, exit, text } = await readInstructions(context, handle);
    screen.out(json ? `${toSafeJson({ exit, id, text })}\n` : text);
  },
};
