import type { Verb } from "../verb.ts";
import { ID_NOTE, readHandle } from "./notes.ts";

/** An `explain` that was asked for. */
export interface ExplainCommand {
  readonly verb: "explain";
  readonly handle: string;
}

/** The verb `explain`. */
export const EXPLAIN: Verb<ExplainCommand> = {
  name: "explain",
  aliases: [],
  positionals: "ID|PID",
  arity: [1, 1],
  offers: { list: "agent" },
  summary: "Tell why a process is, or is not, the one that was recorded",
  notes: [
    ID_NOTE,
    "With a PID every entry that names it is explained. Nothing is changed or signalled.",
  ],
  options: [],
  read: (args) => ({ verb: "explain", handle: readHandle("explain", args) }),
  async perform({ handle }, { context, screen, json }) {
    const { explain } = await import("../../commands/explain.ts");
    const { renderExplanation, renderJsonExplanation } = await import(
      "../render_explanation.ts"
    );
    const explanation = await explain(context, handle);
    screen.out(
      json
        ? renderJsonExplanation(explanation)
        : renderExplanation(explanation),
    );
  },
};
