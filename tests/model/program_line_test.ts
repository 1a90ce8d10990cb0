import assert from "node:assert/strict";
import { test } from "node:test";
import { readProgramLine } from "../../src/model/program_line.ts";

/** Arguments, and the script, the module and the rest that they come to. */
const ROWS: [
  args: string[],
  script: string | undefined,
  module: string | undefined,
  rest: string[],
][] = [
  [["node", "a.js", "-x", "b"], "a.js", undefined, ["-x", "b"]],
  [["node", "--import", "b", "-r", "c", "a.js"], "a.js", undefined, []],
  [["node", "--import=b", "a.js"], "a.js", undefined, []],
  [["node", "--", "a.js"], "a.js", undefined, []],
  [["node", "-e", "1", "a.js"], undefined, undefined, ["-e", "1", "a.js"]],
  [["node", "-pe", "1"], undefined, undefined, ["-pe", "1"]],
  [["node", "--print", "1"], undefined, undefined, ["--print", "1"]],
  [["node", "-"], undefined, undefined, ["-"]],
  [["node"], undefined, undefined, []],
  [["/usr/bin/node.exe", "a.js"], "a.js", undefined, []],
  [["bun", "run", "a.ts", "b"], "a.ts", undefined, ["b"]],
  [["deno", "run", "-A", "a.ts"], "a.ts", undefined, []],
  [["python3", "-sE", "a.py"], "a.py", undefined, []],
  [["python3", "-W", "error", "a.py"], "a.py", undefined, []],
  [["python3.12", "-m", "aider", "-x"], undefined, "aider", ["-x"]],
  [["python3", "-Imaider", "-x"], undefined, "aider", ["-x"]],
  [["python3", "-m"], undefined, undefined, ["-m"]],
  [["python3", "-c", "a", "b"], undefined, undefined, ["-c", "a", "b"]],
  [["sh", "a"], "a", undefined, []],
  [["bash", "-o", "errexit", "a"], "a", undefined, []],
  [["bash", "-lc", "a"], undefined, undefined, ["-lc", "a"]],
  [["bash", "-s", "a"], undefined, undefined, ["-s", "a"]],
  [["vim", "a.js"], undefined, undefined, ["a.js"]],
];

for (const [args, script, module, rest] of ROWS) {
  test(`readProgramLine reads ${JSON.stringify(args)}`, () => {
    const line = readProgramLine({ args });
    assert.deepEqual([line.script, line.module, line.rest], [
      script,
      module,
      rest,
    ]);
  });
}

test("readProgramLine takes a title apart", () => {
  const line = readProgramLine({
    executable: "/usr/bin/node",
    args: ["Kimi Code", "", ""],
  });
  assert.equal(line.called, "Kimi");
  assert.equal(line.title, "Kimi Code");
  assert.deepEqual(line.rest, ["Code"]);
  assert.deepEqual(line.programs, ["Kimi"]);
  assert.equal(line.interprets, true);
});

test("readProgramLine finds a script behind another name for the interpreter", () => {
  const { script } = readProgramLine({
    executable: "/x/node",
    args: ["/home/ada/bin/agent", "--flag", "/x/index.js", "y"],
  });
  assert.equal(script, "/x/index.js");
  // A word of a title is no script.
  const titled = readProgramLine({
    executable: "/x/node",
    args: ["codex exec"],
  });
  assert.equal(titled.script, undefined);
});

test("readProgramLine leaves out what Linux adds to a replaced executable", () => {
  const { executable } = readProgramLine({ executable: "/x/a (deleted)" });
  assert.equal(executable, "/x/a");
});
