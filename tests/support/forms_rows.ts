/**
 * The command lines on which all forms must agree. They run in this order, each on what the ones before it left.
 *
 * @module
 */

import { A, B, C, D } from "./forms_home.ts";

/** One command line. `{home}` in it stands for the home folder. */
export interface Row {
  name: string;
  args: string[];
  /** The exit status that it must have under every form. */
  status: number;
  /** What must be in stdout and stderr; "" for nothing at all. */
  out?: RegExp | "";
  err?: RegExp | "";
  env?: Record<string, string>;
  input?: string | Uint8Array;
  /** Whether zag-ps has to start itself once more. */
  startsItself?: true;
}

const OK = { status: 0, err: "" } as const;
const USAGE = { status: 2, out: "" } as const;
const FAILED = { status: 1, out: "" } as const;
const NOBODY = { status: 3, out: "" } as const;
const REJECTED = { status: 4, out: "" } as const;

const WARNING = /^Warning: Entry 4 of "<home>\/\.zag\/processes\.json"/;
const SENT =
  /^> Sending kill signal to process <A> \(aaaa.*\n✓ Process killed\n$/;

/** A kill of the agent that ignores it, so that it can be killed again. */
function killA(name: string, ...args: string[]): Row {
  return {
    name,
    args: ["kill", A, ...args],
    status: 0,
    out: SENT,
    err: WARNING,
  };
}

/** Every row. */
export const ROWS: readonly Row[] = [
  { name: "help", args: ["--help"], ...OK, out: /^Usage:/m },
  { name: "help of kill", args: ["kill", "-h"], ...OK, out: /--file PATH/ },
  { name: "help list", args: ["help", "ls"], ...OK, out: /--running/ },
  { name: "version", args: ["-V"], ...OK, out: /^zag-ps \d/ },
  { name: "an unknown verb", args: ["kil"], ...USAGE, err: /"kill"\?/ },
  { name: "an unknown option", args: ["--jsn"], ...USAGE, err: /"--json"\?/ },
  { name: "a dashed result", args: ["kill", A, "-1"], ...USAGE, err: / -- -1/ },
  { name: "no id", args: ["show"], ...USAGE, err: /needs ID/ },
  { name: "a bare --file", args: ["kill", A, "--file"], ...USAGE },
  {
    name: "a result twice",
    args: ["kill", A, "x", "--file", "y"],
    ...USAGE,
    err: /exclude each other/,
  },
  { name: "a limit of x", args: ["-n", "x"], ...USAGE, err: /whole number/ },
  { name: "a second id", args: ["kill", A, B], ...USAGE, err: /one process/ },
  {
    name: "completions of bash",
    args: ["completion", "bash"],
    ...OK,
    out: /^complete -F _zag_ps zag-ps$/m,
  },
  { name: "completions of sh", args: ["completion", "sh"], ...USAGE },
  {
    name: "completions of what runs",
    args: ["completion", "running", "bbbb"],
    status: 0,
    out: /^bbbbbbbb-2222-4222-8222-222222222222\tclaude, running, .+\n$/,
    err: WARNING,
  },
  {
    name: "completions of a key",
    args: ["completion", "provider", "--json"],
    status: 0,
    out: /"value":"日本🤖"/,
    err: WARNING,
  },
  {
    name: "completions of unrecorded agents",
    args: ["completion", "running", "pid:x"],
    status: 0,
    out: "",
    err: WARNING,
  },
  { name: "list", args: [], status: 0, out: /^aaaaaaaa.* running /m },
  {
    name: "list of unrecorded agents, twice over",
    args: ["-a", "--untracked", "-fprovider=none", "-f", "role=agent"],
    ...USAGE,
    err: /exclude each other/,
  },
  {
    name: "list of unrecorded agents of no provider",
    args: ["--untracked", "-fprovider=none", "-f", "orphan!=true", "--json"],
    status: 0,
    out: /^\[\]\n$/,
    err: WARNING,
  },
  {
    name: "show of a pid that nothing has",
    args: ["show", "pid:2147483647"],
    ...NOBODY,
    err: /Process not found: 2147483647/,
  },
  {
    name: "stop of unrecorded agents without a filter",
    args: ["stop", "--untracked"],
    ...USAGE,
    err: /goes with a filter/,
  },
  {
    name: "stop of unrecorded agents that nothing matches",
    args: ["stop", "--include-untracked", "-f", "ci.run=none", "-y"],
    ...NOBODY,
  },
  {
    name: "list in JSON",
    args: ["--json", "list"],
    status: 0,
    out: /^\[\{.*\\u001b.*\}\]\n$/,
    err: WARNING,
  },
  {
    name: "list with every filter",
    args: ["ls", "-n", "9", "-pclaude", "--running", "--children", "self"],
    env: { ZAG_PROCESS_ID: "parent" },
    status: 0,
    out: /^bbbbbbbb/m,
  },
  {
    name: "list by filters",
    args: [
      "-f",
      "provider=claude",
      "-fstatus=dead",
      "--older-than=1s",
      "--json",
    ],
    status: 0,
    out: /^\[\{[^{]*"id":"cccccccc[^{]*\}\]\n$/,
    err: WARNING,
  },
  {
    name: "list by what nothing matches",
    args: ["list", "--filter", "tag=none"],
    status: 0,
    out: /^No processes found\.\n$/,
    err: WARNING,
  },
  {
    name: "a filter of an unknown key",
    args: ["-f", "stat=x"],
    ...USAGE,
    err: /\nKnown keys: id, status, /,
  },
  {
    name: "a duration without a unit",
    args: ["--older-than", "2"],
    ...USAGE,
    err: /"2"\nWrite its unit/,
  },
  {
    name: "list in colour",
    args: ["--color", "always"],
    env: { NO_COLOR: "1", TERM: "dumb" },
    status: 0,
    out: new RegExp("\x1b\\[32mrunning"),
  },
  {
    name: "list of a home that is not there",
    args: ["--zag-home", "{home}/none"],
    ...OK,
    out: /^No processes found\.\n$/,
  },
  {
    name: "JSON of a home that is not there",
    args: ["--json"],
    env: { ZAG_HOME: "none" },
    ...OK,
    out: /^\[\]\n$/,
  },
  {
    name: "list of a store with comments",
    args: ["--zag-home", "commented"],
    ...OK,
    out: /^eeeeeeee/m,
  },
  {
    name: "list of a broken store",
    args: ["--zag-home={home}/broken"],
    ...FAILED,
    err: /broken\/processes\.json" at line 2, column \d+/,
  },
  {
    name: "list of a store that is not UTF-8",
    args: ["--zag-home={home}/latin"],
    ...FAILED,
    err: /not valid UTF-8/,
  },
  {
    name: "list of a store that is a folder",
    args: ["--zag-home", "{home}/folder"],
    ...FAILED,
    err: /Failed to read "<home>\/folder\/processes\.json": .*EISDIR/,
  },
  { name: "show", args: ["show", A], status: 0, out: /^PID: {9}<A>$/m },
  { name: "show a prefix", args: ["inspect", "cccc"], status: 0, out: /\\x1b/ },
  {
    name: "show in JSON",
    args: ["show", "self", "--json"],
    env: { ZAG_PROCESS_ID: A },
    status: 0,
    out: /"live_status":"running","log_path":"<home>\/\.zag\/logs\//,
  },
  {
    name: "show several",
    args: ["show", C, "bound", A, "cccc"],
    status: 0,
    out:
      /^Process ID: {2}cccccccc[^]*\n\nProcess ID: {2}bbbb[^]*\n\nProcess ID: {2}aaaa/,
  },
  {
    name: "show several in JSON",
    args: ["show", "--json", B, A],
    status: 0,
    out: /^\[\{.*"id":"bbbbbbbb.*\},\{.*"id":"aaaaaaaa.*"log_path":.*\}\]\n$/,
    err: WARNING,
  },
  {
    name: "show one of several that is not there",
    args: ["show", A, "nobody"],
    ...NOBODY,
    err: /not found: nobody/,
  },
  { name: "show nobody", args: ["show", "x\x1b"], ...NOBODY, err: /x\\x1b/ },
  {
    name: "show self",
    args: ["show", "self"],
    ...NOBODY,
    err: /ZAG_PROCESS_ID/,
  },
  { name: "an ambiguous id", args: ["show", "ffff"], ...USAGE, err: /ffff2/ },
  {
    name: "explain",
    args: ["explain", A],
    status: 0,
    out: /^PID: {12}<A>$[^]*^Rule: {11}marker$[^]*^Verdict: {8}verified$/m,
  },
  {
    name: "explain a dead one in JSON",
    args: ["--json", "explain", C],
    status: 0,
    out: /"identity":"dead".*"process":null\}\n$/,
  },
  {
    name: "explain a pid",
    args: ["explain", "0"],
    status: 0,
    out: /^Verdict: {8}invalid$/m,
  },
  {
    name: "explain nobody",
    args: ["explain", "x"],
    ...NOBODY,
    err: /not found: x/,
  },
  { name: "stop a dead one", args: ["stop", C], ...NOBODY, err: /dead/ },
  { name: "kill a dead one", args: ["kill", C, "x"], ...NOBODY, err: /dead/ },
  { name: "kill pid 0", args: ["kill", D], ...FAILED, err: /pid 0 / },
  {
    name: "a missing file",
    args: ["kill", A, "--file", "missing"],
    ...FAILED,
    err: /Failed to read result file: missing: /,
  },
  {
    name: "a file that is a folder",
    args: ["kill", A, "--file", "{home}"],
    ...FAILED,
    err: /EISDIR/,
  },
  {
    name: "an input that is not UTF-8",
    args: ["kill", A, "--file", "-"],
    input: Uint8Array.of(0xe9),
    ...FAILED,
    err: /not valid UTF-8/,
  },
  { name: "stop", args: ["stop", A], status: 0, out: /Stop signal sent/ },
  {
    name: "stop in JSON",
    args: ["stop", A, "--json"],
    status: 0,
    out: /^\{.*"pid":<A>,.*"signal":"SIGHUP"\}\n$/,
    err: /Stop signal sent\n$/,
  },
  killA("kill without a result"),
  killA("kill again, which outlived it", ""),
  killA("a result 007", "007"),
  killA("a result beyond 2^53", "9007199254740993", "--skip-validation"),
  killA("a result with emoji", "\u{1f916} \u00e9\x1b\n"),
  killA("a result of 100 KB", "x".repeat(100_000)),
  killA("a result after --", "--", "--x"),
  killA("a result from a file", "--file", "result.txt"),
  {
    ...killA("a result from standard input", "--file", "-"),
    input: "\ufefffrom\r\nhere\n",
  },
  {
    name: "kill in JSON",
    args: ["--json", "kill", "self", "true"],
    env: { ZAG_PROCESS_ID: A },
    status: 0,
    out: /^\{.*"outcome":"signalled","pid":<A>,"result_recorded":true,.*\}\n$/,
  },
  {
    name: "show the outlived one",
    args: ["show", A],
    status: 0,
    out: /Alive:/,
  },
  { name: "an empty result", args: ["kill", B], ...REJECTED, err: /a list/ },
  {
    name: "no JSON",
    args: ["kill", B, "no"],
    ...REJECTED,
    err: /Invalid JSON/,
  },
  {
    name: "a result that breaks the schema",
    args: ["kill", B, '["a", 1]'],
    ...REJECTED,
    err: /^ {2}- "a" is not of type "integer" at \/0$/m,
  },
  {
    name: "a rejection is never skipped",
    args: ["--json", "kill", B, "{}", "--skip-validation"],
    ...REJECTED,
    err: /is not of type "array"/,
  },
  { name: "an accepted result", args: ["kill", B, "[1]"], status: 0 },
  { name: "kill a killed one", args: ["kill", B], ...NOBODY, err: /killed/ },
  {
    name: "reap without anything stale",
    args: ["reap", "--apply"],
    ...USAGE,
    err: /^Error: Cannot reap: nothing says which agents are stale$/m,
  },
  {
    name: "reap nobody",
    args: ["reap", "-f", "provider=nobody", "--apply"],
    status: 0,
    out: /^Nothing to reap\.\n$/,
    err: WARNING,
  },
  {
    name: "prune nothing",
    args: ["prune", "--older-than", "30d", "--dead", "--apply"],
    status: 0,
    out: /^Nothing to prune\.\n$/,
    err: WARNING,
  },
  {
    name: "prune a broken store",
    args: ["--zag-home", "{home}/broken", "prune", "--apply"],
    ...FAILED,
    err: /^Error: Cannot parse /,
  },
  {
    name: "doctor",
    args: ["doctor"],
    status: 1,
    out:
      /^ {2}problem: Process cccccccc.* is stored as running, and it is not/m,
    err: "",
  },
  {
    name: "doctor of a store with comments",
    args: ["doctor", "--json", "--zag-home", "{home}/commented"],
    status: 1,
    out: /is no JSON that zag reads: expected value at line 1 column 1/,
    err: "",
  },
  {
    name: "doctor of a home that is not there",
    args: ["doctor", "--zag-home", "{home}/nowhere"],
    ...OK,
    out: /There is no zag home/,
  },
  {
    name: "list at the end",
    args: ["list", "--json"],
    status: 0,
    out: /exited/,
  },
];
