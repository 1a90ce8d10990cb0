/** How verbs take a selection of entries: shared options, texts and readers. */

import {
  type Filters,
  parseTerms,
} from "../../commands/steps/filter_entries.ts";
import type { Selection } from "../../commands/steps/select.ts";
import { FILTER_KEYS } from "../../model/filter_keys.ts";
import { usage } from "../usage_error.ts";
import type { Arguments, HelpTable, OptionSpec } from "../verb.ts";

/** `-f/--filter`, several times. */
export const FILTER: OptionSpec = {
  name: "filter",
  short: "f",
  value: "KEY=VALUE",
  help: "Only entries of which this holds; can be given several times",
  repeatable: true,
};

/** `--older-than`. */
export const OLDER_THAN: OptionSpec = {
  name: "older-than",
  value: "DURATION",
  help: "Only entries started longer ago, such as 90s, 2h or 1d12h",
};

/** Every option of a selection. */
export const SELECTION_OPTIONS: readonly OptionSpec[] = [FILTER, OLDER_THAN];

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
  'ID is a process id as list shows it, a unique prefix of at least 4 characters, "self" (ZAG_PROCESS_ID), or the id or the name of a session: its living processes.';

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
  return { handles: given, filters, olderThan, all: flags.has("all") };
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
