import assert from "node:assert/strict";
import { test } from "node:test";
import {
  endsWithPattern,
  findBelow,
  fitsName,
  splitPath,
} from "../../src/model/path_patterns.ts";

const NAMES: [name: string, pattern: string, fits: boolean][] = [
  ["claude", "claude", true],
  ["Claude", "claude", false],
  ["claude-code", "claude", false],
  ["codex-x86_64-linux", "codex-x86_64-*", true],
  ["codex-x86_64-", "codex-x86_64-*", true],
  ["codex-x86_64", "codex-x86_64-*", false],
  ["a-mcp", "*-mcp", true],
  ["a-mcp-b", "*-mcp", false],
  ["a-mcp-b", "*-mcp-*", true],
  ["mcp", "*-mcp-*", false],
  ["2.1.34", "*.*.*", true],
  ["2.1", "*.*.*", false],
  ["aba", "a*b*a", true],
  ["aa", "a*a", true],
  ["a", "a*a", false],
  ["abab", "*ab*ab", true],
  ["ab", "*ab*ab", false],
  ["a.c", "a?c", false],
  ["", "", true],
  ["x", "*", true],
];

for (const [name, pattern, fits] of NAMES) {
  test(`fitsName of "${name}" to "${pattern}" is ${fits}`, () => {
    assert.equal(fitsName(name, pattern), fits);
  });
}

const ENDS: [path: string, pattern: string, fits: boolean][] = [
  ["/home/ada/.amp/bin/amp", ".amp/bin/amp", true],
  ["C:\\Users\\Ada\\.AMP\\bin\\amp", ".amp/bin/amp", true],
  ["/x/.amp/bin/amp/y", ".amp/bin/amp", false],
  ["/x/amp", ".amp/bin/amp", false],
  ["/x/claude/versions/2.1.34", "claude/versions/*.*.*", true],
  ["/x/my-claude/versions/2.1.34", "claude/versions/*.*.*", false],
  ["", "a/b", false],
];

for (const [path, pattern, fits] of ENDS) {
  test(`endsWithPattern of "${path}" and "${pattern}" is ${fits}`, () => {
    assert.equal(endsWithPattern(splitPath(path), splitPath(pattern)), fits);
  });
}

const BELOW: [path: string, pattern: string, at: number][] = [
  ["/x/@openai/codex/bin/codex.js", "@openai/codex", 3],
  ["/x/@openai/codex", "@openai/codex", -1],
  ["/x/@openai/codex-x/y", "@openai/codex", -1],
  ["/x/@openai/codex-x/y", "@openai/codex-*", 3],
  // The innermost counts.
  ["/mcp/x/mcp/y", "mcp", 3],
  ["mcp/y", "mcp", 1],
  ["/x/y", "", -1],
];

for (const [path, pattern, at] of BELOW) {
  test(`findBelow of "${path}" and "${pattern}" is ${at}`, () => {
    assert.equal(findBelow(splitPath(path), splitPath(pattern)), at);
  });
}

test("splitPath takes no text for a path that is longer than a path", () => {
  assert.deepEqual(splitPath("/a".repeat(3000)), []);
});

test("fitsName ends on a pattern that makes others backtrack", () => {
  assert.equal(fitsName("a".repeat(100_000), `${"*a".repeat(200)}*b`), false);
});
