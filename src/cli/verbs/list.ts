import { list, type ListOptions } from "../../commands/list.ts";
import { say } from "../../model/escape.ts";
import { renderJsonList, renderTable } from "../render.ts";
import { shorten, usage } from "../usage_error.ts";
import type { Verb } from "../verb.ts";
import {
  FILTER_NOTE,
  FILTER_TABLE,
  readFilters,
  SELECTION_OPTIONS,
} from "./selection_options.ts";

/** A `list` that was asked for. */
export interface ListCommand {
  readonly verb: "list";
  readonly options: ListOptions;
}

/** The verb `list`. */
export const LIST: Verb<ListCommand> = {
  name: "list",
  aliases: ["ls"],
  positionals: "",
  arity: [0, 0],
  summary: "List recorded processes, newest first (the default)",
  notes: [
    "-n is taken first: the other filters choose among the N newest entries.",
    FILTER_NOTE,
  ],
  options: [
    { name: "running", help: "Only running processes" },
    {
      name: "limit",
      short: "n",
      value: "N",
      help: "Only the N newest, taken before the other filters",
    },
    {
      name: "provider",
      short: "p",
      value: "NAME",
      help: "Only processes of this provider",
    },
    {
      name: "children",
      value: "ID",
      help: 'Only what this process or session id, or "self", started',
    },
    ...SELECTION_OPTIONS,
  ],
  tables: [FILTER_TABLE],
  read(args) {
    const { flags, values } = args;
    return {
      verb: "list",
      options: {
        running: flags.has("running"),
        limit: readLimit(values.get("limit")),
        provider: values.get("provider"),
        children: values.get("children"),
        ...readFilters(args),
      },
    };
  },
  async perform({ options }, { context, screen, json, style }) {
    const rows = await list(context, options);
    const columns = screen.isTerminal() ? screen.columns() : undefined;
    screen.out(json ? renderJsonList(rows) : renderTable(rows, style, columns));
  },
};

function readLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw usage(
    say`Option "--limit" takes a whole number from 0 up, not "${
      shorten(text)
    }"`,
  );
}
