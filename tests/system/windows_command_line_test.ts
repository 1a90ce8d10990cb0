import assert from "node:assert/strict";
import { test } from "node:test";
import { splitCommandLine } from "../../src/system/windows_command_line.ts";

/**
 * `documented`: the examples of Microsoft's "Parsing C command-line arguments"
 * (the arguments behind the program's name). `blog`: those of Raymond Chen,
 * "What's up with the strange treatment of quotation marks and backslashes by
 * CommandLineToArgvW", 2010. The rest is constructed after the rules there.
 */
const ROWS: [source: string, line: string, args: string[]][] = [
  ["documented", String.raw`x "abc" d e`, ["x", "abc", "d", "e"]],
  ["documented", String.raw`x a\\b d"e f"g h`, ["x", "a\\\\b", "de fg", "h"]],
  ["documented", String.raw`x a\\\"b c d`, ["x", 'a\\"b', "c", "d"]],
  ["documented", String.raw`x a\\\\"b c" d e`, ["x", "a\\\\b c", "d", "e"]],
  ["blog", 'program.exe "hello there.txt"', ["program.exe", "hello there.txt"]],
  [
    "blog",
    String.raw`program.exe "C:\Hello there.txt"`,
    ["program.exe", "C:\\Hello there.txt"],
  ],
  ["blog", String.raw`program.exe "hello\"there"`, [
    "program.exe",
    'hello"there',
  ]],
  ["blog", String.raw`program.exe "hello\\"`, ["program.exe", "hello\\"]],
  [
    "constructed",
    String.raw`"C:\Program Files\nodejs\node.exe" cli.js`,
    ["C:\\Program Files\\nodejs\\node.exe", "cli.js"],
  ],
  [
    "constructed",
    String.raw`C:\a\"b c" d`,
    ['C:\\a\\"b', "c d"],
  ],
  ["constructed", String.raw`"C:\bin\" x`, ["C:\\bin\\", "x"]],
  ["constructed", '"C:\\a b', ["C:\\a b"]],
  ["constructed", '"a b"c d', ["a b", "c", "d"]],
  ["constructed", " x y", ["", "x", "y"]],
  ["constructed", "x  \t y  ", ["x", "y"]],
  ["constructed", 'x "" y', ["x", "", "y"]],
  ["constructed", 'x "a""b c" d', ["x", 'a"b', "c d"]],
  ["constructed", 'x """" y', ["x", '" y']],
  ["constructed", 'x """ y', ["x", '"', "y"]],
  ["constructed", 'x "a b', ["x", "a b"]],
  ["constructed", "x a\\", ["x", "a\\"]],
  ["constructed", "x \\\\server\\share", ["x", "\\\\server\\share"]],
  ["constructed", "x", ["x"]],
  ["constructed", "", []],
];

for (const [source, line, args] of ROWS) {
  test(`splitCommandLine splits ${JSON.stringify(line)} (${source})`, () => {
    assert.deepEqual(splitCommandLine(line), args);
  });
}

test("splitCommandLine reads a megabyte at once", () => {
  const started = performance.now();
  for (const part of ["\\", '"', "a ", '\\"', '"" ']) {
    splitCommandLine(`x ${part.repeat(500_000)}`);
  }
  assert.ok(performance.now() - started < 4_000);
});
