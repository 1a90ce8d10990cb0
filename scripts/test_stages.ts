/**
 * The stages that run tests, and compare what was run.
 *
 * @module
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { bundleTests, stopBundler } from "./bundle.ts";
import { bundleClients } from "./clients/run_clients.ts";
import { findMissing, readJunit, type TestResult } from "./junit.ts";
import { getEnvironment, runCommand } from "./run_command.ts";
import { findRuntimes } from "./runtimes.ts";
import {
  type Counts,
  getRuntime,
  ONE_CHECK,
  type Run,
  type Stage,
} from "./stage.ts";

const DENO = process.execPath;
/** A single test that hangs is ended before its whole stage is. */
const TEST_LIMIT_MS = 120_000;

/** In the order in which they run. */
export const TEST_STAGES: Stage[] = [
  {
    name: "deno",
    title: "tests under Deno",
    needs: ["runtimes", "bundle", "compile"],
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
    needs: ["runtimes", "bundle", "compile"],
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
    name: "clients",
    title: "GitHub's parser, actionlint and a runner of others",
    needs: ["runtimes"],
    async run(run) {
      const programs = await bundleClients(run.root);
      const { counts } = await runProgram(run, "clients", (report) => [
        getRuntime(run, "node24"),
        "--test",
        ...[`--test-timeout=${TEST_LIMIT_MS}`, "--test-reporter=spec"],
        ...["--test-reporter-destination=stdout", "--test-reporter=junit"],
        ...[`--test-reporter-destination=${report}`, ...programs],
      ]);
      return counts;
    },
  },
];

function testWithNode(name: "node20" | "node24"): Stage {
  return {
    name,
    title: `tests, bundled, under Node ${name.slice("node".length)}`,
    needs: ["runtimes", "bundle", "compile"],
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

/** Runs the tests under a runtime, for the stage `same` to compare. */
async function runTests(
  run: Run,
  name: string,
  getCommand: (report: string) => string[],
): Promise<Counts> {
  const { counts, tests } = await runProgram(run, name, getCommand);
  run.reports.set(name, tests);
  return counts;
}

/** Runs tests, and counts what their report says. */
async function runProgram(
  run: Run,
  name: string,
  getCommand: (report: string) => string[],
): Promise<{ counts: Counts; tests: TestResult[] }> {
  const path = join(run.folder, `${name}.xml`);
  const environment = getEnvironment({
    home: join(run.folder, "home"),
    runtimes: findRuntimes(run.root),
  });
  const status = await runCommand(getCommand(path), environment);
  const tests = existsSync(path) ? readJunit(readFileSync(path, "utf8")) : [];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcome } of tests) counts[outcome]++;
  if (counts.passed + counts.failed === 0) {
    console.error(`No test was run (status ${status})`);
    counts.failed++;
  } else if (status !== 0 && counts.failed === 0) {
    console.error(`Exited with status ${status}, though no test failed`);
    counts.failed++;
  }
  return { counts, tests };
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

function listTests(root: string): string[] {
  const tests = readdirSync(join(root, "tests"), { recursive: true })
    .map((path) => join("tests", String(path)))
    .filter((path) => path.endsWith("_test.ts"))
    .sort();
  // Without a name Node would look for tests of its own accord.
  if (tests.length === 0) throw new Error('There is no test in "tests/"');
  return tests;
}
