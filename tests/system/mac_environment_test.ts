import assert from "node:assert/strict";
import { test } from "node:test";
import {
  parsePsCommands,
  parsePsEnvironment,
  PS_ALL_COMMANDS,
  psCommandArguments,
} from "../../src/system/mac_environment.ts";

const NAMES = new Set(["ZAG_PROCESS_ID"]);

test("psCommandArguments asks for one process, without and with -E", () => {
  assert.deepEqual(psCommandArguments(42).map((args) => args.join(" ")), [
    "-ww -o command= -p 42",
    "-E -ww -o command= -p 42",
  ]);
});

// All outputs are constructed after ps(1) of macOS ("-E  Display the
// environment as well"), save where a row names its source.
const ROWS: [
  what: string,
  command: string,
  withEnvironment: string,
  markers: Record<string, string> | undefined,
][] = [
  [
    "a marker",
    "claude --resume\n",
    "claude --resume PATH=/bin ZAG_PROCESS_ID=abc TERM=dumb\n",
    { ZAG_PROCESS_ID: "abc" },
  ],
  ["a marker at the end", "a\n", "a A=1 ZAG_PROCESS_ID=x\n", {
    ZAG_PROCESS_ID: "x",
  }],
  ["no marker", "a b\n", "a b PATH=/bin HOME=/Users/ada\n", {}],
  ["an empty marker", "a\n", "a ZAG_PROCESS_ID= A=1\n", {
    ZAG_PROCESS_ID: "",
  }],
  ["no part of another name", "a\n", "a XZAG_PROCESS_ID=x\n", {}],
  [
    "no argument that looks like a marker",
    "env ZAG_PROCESS_ID=no sleep 9\n",
    "env ZAG_PROCESS_ID=no sleep 9 PATH=/bin\n",
    {},
  ],
  [
    "the variable beside an argument that looks like one",
    "env ZAG_PROCESS_ID=no sleep 9\n",
    "env ZAG_PROCESS_ID=no sleep 9 ZAG_PROCESS_ID=yes\n",
    { ZAG_PROCESS_ID: "yes" },
  ],
  [
    "nothing where two values stand",
    "a\n",
    "a NOTE=see ZAG_PROCESS_ID=x ZAG_PROCESS_ID=y\n",
    undefined,
  ],
  [
    "one value that stands twice",
    "a\n",
    "a ZAG_PROCESS_ID=x NOTE=see ZAG_PROCESS_ID=x\n",
    { ZAG_PROCESS_ID: "x" },
  ],
  [
    "a value with line breaks beside it",
    "a\n",
    "a NOTE=1\n2\nZAG_PROCESS_ID=x\n",
    { ZAG_PROCESS_ID: "x" },
  ],
  [
    "a value with a space",
    "a\n",
    "a NOTE=1 ZAG_PROCESS_ID=x y NOTE=z\n",
    { ZAG_PROCESS_ID: "x y" },
  ],
  [
    // What the system call underneath gives for `sleep 1000 &` is recorded in
    // https://github.com/giampaolo/psutil/issues/2084: no variable at all.
    "nothing of a program that macOS protects",
    "sleep 1000\n",
    "sleep 1000\n",
    undefined,
  ],
  [
    "nothing where arguments alone look like variables",
    "make PATH=/bin HOME=/x\n",
    "make PATH=/bin HOME=/x\n",
    undefined,
  ],
  ["nothing of a process that is gone", "", "", undefined],
  ["nothing where the first call failed", "", "a PATH=/bin\n", undefined],
  ["nothing where the second call failed", "a\n", "", undefined],
  [
    "nothing of a process that became another one between the calls",
    "sleep 9\n",
    "sleep 99 PATH=/bin ZAG_PROCESS_ID=x\n",
    undefined,
  ],
  [
    "nothing where more arguments came between the calls",
    "a\n",
    "a b c\n",
    undefined,
  ],
];

for (const [what, command, withEnvironment, markers] of ROWS) {
  test(`parsePsEnvironment reads ${what}`, () => {
    assert.deepEqual(
      parsePsEnvironment(command, withEnvironment, NAMES),
      markers,
    );
  });
}

test("PS_ALL_COMMANDS asks for each column by itself", () => {
  assert.deepEqual(PS_ALL_COMMANDS.map((args) => args.join(" ")), [
    "-A -ww -o pid= -o command=",
    "-A -E -ww -o pid= -o command=",
  ]);
});

test("parsePsCommands reads the command of each pid", () => {
  const output =
    "    1 /sbin/launchd\n  512 /bin/sh -c  echo 7 A=1\n\n 99 \nx\n";
  assert.deepEqual(
    parsePsCommands(output),
    new Map([[1, "/sbin/launchd"], [512, "/bin/sh -c  echo 7 A=1"], [99, ""]]),
  );
});
