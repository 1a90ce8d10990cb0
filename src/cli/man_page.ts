/**
 * The man page, in the macros of man(7), which groff and mandoc know. Made
 * from the tables of the help.
 */

import { SUMMARY, VERSION } from "../model/version.ts";
import { GLOBAL_OPTIONS, VERBS } from "./spec.ts";
import { EXIT_STATUS_ROWS } from "./usage.ts";
import type { HelpTable, OptionSpec, VerbSpec } from "./verb.ts";
import { FILTER_TABLE } from "./verbs/selection_options.ts";

const DESCRIPTION =
  "zag records each agent that it starts in a file. zag-ps reads the same files on the same machine, says which agents are really there, and ends the one that is meant. It sees agents that were started without zag, too. A process is signalled only if it is the one that was recorded or seen. Without a command it lists.";

/** Command lines, and what each does. */
const EXAMPLES: readonly (readonly [line: string, what: string])[] = [
  ["zag-ps", "Lists the recorded processes, newest first."],
  ["zag-ps list --running -p claude", "What is running of one provider."],
  [
    "zag-ps stop -f 'age>1d' -t 10s --tree --dry-run",
    "What would be stopped, with all that belongs to it.",
  ],
  [
    "zag-ps kill self 'All tests pass'",
    "An agent ends itself, with its result.",
  ],
  [
    "zag-ps reap --older-than 12h --apply",
    "Ends what was started more than half a day ago.",
  ],
  [
    "zag-ps run --name review -- claude",
    "Starts a command as an agent that zag knows, too.",
  ],
];

const VARIABLES: readonly (readonly [name: string, what: string])[] = [
  ["ZAG_HOME", "The zag home, unless --zag-home names it."],
  [
    "ZAG_PROCESS_ID",
    "The id that self means. zag and zag-ps set it for the agents that they start.",
  ],
  ["ZAG_SESSION_ID", "Likewise, the session that session=self means."],
  ["NO_COLOR", "If it is not empty, --color auto means no colours."],
];

const FILES: readonly (readonly [path: string, what: string])[] = [
  ["~/.zag/processes.json", "The store: the recorded processes."],
  [
    "~/.zag/sessions.json, ~/.zag/projects/*/sessions.json",
    "The sessions, with what is asked of their results.",
  ],
  [
    "~/.zag/projects/*/logs/sessions/*.jsonl",
    "The logs of the sessions, which the results are added to.",
  ],
];

/**
 * The man page zag-ps(1).
 *
 * @param date when this version was released, as YYYY-MM-DD
 */
export function renderManPage({ date }: { readonly date: string }): string {
  const lines = [
    `.TH ZAG\\-PS 1 "${date}" "zag\\-ps ${escape(VERSION)}"`,
    ".SH NAME",
    `zag\\-ps \\- ${escape(SUMMARY.replace("See", "see"))}`,
    ".SH SYNOPSIS",
    ".B zag\\-ps",
    ".RI [ OPTIONS ]",
    ".RI [ COMMAND ]",
    ".RI [ ARGUMENTS ]",
    ".SH DESCRIPTION",
    text(DESCRIPTION),
    ".SH COMMANDS",
    ...VERBS.flatMap(renderVerb),
    ".SH OPTIONS",
    "Every command takes these, before or after it.",
    ...GLOBAL_OPTIONS.flatMap(renderOption),
    ".SH FILTERS",
    ...renderTable(FILTER_TABLE),
    ".SH EXIT STATUS",
    ...EXIT_STATUS_ROWS.flatMap(([status, what]) => renderItem(status, what)),
    ".SH ENVIRONMENT",
    ...VARIABLES.flatMap(([name, what]) => renderItem(name, what)),
    ".SH FILES",
    ...FILES.flatMap(([path, what]) => renderItem(path, what)),
    ".SH EXAMPLES",
    ...EXAMPLES.flatMap(([line, what]) => renderItem(line, what)),
    ".SH SEE ALSO",
    ".BR kill (1),",
    ".BR ps (1),",
    ".BR signal (7)",
  ];
  return `${lines.join("\n")}\n`;
}

function renderVerb(verb: VerbSpec): string[] {
  const { name, aliases, positionals, summary, notes, options } = verb;
  const line = `${name}${positionals && ` ${positionals}`}`;
  return [
    `.SS "${escape(line)}"`,
    text(`${summary}.`),
    ...(aliases.length > 0 ? [text(`Alias: ${aliases.join(", ")}.`)] : []),
    ...notes.flatMap((note) => [".PP", text(note)]),
    ...options.flatMap(renderOption),
  ];
}

function renderOption({ name, short, value, help }: OptionSpec): string[] {
  const names = [...(short ? [`-${short}`] : []), `--${name}`]
    .map((word) => `\\fB${escape(word)}\\fR`).join(", ");
  const takes = value ? ` \\fI${escape(value)}\\fR` : "";
  return [".TP", names + takes, text(help)];
}

function renderTable({ rows }: HelpTable): string[] {
  return rows.flatMap(([left, right]) => renderItem(left, right));
}

function renderItem(name: string, what: string): string[] {
  return [".TP", `\\fB${escape(name)}\\fR`, text(what)];
}

/**
 * Text in lines that are not long, each sentence on one of its own. A line
 * that begins like a request is kept from being one.
 */
function text(words: string): string {
  return words.split(/(?<=[.;:]) /).flatMap((part) => wrap(escape(part)))
    .map((line) => line.replace(/^\./, "\\&."))
    .join("\n");
}

function wrap(line: string): string[] {
  return line.match(/\S.{0,76}\S(?= |$)|\S+/g) ?? [];
}

/** Characters that roff, or a macro's quotes, would take for their own. */
function escape(line: string): string {
  return line
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll('"', "\\(dq")
    .replaceAll("'", "\\(aq")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replaceAll("`", "\\(ga");
}
