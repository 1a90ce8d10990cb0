import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import {
  findViolations,
  readImports,
  type Sources,
} from "./support/layering.ts";

function readSources(): Sources {
  const root = process.cwd();
  const paths = ["mod.ts", "cli.ts"];
  for (const folder of ["src", "action"]) {
    if (!existsSync(join(root, folder))) continue;
    for (const entry of readdirSync(join(root, folder), { recursive: true })) {
      const path = `${folder}/${String(entry).replaceAll("\\", "/")}`;
      if (path.endsWith(".ts")) paths.push(path);
    }
  }
  return Object.fromEntries(
    paths.map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
}

/** Files that the offenders below import, and that are all allowed. */
const GOOD: Sources = {
  "mod.ts": 'export { listProcesses } from "./src/library/look.ts";\n',
  "cli.ts": 'import process from "node:process";\n' +
    'import { run } from "./src/cli/run.ts";\n' +
    'import { nodeSystem } from "./src/system/node_system.ts";\n' +
    'import { createListSystem } from "./src/system/node_list_system.ts";\n' +
    'import { createConsole } from "./src/system/node_console.ts";\n',
  "src/library/look.ts": 'import { list } from "../commands/list.ts";\n' +
    'import { attempt } from "./machine.ts";\n',
  "src/library/machine.ts":
    'import { nodeSystem } from "../system/node_system.ts";\n',
  "src/cli/run.ts": 'import { list } from "../commands/list.ts";\n' +
    'import type { System } from "../system/system.ts";\n' +
    'import { parseArgs } from "@std/cli/parse-args";\n',
  "src/commands/list.ts":
    'import type { System } from "../system/system.ts";\n' +
    'import { replaceFile } from "../system/atomic_file.ts";\n' +
    'import {\n  type Entry,\n  decode,\n} from "../model/process_entry.ts";\n',
  "src/model/process_entry.ts": 'import * as v from "valibot";\n' +
    '/**\n * import { x } from "node:fs"; console.log(x)\n */\n',
  "src/model/session_entry.ts": 'import * as v from "valibot";\n' +
    'import { RE2JS } from "re2js";\n',
  "src/system/system.ts": "export interface System {}\n",
  "src/system/atomic_file.ts": 'import type { System } from "./system.ts";\n',
  "src/system/node_console.ts": 'import { writeSync } from "node:fs";\n',
  "src/system/node_list_system.ts": 'import { readFileSync } from "node:fs";\n',
  "src/system/node_system.ts": 'import { readFileSync } from "node:fs";\n' +
    'import { createListSystem } from "./node_list_system.ts";\n' +
    'import type { System } from "./system.ts";\n',
};

/** Each row adds one file, or replaces one, and names what is wrong with it. */
const OFFENDERS: [string, string, string, RegExp][] = [
  [
    "a command that builds the real system",
    "src/commands/stop.ts",
    'import { nodeSystem } from "../system/node_system.ts";\n',
    /stop\.ts imports .*outermost/,
  ],
  [
    "a command that builds as much of the real system as a list needs",
    "src/commands/stop.ts",
    'import { createListSystem } from "../system/node_list_system.ts";\n',
    /stop\.ts imports .*outermost/,
  ],
  [
    "a command that imports a built-in",
    "src/commands/stop.ts",
    'import { readFileSync } from "node:fs";\n',
    /stop\.ts imports node:fs: only src\/system/,
  ],
  [
    "a command that imports a helper which touches the machine",
    "src/system/atomic_file.ts",
    'import { renameSync } from "node:fs";\n',
    /list\.ts imports .*atomic_file\.ts: the layers/,
  ],
  [
    "a command that imports the cli",
    "src/commands/stop.ts",
    'import { run } from "../cli/run.ts";\n',
    /stop\.ts imports .*run\.ts: the layers/,
  ],
  [
    "a command that imports a package",
    "src/commands/stop.ts",
    'import { x } from "picocolors";\n',
    /stop\.ts imports picocolors: the layer does not/,
  ],
  [
    "a model file that imports a package of the cli",
    "src/model/rule.ts",
    'import { red } from "@std/fmt/colors";\n',
    /rule\.ts imports @std\/fmt\/colors: the layer does not/,
  ],
  [
    "a model file that imports a command",
    "src/model/rule.ts",
    'export { list } from "../commands/list.ts";\n',
    /rule\.ts imports .*list\.ts: the layers/,
  ],
  [
    "a model file that imports a command lazily",
    "src/model/rule.ts",
    'const list = await import("../commands/list.ts");\n',
    /rule\.ts imports .*list\.ts: the layers/,
  ],
  [
    "a model file that imports the interface of the machine",
    "src/model/rule.ts",
    'import type { System } from "../system/system.ts";\n',
    /rule\.ts imports .*system\.ts: the layers/,
  ],
  [
    "a model file that imports a built-in for its effect",
    "src/model/rule.ts",
    'import "node:process";\n',
    /rule\.ts imports node:process/,
  ],
  [
    "a cli file that imports a value of the interface",
    "src/cli/other.ts",
    'import { System } from "../system/system.ts";\n',
    /other\.ts imports .*system\.ts: the layers/,
  ],
  [
    "a system file that imports a command",
    "src/system/proc.ts",
    'import { list } from "../commands/list.ts";\n',
    /proc\.ts imports .*list\.ts: the layers/,
  ],
  [
    "an entry of the action beside the one that builds the real system",
    "action/main.ts",
    'import { nodeSystem } from "../src/system/node_system.ts";\n',
    /main\.ts imports .*outermost/,
  ],
  [
    "a public module that imports the cli",
    "mod.ts",
    'export { run } from "./src/cli/run.ts";\n',
    /mod\.ts imports .*run\.ts: the layers/,
  ],
  [
    "a library that builds the real console",
    "src/library/machine.ts",
    'import { createConsole } from "../system/node_console.ts";\n',
    /machine\.ts imports .*only the command line prints/,
  ],
  [
    "a function of the library that builds the real system",
    "src/library/look.ts",
    'import { nodeSystem } from "../system/node_system.ts";\n',
    /look\.ts imports .*outermost/,
  ],
  [
    "a file outside the layers",
    "src/helpers/text.ts",
    'import { decode } from "../model/process_entry.ts";\n',
    /text\.ts imports .*no layer/,
  ],
  [
    "a file that does not exist",
    "src/model/rule.ts",
    'import { a } from "./missing.ts";\n',
    /rule\.ts imports .*no such file/,
  ],
  [
    "a package in two files",
    "src/model/rule.ts",
    'import { x } from "re2js/sub";\n',
    /re2js is imported by more than one file: .*rule\.ts, .*_entry\.ts/,
  ],
  [
    "a schema outside the entries",
    "src/model/rule.ts",
    'import type { InferOutput } from "valibot";\n',
    /valibot is imported by more than one file: .*_entry\.ts, .*rule\.ts/,
  ],
  ["a library that prints", "src/model/rule.ts", "console.log(1);\n", /prints/],
  [
    "a library that exits",
    "src/system/proc.ts",
    "process.exit(1);\n",
    /proc\.ts ends the process/,
  ],
  [
    "a library that is for one runtime",
    "src/system/proc.ts",
    "Deno.pid;\n",
    /proc\.ts uses a global/,
  ],
];

test("findViolations finds nothing in this project", () => {
  const sources = readSources();
  assert.ok(Object.keys(sources).length > 10, "too few files were found");
  assert.deepEqual(findViolations(sources), []);
});

test("findViolations finds nothing in files that keep the rule", () => {
  assert.deepEqual(findViolations(GOOD), []);
});

for (const [what, path, text, expected] of OFFENDERS) {
  test(`findViolations finds ${what}`, () => {
    const violations = findViolations({ ...GOOD, [path]: text });
    assert.equal(violations.length, 1, violations.join("\n"));
    assert.match(violations[0] ?? "", expected);
  });
}

test("readImports reads every form of import", () => {
  const text = `import a from "./a.ts";
import type { B } from "./b.ts";
import {
  type C,
  c,
} from "../c.ts";
import "npm-d";
export * from "./e.ts";
export type { F } from "./f.ts";
const g = await import("./g.ts");
let h: import("./h.ts").H;
export const text = "./no.ts";
// import i from "./i.ts";
export function from() {}
`;
  assert.deepEqual(
    readImports("src/x/y.ts", text).map((
      { target, typeOnly },
    ) => [target, typeOnly]),
    [
      ["src/x/a.ts", false],
      ["src/x/b.ts", true],
      ["src/c.ts", false],
      ["npm-d", false],
      ["src/x/e.ts", false],
      ["src/x/f.ts", true],
      ["src/x/g.ts", false],
      ["src/x/h.ts", false],
    ],
  );
});

test("readImports refuses a computed name", () => {
  assert.throws(
    () => readImports("src/x/y.ts", "await import(name);\n"),
    /src\/x\/y\.ts computes the name/,
  );
});
