/**
 * More command lines on which all forms must agree, after those of
 * `forms_rows.ts`: what starts agents, waits for them, reads what they left,
 * and tidies up.
 *
 * @module
 */

import { A, B, C, E } from "./forms_home.ts";
import type { Row } from "./forms_rows.ts";

const OK = { status: 0, err: "" } as const;
const USAGE = { status: 2, out: "" } as const;
const NOBODY = { status: 3, out: "" } as const;

/** A command line on another home than the one that most rows are about. */
function on(home: string, verb: string, ...args: string[]): { args: string[] } {
  return { args: [verb, "--zag-home", `{home}/${home}`, ...args] };
}

/** A command that is started; the home is made for it. */
function run(...args: string[]): { args: string[] } {
  return on("runs", "run", ...args);
}

const RUN: readonly Row[] = [
  { name: "run nothing", args: ["run"], ...USAGE, err: /needs -- COMMAND/ },
  {
    name: "run",
    ...run("--name", "echoed", "--tag", "t", "--", "/bin/echo", "hi"),
    ...OK,
    out: /^hi\n$/,
  },
  {
    name: "run what reads and fails",
    ...run("--", "/bin/sh", "-c", "read line; echo $line >&2; exit 7"),
    input: "typed\n",
    status: 7,
    out: "",
    err: /^typed\n$/,
  },
  {
    name: "run what a signal ends",
    ...run("--", "/bin/sh", "-c", "kill -9 $$"),
    status: 137,
    out: "",
    err: "",
  },
  {
    name: "run what is not there",
    ...run("--", "no-such-program"),
    status: 127,
    out: "",
    err: /^Error: Failed to start "no-such-program": no such program\n$/,
  },
  {
    name: "run a folder",
    ...run("--", "{home}"),
    status: 126,
    out: "",
    err: /^Error: Failed to start "<home>": permission denied \(EACCES\)\n$/,
  },
  {
    name: "run with a timeout",
    ...run("-t", "100ms", "--", "/bin/sleep", "60"),
    status: 124,
    out: "",
    err: "",
  },
  {
    name: "run what is told how to end itself",
    ...run(
      ...["--exit-hint", "a number", "--exit-schema", '{"type":"integer"}'],
      ...["--", "/bin/echo", "{exit-instructions}"],
    ),
    ...OK,
    out: /zag-ps kill self[^]*: a number\n[^]*"type": "integer"/,
  },
  {
    name: "run with a broken schema",
    ...run("--exit-schema", "{", "--", "/bin/echo"),
    ...USAGE,
    err: /^Error: Cannot read the JSON Schema of the result: EOF while /,
  },
  {
    name: "run in the background",
    startsItself: true,
    ...run("--detach", "--name", "night", "--", "/bin/sleep", "60"),
    ...OK,
    out: /^<id>\n$/,
  },
  {
    name: "kill what runs in the background, by its name",
    ...on("runs", "kill", "night", "done"),
    ...OK,
    out:
      /^> Sending kill signal to process <pid> \(<id>\)\n✓ Process killed\n$/,
  },
  {
    name: "output by a name",
    ...on("runs", "output", "night"),
    ...OK,
    out: /^done$/,
  },
];

const WAIT: readonly Row[] = [
  { name: "wait for nothing", args: ["wait"], ...USAGE, err: /needs an ID/ },
  {
    name: "wait for what was run",
    ...on("runs", "wait", "echoed"),
    ...OK,
    out: /^✓ <id> exited \(exit code 0\) after <time>\n$/,
  },
  {
    name: "wait for a dead one",
    args: ["wait", C],
    status: 0,
    out: /^✓ cccc.* dead\n$/,
  },
  {
    name: "wait in JSON",
    args: ["wait", "--json", C, "ffff1"],
    status: 0,
    out: /^\[\{.*"exit_code":3,.*"id":"ffff1".*\},\{.*"status":"dead"\}\]\n$/,
    err: /^✓ ffff1 exited \(exit code 3\)\n✓ cccc.* dead\n$/m,
  },
  {
    name: "wait for any",
    args: ["wait", A, C, "--any"],
    status: 0,
    out: /^✓ cccc.* dead\n$/,
  },
  {
    name: "wait with a timeout",
    args: ["wait", A, "--json", "-t", "50ms"],
    status: 124,
    out: /^\[\{.*"ended":false,.*\}\]\n$/,
    err: /^Error: Gave up after 50ms: process aaaa.* is still running$/m,
  },
  { name: "wait for nobody", args: ["wait", "x"], ...NOBODY, err: /found: x/ },
  {
    name: "wait for what nothing matches",
    args: ["wait", "-f", "provider=nobody"],
    ...NOBODY,
    err: /Nothing to wait for: no living process matches/,
  },
];

const OUTPUT: readonly Row[] = [
  { name: "output", args: ["output", A], status: 0, out: /^true$/ },
  {
    name: "output in JSON",
    args: ["output", "--json", B],
    status: 0,
    out:
      /^\{"id":"bbbb.*","log_path":"<home>\/.*","recorded_at":"<time>",.*"text":"\[1\]"\}\n$/,
  },
  {
    name: "output that is not there",
    args: ["output", C],
    ...NOBODY,
    err: /^Error: Process cccc.* has no recorded result$/m,
  },
  {
    name: "the last message of none",
    args: ["output", "--last-message", A],
    ...NOBODY,
    err: /^Error: Process aaaa.* has no message$/m,
  },
  {
    name: "instructions",
    args: ["instructions", B],
    status: 0,
    out: /^## How to end this session\n[^]*: a list\n[^]*"type": "array"/,
  },
  {
    name: "instructions in JSON",
    args: ["instructions", "--json", A],
    status: 0,
    out: /^\{.*"text":"## How .*It may be left out.*"\}\n$/,
  },
  {
    name: "instructions for nobody",
    args: ["instructions", "x"],
    ...NOBODY,
    err: /not found: x/,
  },
];

const TIDY: readonly Row[] = [
  {
    name: "reap, planned",
    ...on("stale", "reap", "--older-than", "30s", "--json"),
    ...OK,
    out: /^\{"agents":\[\{.*"pid":<E>.*\}\],"applied":false\}\n$/,
  },
  {
    name: "reap",
    ...on("stale", "reap", E, "--older-than", "30s", "--apply", "--json"),
    status: 0,
    out: /^\{"agents":\[\{.*"outcome":"exited".*\}\],"applied":true\}\n$/,
    err: /^> SIGTERM to process <E> \(9999.*\)\n$/,
  },
  {
    name: "prune, planned",
    ...on("ended", "prune"),
    ...OK,
    out:
      /^remove +old +claude +30d +exited at .*\n1 entry would be removed, 0 marked killed; /m,
  },
  {
    name: "prune, planned in JSON",
    ...on("ended", "prune", "--json", "--dead", "--older-than", "1d"),
    ...OK,
    out:
      /^\{"applied":false,"marked":0,"plan":\[\{.*"id":"young".*"action":"mark-killed".*"id":"dead".*\}\],"removed":0\}\n$/,
  },
  {
    name: "prune to the newest",
    ...on("ended", "prune", "--older-than", "1d", "--keep-last", "1"),
    ...OK,
    out: /^1 entry would be removed/m,
  },
  {
    name: "prune",
    ...on("ended", "prune", "--apply"),
    ...OK,
    out: /^✓ 1 entry removed, 0 marked killed\n$/m,
  },
  {
    name: "prune again",
    ...on("ended", "prune", "--apply", "--json"),
    ...OK,
    out: /^\{"applied":true,"marked":0,"plan":\[\],"removed":0\}\n$/,
  },
  {
    name: "doctor --fix",
    ...on("ended", "doctor", "--fix"),
    status: 0,
    out:
      /^ {2}mended: Process dead is stored as running[^]*\.json\.<stamp>\.bak"$/m,
    err: "",
  },
  {
    name: "doctor --fix again, in JSON",
    ...on("ended", "doctor", "--fix", "--json"),
    ...OK,
    out: /"backups":\[\]/,
  },
];

/** Every row. */
export const RUN_ROWS: readonly Row[] = [...RUN, ...WAIT, ...OUTPUT, ...TIDY];
