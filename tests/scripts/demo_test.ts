import assert from "node:assert/strict";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type Agent, isAlive, startChild } from "../support/children.ts";
import { cachedForms } from "../support/world.ts";

const SCRIPTS = resolve("scripts");
const deno = cachedForms().find(({ name }) => name === "deno");
const skip = deno === undefined ? "Deno is not there" : false;

/** The demo, running, with a folder for temporary files of its own. */
interface Demo extends Agent {
  /** What it left behind: names of files, pids of processes. */
  findRemains(): (string | number)[];
}

async function withDemo(
  use: (demo: Demo) => Promise<void>,
  prepare: (folder: string) => string = () => SCRIPTS,
): Promise<void> {
  assert.ok(deno);
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-demo-test-"));
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const env: Record<string, string> = { ...deno.env, NO_COLOR: "1" };
  for (const name of ["PATH", "HOME", "SystemRoot"]) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  for (const name of ["TMPDIR", "TEMP", "TMP"]) env[name] = temporary;
  const [program = ""] = deno.command;
  const demo = startChild(
    program,
    ["run", "-A", join(prepare(folder), "demo.ts")],
    env,
  );
  try {
    const findPids = () =>
      readRows(demo.output()).map(([, pid]) => Number(pid));
    await use({
      ...demo,
      findRemains: () => [
        ...readdirSync(temporary),
        ...findPids().filter(isAlive),
      ],
    });
  } finally {
    demo.child.kill("SIGKILL");
    await demo.waitForEnd();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rows of the tables in a text: id, pid, status, provider, ... */
function readRows(text: string): string[][] {
  return text.split("\n").filter((line) => /^[\da-f-]{36} /.test(line))
    .map((line) => line.split(/ +/));
}

function readStatuses(text: string): Record<string, string> {
  return Object.fromEntries(
    readRows(text).map(([, , status = "", who = ""]) => [who, status]),
  );
}

test("demo shows a refused kill, the corrected one, and what it recorded", {
  skip,
}, () =>
  withDemo(async (demo) => {
    assert.equal(await demo.waitForEnd(), 0);
    const steps = demo.output().split(/^\$ /m);
    assert.equal(steps.length, 5);
    const [, before = "", refused = "", accepted = "", after = ""] = steps;
    assert.deepEqual(readStatuses(before), {
      claude: "running",
      codex: "running",
      gemini: "dead",
    });
    const pid = readRows(before).find(([, , , who]) => who === "claude")?.[1];
    assert.match(refused, /^zag-ps kill [\da-f]{8} '/);
    assert.match(refused, /"all of them" is not of type "integer"/);
    assert.match(refused, /^\(exit status 4\)$/m);
    assert.match(refused, new RegExp(`^# Process ${pid} lives on`, "m"));
    assert.match(accepted, /^✓ Process killed$/m);
    assert.match(accepted, /^ {2}"type": "session_result",$/m);
    assert.match(accepted, new RegExp(`^# Process ${pid} was ended by`, "m"));
    assert.deepEqual(readStatuses(after), {
      claude: "killed",
      codex: "running",
      gemini: "dead",
    });
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(demo.output(), /\x1b/);
    assert.deepEqual(demo.findRemains(), []);
  }));

for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  test(`demo leaves nothing behind when ${signal} interrupts it`, {
    skip,
  }, () =>
    withDemo(async (demo) => {
      await demo.waitFor("$ zag-ps kill");
      assert.notDeepEqual(demo.findRemains(), []);
      // Not child.kill: after it Deno takes the status 143 for SIGTERM.
      process.kill(demo.pid, signal);
      assert.equal(await demo.waitForEnd(), status);
      assert.deepEqual(demo.findRemains(), []);
    }));
}

/** A copy of the demo beside a zag-ps that lists agents and never refuses. */
function copyWithLaxCli(folder: string): string {
  const copy = join(folder, "scripts");
  cpSync(SCRIPTS, copy, { recursive: true });
  const store = 'join(process.env.ZAG_HOME, "processes.json")';
  writeFileSync(
    join(folder, "cli.ts"),
    `import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
const { processes } = JSON.parse(readFileSync(${store}, "utf8"));
const statuses = ["running", "running", "dead"];
if (process.argv.includes("--json")) {
  console.log(JSON.stringify(statuses.map((live_status) => ({ live_status }))));
} else for (const { id, pid } of processes) console.log(id, pid);
`,
  );
  return copy;
}

test("demo fails where a step does not do what it should, and cleans up", {
  skip,
}, () =>
  withDemo(async (demo) => {
    assert.equal(await demo.waitForEnd(), 1);
    assert.match(demo.output(), /^\$ zag-ps kill/m);
    assert.doesNotMatch(demo.output(), /session_result/);
    assert.deepEqual(demo.findRemains(), []);
  }, copyWithLaxCli));
