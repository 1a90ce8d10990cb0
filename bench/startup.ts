/**
 * Times how fast zag-ps starts, against its floor in the same run: a program
 * that prints one word, compiled with Bun and the same flags.
 *
 *     deno task bench:startup [--runs 25]
 *
 * Every figure is the median of whole processes, started in turn. Nothing is
 * asserted here: a ratio says something only on a quiet machine.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { bundlePrograms, stopBundler } from "../scripts/bundle.ts";
import { BUN_FLAGS, compileWithBun } from "../scripts/compile_bun.ts";
import { getEnvironment } from "../scripts/run_command.ts";
import { installRuntimes } from "../scripts/runtimes.ts";
import { findHostTarget } from "../scripts/targets.ts";
import { readCount, renderRow, runBenchmark } from "./benchmark.ts";
import { describeLoad } from "./machine.ts";
import { getMedian, type Program, timeInTurn } from "./measure.ts";
import { makeStore } from "./store.ts";

const DEFAULT_RUNS = "25";
const ENTRIES = 10;
const FILES_OF_LARGE_FOLDER = 200_000;
const COLUMNS = [46, 10, 10, 8] as const;

const SCHEMA = { type: "array", items: { type: "integer" } };
const VERSION_LINE = /^zag-ps \d/;
const TABLE = new RegExp(`^ID (.*\n){2}(.+\n){${ENTRIES}}$`);
const VALID = /^accepted\n$/;

/** What loads the validator and uses it, without anything being killed. */
const VALIDATE = `
import { checkResult } from "./mod.ts";
const verdict = await checkResult({ schema: ${JSON.stringify(SCHEMA)} }, "[1]");
console.log(verdict.kind);
`;

/** One line of the report. */
interface Row {
  name: string;
  program: Program;
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { runs: { type: "string", default: DEFAULT_RUNS } },
  });
  const runs = readCount(values.runs);
  const root = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-startup-"));
  try {
    const rows = await makeRows(root, folder);
    const floor: Program = {
      command: [compile(root, folder, "hello", 'console.log("hello");\n')],
      expects: /^hello\n$/,
    };
    console.log(`Load at the start: ${describeLoad()}`);
    console.log(`Medians of ${runs} whole processes each, in turn\n`);
    console.log(renderRow(["program", "floor ms", "ms", "ratio"], COLUMNS));
    for (const { name, program } of rows) {
      const times = timeInTurn(floor, program, getEnvironment(), runs);
      const [base, full] = [getMedian(times.floor), getMedian(times.list)];
      const ratio = (full / base).toFixed(2);
      console.log(
        renderRow([name, base.toFixed(1), full.toFixed(1), ratio], COLUMNS),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeRows(root: string, folder: string): Promise<Row[]> {
  await bundlePrograms(root, join(root, "dist"));
  await stopBundler();
  const { node24 } = installRuntimes(root);
  const bundle = join(root, "dist", "zag-ps.js");
  const binary = join(folder, "zag-ps");
  compileWithBun(root, findHostTarget(), binary);
  const fromBundle = compileEntry(root, folder, "from-bundle", bundle);
  const loose = compileEntry(
    root,
    folder,
    "loose",
    join(root, "cli.ts"),
    BUN_FLAGS.filter((flag) => !flag.startsWith("--no-compile-autoload-")),
  );
  const home = join(folder, "home");
  mkdirSync(home);
  writeFileSync(join(home, "processes.json"), makeStore("usual", ENTRIES, []));
  const large = makeLargeFolder(folder);
  const list = ["list", "--zag-home", home];
  const row = (
    name: string,
    command: readonly string[],
    expects: RegExp,
    cwd = home,
  ): Row => ({ name, program: { command, expects, cwd } });
  return [
    row("binary, --version", [binary, "--version"], VERSION_LINE),
    row("binary, list", [binary, ...list], TABLE),
    row(
      "binary, list, in a folder of 200,000",
      [binary, ...list],
      TABLE,
      large,
    ),
    row("without the no-autoload flags, list", [loose, ...list], TABLE),
    row("the same, in a folder of 200,000", [loose, ...list], TABLE, large),
    row("compiled from the bundle, list", [fromBundle, ...list], TABLE),
    row(
      "compiled, with a JSON Schema",
      [compile(root, folder, "validate", VALIDATE)],
      VALID,
    ),
    row(
      "the same, compiled from the bundle",
      [
        compile(
          root,
          folder,
          "validate-bundle",
          VALIDATE.replace("./mod.ts", "./dist/mod.js"),
        ),
      ],
      VALID,
    ),
    row(
      "deno run -A dist/zag-ps.js list",
      [process.execPath, "run", "-A", "--no-config", bundle, ...list],
      TABLE,
    ),
    row("node dist/zag-ps.js list", [node24, bundle, ...list], TABLE),
  ];
}

/** Compiles a program that is this text, as if it were in the project. */
function compile(
  root: string,
  folder: string,
  name: string,
  text: string,
): string {
  const entry = join(folder, `${name}.ts`);
  const imported = text.replace('from "./', `from "${root}/`);
  writeFileSync(entry, imported);
  return compileEntry(root, folder, name, entry);
}

function compileEntry(
  root: string,
  folder: string,
  name: string,
  entry: string,
  flags: readonly string[] = BUN_FLAGS,
): string {
  const path = join(folder, name);
  const { bun } = installRuntimes(root);
  execFileSync(bun, ["build", entry, ...flags, `--outfile=${path}`], {
    cwd: root,
    stdio: "ignore",
  });
  return path;
}

function makeLargeFolder(folder: string): string {
  const large = join(folder, "large");
  mkdirSync(large);
  for (let i = 0; i < FILES_OF_LARGE_FOLDER; i++) {
    writeFileSync(join(large, `file-${i}`), "");
  }
  return large;
}

await runBenchmark(main);
