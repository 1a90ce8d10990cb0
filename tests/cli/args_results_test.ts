import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommandLine } from "../../src/cli/args.ts";

const TEXTS: [what: string, text: string][] = [
  ["007", "007"],
  ["1e3", "1e3"],
  ["0x10", "0x10"],
  ["a number beyond 2^53", "9007199254740993"],
  ["an empty string", ""],
  ["white space", " \n\t"],
  ["true", "true"],
  ["false", "false"],
  ["null", "null"],
  ["emoji", "\u{1f916}\u{1f3fd} ok"],
  ["a lone dash", "-"],
  ["a=b", "a=b"],
  ["JSON", '{"a": [1, "-x"]}'],
  ["100 KB", "7".repeat(100 * 1024)],
  ["several lines", "a\n--json\n-n 5"],
  ["__proto__", "__proto__"],
  ["a verb", "list"],
];

for (const [what, text] of TEXTS) {
  test(`parseCommandLine passes a result on as typed: ${what}`, () => {
    const results = [
      ["kill", "self", text],
      ["kill", "--json", "self", text],
      ["kill", "self", "--json", text],
      ["kill", "self", "--skip-validation", text],
      ["--json", "kill", "self", text, "--skip-validation"],
      ["kill", "self", "--", text],
      ["kill", "--", "self", text],
    ].map((argv) => parseCommandLine(argv).command);
    for (const command of results) {
      assert.ok(command.verb === "kill");
      assert.deepEqual(command.result, { text });
      assert.equal(command.handle, "self");
    }
  });
}

for (const text of ["-1", "-1e3", "--x", "--", "--json", "--file=x", "-h"]) {
  test(`parseCommandLine takes ${text} after -- for the result`, () => {
    const { command, json } = parseCommandLine(["kill", "self", "--", text]);
    assert.ok(command.verb === "kill");
    assert.equal(command.handle, "self");
    assert.deepEqual(command.result, { text });
    assert.equal(json, false);
  });
}

test("parseCommandLine tells a result before -- from one after it", () => {
  const mayBeId = (...argv: string[]) => {
    const { command } = parseCommandLine(["kill", ...argv]);
    return command.verb === "kill" && command.mayBeId;
  };
  assert.equal(mayBeId("self", "x"), true);
  assert.equal(mayBeId("self", "--", "x"), false);
  assert.equal(mayBeId("--", "self", "x"), false);
  assert.equal(mayBeId("self"), false);
});
