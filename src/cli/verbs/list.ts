import { list, type ListOptions } from "../../commands/list.ts";
import { say } from "../../model/escape.ts";
import { renderJsonList } from "../json_entry.ts";
import { renderTable } from "../render.ts";
import { shorten, usage } from "../usage_error.ts";
import type { Verb } from "../verb.ts";
import {
  FILTER_NOTE,
  FILTER_TABLE,
  readFilters,
  readUntracked,
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
  summary: "List processes, newest first (the default)",
  notes: [
    "-n is taken first: the other filters choose among the N newest entries.",
    FILTER_NOTE,
    "-a adds the agents that nobody recorded, by the handle pid:1234, with what the machine tells of each: role, age, processor time, memory (own, and of all below it), owner and marks. What belongs to an agent stands below it. See docs/recognition.md.",
  ],
  options: [
    {
      name: "include-untracked",
      short: "a",
      help: "Also the agents that nobody recorded",
    },
    { name: "untracked", help: "Those alone" },
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
      offers: { list: "provider" },
      help: "Only processes of this provider",
    },
    {
      name: "children",
      value: "ID",
      offers: { list: "id" },
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
        untracked: readUntracked(args),
        ...readFilters(args),
      },
    };
  },
  async perform({ options }, { context, screen, json, style }) {
    const rows = await list(context, options);
    const columns = screen.isTerminal() ? screen.columns() : undefined;
    if (json) screen.out(renderJsonList(rows));
    else if (options.untracked === undefined) {
      screen.out(renderTable(rows, style, columns));
    } else {
      const { renderAgents } = await import("../render_agents.ts");
      const now = context.system.now();
      screen.out(renderAgents(rows, { now, columns }));
    }
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
