import { SUMMARY } from "../model/version.ts";
import { GLOBAL_OPTIONS, VERBS } from "./spec.ts";
import type { OptionSpec, VerbSpec } from "./verb.ts";

const INDENT = "  ";
const WIDTH = 78;

/** The exit statuses, and what each means. */
export const EXIT_STATUS_ROWS: readonly (readonly [string, string])[] = [
  ["0", "done"],
  ["1", "failed; the message says what was left as it was"],
  ["2", "wrong usage"],
  ["3", "no such process, or it is not running"],
  ["4", "the result was rejected; the process is still running"],
  ["124", "the time of wait or run was up"],
];

/** The help of the program, or of one verb. */
export function renderHelp(topic: VerbSpec | undefined): string {
  return topic === undefined ? renderProgramHelp() : renderVerbHelp(topic);
}

function renderProgramHelp(): string {
  const verbs = VERBS.map(({ name, aliases, positionals, summary }) =>
    [
      [name, ...aliases].join(", ") + (positionals && ` ${positionals}`),
      summary,
    ] as const
  );
  return [
    `zag-ps: ${SUMMARY.replace("See", "see")}`,
    "",
    "Usage: zag-ps [OPTIONS] [COMMAND] [ARGUMENTS]",
    "",
    "Commands:",
    ...renderRows(verbs),
    "",
    "Options:",
    ...renderRows(GLOBAL_OPTIONS.map(describeOption)),
    "",
    "Exit status:",
    ...renderRows(EXIT_STATUS_ROWS),
    "",
    "zag-ps COMMAND --help tells more of a command.",
    "",
  ].join("\n");
}

function renderVerbHelp(verb: VerbSpec): string {
  const { name, aliases, positionals, summary, options, notes } = verb;
  const { tables = [] } = verb;
  return [
    summary,
    "",
    `Usage: zag-ps ${name} [OPTIONS] ${positionals}`.trimEnd(),
    ...(aliases.length > 0 ? [`Alias: ${aliases.join(", ")}`] : []),
    "",
    "Options:",
    ...renderRows([...options, ...GLOBAL_OPTIONS].map(describeOption)),
    "",
    ...tables.flatMap(({ title, rows }) => [
      `${title}:`,
      ...renderRows(rows),
      "",
    ]),
    ...notes.flatMap((note) => [...wrap(note, WIDTH), ""]),
  ].join("\n");
}

function describeOption(option: OptionSpec): readonly [string, string] {
  const { name, short, value, help } = option;
  const dashes = `${short ? `-${short}, ` : ""}--${name}`;
  return [value ? `${dashes} ${value}` : dashes, help];
}

function renderRows(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.flatMap(([left, right]) => {
    const lines = wrap(right, WIDTH - INDENT.length - width);
    return lines.map((line, i) =>
      INDENT + (i === 0 ? left : "").padEnd(width) + line
    );
  });
}

function wrap(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
