import type { CleanUpRow } from "../../src/model/clean_up_report.ts";

/** An agent that a job has left. */
export function makeRow(fields: Partial<CleanUpRow>): CleanUpRow {
  const { pid = 4321 } = fields;
  return {
    id: `pid:${pid}`,
    pid,
    provider: "claude",
    ageMs: 3_600_000,
    memoryBytes: 512 * 2 ** 20,
    ownership: "leftover",
    why: "another job left it",
    evidence: ["its program is claude"],
    outcome: "killed",
    reason: undefined,
    runUrl: undefined,
    prompt: undefined,
    ...fields,
  };
}

/** Texts that GitHub's runner would obey, if it met them in a log. */
export const HOSTILE_TEXTS: readonly (readonly [name: string, text: string])[] =
  [
    ["a command", "::error::boo"],
    ["a command with properties", "::set-output name=a,b=c::boo"],
    ["a command behind spaces", " \t  ::add-mask::a"],
    ["a command behind a no-break space", "\u00a0::warning::a"],
    ["a command behind an ideographic space", "\u3000::warning::a"],
    ["a command on its second line", "hello\n::error::boo"],
    ["a command behind a carriage return", "hello\r::error::boo"],
    ["an old command", "##[error]boo"],
    ["an old command in a line", "hello ##[set-env name=A]b"],
    ["two old commands", "##[a]##[b]"],
    ["an old command behind more marks", "#####[group]x"],
    ["a stop of all commands", "::stop-commands::token"],
  ];

/**
 * Whether GitHub's runner takes a line for a command. Its source says: a line
 * that begins with `::` after white space, and has another `::`; or one that
 * has `##[` anywhere, and a `]` behind.
 */
export function obeysCommand(line: string): boolean {
  return /^\s*::.*::/su.test(line) || /##\[.*\]/s.test(line);
}
