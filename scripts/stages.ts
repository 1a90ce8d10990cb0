/**
 * The stages of `scripts/test.ts`, in the order in which they run.
 *
 * @module
 */

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { bundleTests, stopBundler } from "./bundle.ts";
import { findMissing, readJunit, type TestResult } from "./junit.ts";
import { getEnvironment, runCommand } from "./run_command.ts";
import { findRuntimes, installRuntimes, type RuntimeName } from "./runtimes.ts";

/** What a stage adds to the final line. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** One run of all stages. */
export interface Run {
  /** The project's root. */
  root: string;
  /** A folder of this run, removed at its end. It holds `home`. */
  folder: string;
  /** What each runtime ran, by the stage's name. */
  reports: Map<string, TestResult[]>;
}

/** One step of the test task. */
export interface Stage {
  name: string;
  title: string;
  /** Stages that run first when this one is asked for by name. */
  needs?: string[];
  /** @throws {Error} Where the stage failed as a whole. */
  run(run: Run): Counts | Promise<Counts>;
}

const ONE_CHECK: Counts = { passed: 1, failed: 0, skipped: 0 };
const DENO = process.execPath;
/** A single test that hangs is ended before its whole stage is. */
const TEST_LIMIT_MS = 120_000;

/** Every stage. */
export const STAGES: Stage[] = [
  {
    name: "install",
    title: "deno.lock agrees with deno.json and package.json",
    run: checkInstall,
  },
  checkWithDeno("fmt", ["fmt", "--check"]),
  checkWithDeno("lint", ["lint"]),
  checkWithDeno("silence", [
    "lint",
    "--rules-include=no-console",
    "src/",
    "mod.ts",
  ]),
  checkWithDeno("check", ["check", "--doc"]),
  checkWithDeno("readme", ["check", "--doc-only", "README.md"]),
  checkWithDeno("doc", ["doc", "--lint", "mod.ts"]),
  checkWithDeno("publish", ["publish", "--dry-run", "--allow-dirty"]),
  {
    name: "runtimes",
    title: "install Bun, Node 20 and Node 24",
    run({ root }) {
      console.log(Object.values(installRuntimes(root)).join("\n"));
      return ONE_CHECK;
    },
  },
  {
    name: "bun-lock",
    title: "bun.lock agrees with package.json",
    needs: ["runtimes"],
    run: (run) =>
      runCheck([
        getRuntime(run, "bun"),
        ...["install", "--frozen-lockfile", "--dry-run", "--ignore-scripts"],
      ]),
  },
  { name: "bundle", title: "build dist/ twice, compare", run: checkBundle },
  {
    name: "deno",
    title: "tests under Deno",
    needs: ["runtimes", "bundle"],
    run: (run) =>
      runTests(run, "deno", (report) => [
        DENO,
        ...["test", "-A", "--parallel", "--no-check"],
        ...[`--junit-path=${report}`, "tests/"],
      ]),
  },
  {
    name: "bun",
    title: "tests under Bun",
    needs: ["runtimes", "bundle"],
    run: (run) =>
      runTests(run, "bun", (report) => [
        getRuntime(run, "bun"),
        ...["test", "--parallel=2", `--timeout=${TEST_LIMIT_MS}`],
        ...["--reporter=junit", `--reporter-outfile=${report}`, "./tests/"],
      ]),
  },
  testWithNode("node20"),
  testWithNode("node24"),
  { name: "same", title: "every runtime ran the same tests", run: checkSame },
  {
    name: "home",
    title: "no test wrote to the home folder's .zag",
    run({ folder }) {
      if (existsSync(join(folder, "home", ".zag"))) {
        throw new Error("A test wrote to ~/.zag instead of a home of its own");
      }
      return ONE_CHECK;
    },
  },
];

function checkWithDeno(name: string, args: string[]): Stage {
  return {
    name,
    title: `deno ${args.join(" ")}`,
    run: () => runCheck([DENO, ...args]),
  };
}

function testWithNode(name: "node20" | "node24"): Stage {
  return {
    name,
    title: `tests, bundled, under Node ${name.slice("node".length)}`,
    needs: ["runtimes", "bundle"],
    async run(run) {
      const folder = join(run.folder, "node_tests");
      const tests = await bundleTests(run.root, listTests(run.root), folder);
      await stopBundler();
      return await runTests(run, name, (report) => [
        getRuntime(run, name),
        ...["--enable-source-maps", "--test", "--test-concurrency=2"],
        `--test-timeout=${TEST_LIMIT_MS}`,
        ...["--test-reporter=spec", "--test-reporter-destination=stdout"],
        ...["--test-reporter=junit", `--test-reporter-destination=${report}`],
        ...tests,
      ]);
    },
  };
}

async function runCheck(command: string[], folder?: string): Promise<Counts> {
  const status = await runCommand(command, getEnvironment(), folder);
  if (status !== 0) throw new Error(`Exited with status ${status}`);
  return ONE_CHECK;
}

/**
 * Installs into an empty folder, so that the lock, frozen by deno.json, is
 * held against all that is asked for.
 *
 * The second install resolves anew: only that keeps the packages' metadata in
 * Deno's cache. Without it every `deno run` asks for it again, and says so on
 * stderr.
 */
async function checkInstall({ root, folder }: Run): Promise<Counts> {
  const target = join(folder, "install");
  mkdirSync(target);
  for (const name of ["deno.json", "deno.lock", "package.json"]) {
    copyFileSync(join(root, name), join(target, name));
  }
  await runCheck([DENO, "install", "--quiet"], target);
  return await runCheck([DENO, "install", "--quiet", "--no-lock"], target);
}

async function checkBundle({ root, folder }: Run): Promise<Counts> {
  const names = ["zag-ps.js", "mod.js"];
  const first = join(root, "dist");
  const second = join(folder, "dist");
  for (const target of [first, second]) {
    const status = await runCommand(
      [DENO, "run", "-A", "scripts/bundle.ts", target],
      getEnvironment(),
    );
    if (status !== 0) {
      // What an earlier run built must not be tested in its place.
      names.forEach((name) => rmSync(join(first, name), { force: true }));
      throw new Error(`Exited with status ${status}`);
    }
  }
  for (const name of names) {
    const bytes = readFileSync(join(first, name));
    if (!bytes.equals(readFileSync(join(second, name)))) {
      throw new Error(`Two builds of "dist/${name}" differ`);
    }
    console.log(`dist/${name}: ${bytes.length} bytes, twice the same`);
  }
  return ONE_CHECK;
}

async function runTests(
  run: Run,
  name: string,
  getCommand: (report: string) => string[],
): Promise<Counts> {
  const path = join(run.folder, `${name}.xml`);
  const environment = getEnvironment({
    home: join(run.folder, "home"),
    runtimes: findRuntimes(run.root),
  });
  const status = await runCommand(getCommand(path), environment);
  const tests = existsSync(path) ? readJunit(readFileSync(path, "utf8")) : [];
  run.reports.set(name, tests);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcome } of tests) counts[outcome]++;
  if (counts.passed + counts.failed === 0) {
    console.error(`No test was run (status ${status})`);
    counts.failed++;
  } else if (status !== 0 && counts.failed === 0) {
    console.error(`Exited with status ${status}, though no test failed`);
    counts.failed++;
  }
  return counts;
}

/** A runtime that overlooks a file would be green for the wrong reason. */
function checkSame({ reports }: Run): Counts {
  const [first, ...others] = [...reports];
  if (first === undefined) return { passed: 0, failed: 0, skipped: 1 };
  const [firstName, firstTests] = first;
  const problems = others.flatMap(([name, tests]) => [
    ...findMissing(firstTests, tests).map((test) => `${name} lacks: ${test}`),
    ...findMissing(tests, firstTests)
      .map((test) => `${firstName} lacks, ${name} has: ${test}`),
  ]);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  console.log(`${firstTests.length} tests each: ${[...reports.keys()]}`);
  return ONE_CHECK;
}

function getRuntime({ root }: Run, name: RuntimeName): string {
  const runtimes = findRuntimes(root);
  if (runtimes === undefined) throw new Error(`"${name}" is not installed`);
  return runtimes[name];
}

function listTests(root: string): string[] {
  const tests = readdirSync(join(root, "tests"), { recursive: true })
    .map((path) => join("tests", String(path)))
    .filter((path) => path.endsWith("_test.ts"))
    .sort();
  // Without a name Node would look for tests of its own accord.
  if (tests.length === 0) throw new Error('There is no test in "tests/"');
  return tests;
}
