/** How verbs take a selection of entries: shared options, texts and readers. */

import {
  type Filters,
  parseTerms,
} from "../../commands/steps/filter_entries.ts";
import type { Selection } from "../../commands/steps/select.ts";
import type { Untracked } from "../../commands/steps/untracked_option.ts";
import { FILTER_KEYS } from "../../model/filter_keys.ts";
import { usage } from "../usage_error.ts";
import type { Arguments, HelpTable, OptionSpec } from "../verb.ts";

/** `-f/--filter`, several times. */
export const FILTER: OptionSpec = {
  name: "filter",
  short: "f",
  value: "KEY=VALUE",
  offers: "filters",
  help: "Only entries of which this holds; can be given several times",
  repeatable: true,
};

/** Ages that a completion offers. */
export const AGES: readonly string[] = ["10m", "1h", "12h", "1d", "7d"];

/** Times to wait that a completion offers. */
export const WAITS: readonly string[] = ["5s", "10s", "30s", "1m", "10m"];

/** `--older-than`. */
export const OLDER_THAN: OptionSpec = {
  name: "older-than",
  value: "DURATION",
  offers: AGES,
  help: "Only entries started longer ago, such as 90s, 2h or 1d12h",
};

/** Every option of a selection. */
export const SELECTION_OPTIONS: readonly OptionSpec[] = [FILTER, OLDER_THAN];

/** `--include-untracked` and `--untracked`, where filters choose. */
export const UNTRACKED_OPTIONS: readonly OptionSpec[] = [
  {
    name: "include-untracked",
    help: "Filters choose among agents that nobody recorded, too",
  },
  { name: "untracked", help: "Filters choose among those alone" },
];

/** What filters choose of agents that nobody recorded. */
export const UNTRACKED_NOTE =
  "An agent that nobody recorded is pid:1234. Filters choose one only with --include-untracked or --untracked, and then neither what belongs to a living agent nor servers and supervisors, unless a filter asks for their role.";

/**
 * Whether agents that nobody recorded are asked for.
 *
 * @throws {ZagPsError} `usage`
 */
export function readUntracked({ flags }: Arguments): Untracked | undefined {
  const only = flags.has("untracked");
  if (only && flags.has("include-untracked")) {
    throw usage(
      'The options "--untracked" and "--include-untracked" exclude each other',
      "--untracked leaves the recorded ones out",
    );
  }
  return only ? "only" : flags.has("include-untracked") ? "include" : undefined;
}

/** The keys of filters, for the help. */
export const FILTER_TABLE: HelpTable = {
  title: "Filter keys",
  rows: FILTER_KEYS.map(({ key, kind, help, values }) => [
    kind === "duration" ? `${key}<, ${key}>` : key,
    values === undefined ? help : `${help}: ${values.join(", ")}`,
  ]),
};

/** How filters go together. */
export const TERMS_NOTE =
  "A filter is KEY=VALUE or KEY!=VALUE; with a duration KEY<VALUE or KEY>VALUE, in quotes for the shell. = of the same key are alternatives, all else has to hold together. What is not known matches no filter, != neither.";

/** Likewise, where --older-than is the age. */
export const FILTER_NOTE = `${TERMS_NOTE} --older-than 2h is age>2h.`;

/** How ids are given where several are taken. */
export const SELECTED_ID_NOTE =
  'ID is a process id as list shows it, a unique prefix of at least 4 characters, "self" (ZAG_PROCESS_ID), the id or the name of a session: its living processes; or pid:1234, an agent by its pid, recorded or not.';

/**
 * The ids and filters that were given.
 *
 * @param verb who asks, for the message
 * @throws {ZagPsError} `usage` for an id that is empty, and for a filter that
 * cannot be read
 */
export function readSelection(
  args: Arguments,
  verb = "zag-ps",
): Selection {
  const { given, flags } = args;
  if (given.includes("")) {
    throw usage(`"${verb}" needs an ID that is not empty`);
  }
  const { filters = [], olderThan } = readFilters(args);
  const untracked = readUntracked(args);
  if (
    untracked !== undefined && filters.length === 0 && olderThan === undefined
  ) {
    throw usage(
      `Option "--${
        untracked === "only" ? "" : "include-"
      }untracked" goes with a filter`,
      "For example -f role=agent; a single one is named by its pid, as pid:1234",
    );
  }
  return {
    handles: given,
    filters,
    olderThan,
    all: flags.has("all"),
    untracked,
  };
}

/**
 * The filters that were given.
 *
 * @throws {ZagPsError} `usage` for one that cannot be read
 */
export function readFilters({ values, lists }: Arguments): Filters {
  const filters = lists.get("filter") ?? [];
  const olderThan = values.get("older-than");
  parseTerms({ filters, olderThan });
  return { filters, olderThan };
}
