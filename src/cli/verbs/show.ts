import type { Verb } from "../verb.ts";
import { readSelection, SELECTED_ID_NOTE } from "./selection_options.ts";

/** A `show` that was asked for. */
export interface ShowCommand {
  readonly verb: "show";
  readonly handles: readonly string[];
}

/** The verb `show`. */
export const SHOW: Verb<ShowCommand> = {
  name: "show",
  aliases: ["inspect"],
  positionals: "ID...",
  arity: [1, Infinity],
  offers: { list: "agent" },
  summary: "Show processes in full",
  notes: [
    SELECTED_ID_NOTE,
    "With several IDs --json prints an array.",
  ],
  options: [],
  read: (args) => ({
    verb: "show",
    handles: readSelection(args, "show").handles,
  }),
  async perform({ handles }, { context, screen, json }) {
    const { showSelected } = await import("../../commands/show.ts");
    const { renderDetails, renderJsonEntry, renderJsonShown } = await import(
      "../render_details.ts"
    );
    const shown = await showSelected(context, handles);
    const [only] = shown;
    const single = handles.length === 1 && shown.length === 1 && only;
    if (!json) screen.out(shown.map(renderDetails).join("\n"));
    else screen.out(single ? renderJsonEntry(only) : renderJsonShown(shown));
  },
};
