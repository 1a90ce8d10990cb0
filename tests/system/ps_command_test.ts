import assert from "node:assert/strict";
import { test } from "node:test";
import { splitCommand } from "../../src/system/ps_command.ts";

/** The command, the program or its name, and the arguments. */
const ROWS: [
  what: string,
  command: string,
  program: string | undefined,
  expected: string[],
][] = [
  ["a name", "claude --resume", "claude", ["claude", "--resume"]],
  ["blanks around", " claude  -p \n", "claude", ["claude", "-p"]],
  ["a folder with a space", "/srv/claude tools/server 9", "server", [
    "/srv/claude tools/server",
    "9",
  ]],
  ["a relative folder with a space", "claude tools/server", "server", [
    "claude tools/server",
  ]],
  [
    "a path with a space",
    "/Users/ada/codex old/run me -x",
    "/Users/ada/codex old/run me",
    ["/Users/ada/codex old/run me", "-x"],
  ],
  [
    "a name that was cut",
    "/a/claude b/a-very-long-program 1",
    "a-very-long-pro",
    [
      "/a/claude b/a-very-long-program",
      "1",
    ],
  ],
  ["a script", "/usr/bin/node /usr/bin/codex exec", "codex", [
    "/usr/bin/node",
    "/usr/bin/codex",
    "exec",
  ]],
  ["a title", "claude", "/usr/bin/node", ["claude"]],
  ["a name that is nowhere", "claude -p x", "MainThread", [
    "claude",
    "-p",
    "x",
  ]],
  ["an argument that is the name", "claude node", "node", ["claude", "node"]],
  ["no name", "/srv/a b/c", undefined, ["/srv/a", "b/c"]],
];

for (const [what, command, program, expected] of ROWS) {
  test(`splitCommand reads ${what}`, () => {
    const facts = program?.startsWith("/")
      ? { executable: program }
      : { name: program };
    assert.deepEqual(splitCommand(command, facts), expected);
  });
}

test("splitCommand is quick on a command of a megabyte", () => {
  const started = performance.now();
  splitCommand("x ".repeat(500_000), { name: "y" });
  assert.ok(performance.now() - started < 2_000);
});
