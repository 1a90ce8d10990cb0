import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseStyle } from "../../src/cli/style.ts";

type When = Parameters<typeof chooseStyle>[0];

const ROWS: [
  when: When,
  terminal: boolean,
  env: Record<string, string>,
  colored: boolean,
][] = [
  ["auto", true, {}, true],
  ["auto", false, {}, false],
  ["auto", true, { NO_COLOR: "1" }, false],
  ["auto", true, { NO_COLOR: "" }, true],
  ["auto", true, { TERM: "dumb" }, false],
  ["auto", true, { TERM: "xterm" }, true],
  ["auto", false, { TERM: "xterm" }, false],
  ["always", false, {}, true],
  ["always", true, { NO_COLOR: "1", TERM: "dumb" }, true],
  ["never", true, {}, false],
  ["never", true, { TERM: "xterm" }, false],
];

for (const [when, terminal, env, colored] of ROWS) {
  const where = terminal ? "a terminal" : "a pipe";
  const name = `${when} on ${where} with ${JSON.stringify(env)}`;
  test(`chooseStyle ${colored ? "colours" : "does not colour"} ${name}`, () => {
    const style = chooseStyle(when, () => terminal, (name) => env[name]);
    const texts = [
      style.good("x"),
      style.bad("x"),
      style.doing("x"),
      style.faint("x"),
    ];
    assert.deepEqual(
      texts,
      colored
        ? [
          "\x1b[32mx\x1b[39m",
          "\x1b[31mx\x1b[39m",
          "\x1b[33mx\x1b[39m",
          "\x1b[2mx\x1b[22m",
        ]
        : ["x", "x", "x", "x"],
    );
  });
}
