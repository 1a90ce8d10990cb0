import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "@std/yaml/parse";
import { TARGETS } from "../scripts/targets.ts";
import { VERSION } from "../src/model/version.ts";

interface Step {
  uses?: string;
  run?: string;
}

interface Job {
  needs?: string | string[];
  permissions?: Record<string, string>;
  steps: Step[];
  strategy?: { matrix: { include: { target: string }[] } };
}

interface Workflow {
  on: { push: { tags: string[] } };
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const FOLDER = join(".github", "workflows");
const TEXT = readFileSync(join(FOLDER, "release.yml"), "utf8");
const WORKFLOW = parse(TEXT) as Workflow;
const JOBS = Object.entries(WORKFLOW.jobs);

/** What each job may do; the rest, all that is not named, is refused. */
const PERMISSIONS: Record<string, Record<string, string>> = {
  "check": { contents: "read" },
  "build": { contents: "read" },
  "try": {},
  "try-musl": {},
  "attest": { "id-token": "write", attestations: "write" },
  "npm": { "id-token": "write" },
  "jsr": { contents: "read", "id-token": "write" },
  "github": { contents: "write" },
};

/** The job, and all that have to be done before it. */
function findEarlier(name: string): Set<string> {
  const needs = [WORKFLOW.jobs[name]?.needs ?? []].flat();
  return new Set(
    [name, ...needs.flatMap((other) => [...findEarlier(other)])],
  );
}

test("release.yml gives each job what it needs, and no more", () => {
  assert.deepEqual(WORKFLOW.permissions, {});
  assert.deepEqual(
    Object.fromEntries(JOBS.map(([name, job]) => [name, job.permissions])),
    PERMISSIONS,
  );
});

test("release.yml publishes only what was tested, started and attested", () => {
  for (const name of ["npm", "jsr", "github"]) {
    const earlier = findEarlier(name);
    for (const other of ["check", "build", "try", "try-musl", "attest"]) {
      assert.ok(earlier.has(other), `${name} waits for ${other}`);
    }
  }
});

test("release.yml starts the program of every target", () => {
  const started = JOBS.flatMap(([, { strategy }]) =>
    strategy?.matrix.include.map(({ target }) => target) ?? []
  );
  assert.deepEqual(
    started.sort(),
    TARGETS.map(({ triple }) => triple).sort(),
  );
});

test("release.yml runs tasks that there are", () => {
  const { tasks } = JSON.parse(readFileSync("deno.json", "utf8"));
  const named = [...TEXT.matchAll(/deno@[\d.]+ task (\S+)/g)]
    .map(([, task = ""]) => task);
  assert.ok(named.length >= 4);
  for (const task of named) assert.ok(task in tasks, task);
});

test("release.yml starts one exact version of what it takes from npm", () => {
  const packages = [...TEXT.matchAll(/\bnpx (?:-y )?(\S+)/g)]
    .map(([, name = ""]) => name);
  assert.ok(packages.length >= 5);
  assert.match(packages[0] ?? "", /^deno@\d+\.\d+\.\d+$/);
  assert.deepEqual([...new Set(packages)], packages.slice(0, 1));
});

test("release.yml puts no text of others into its scripts", () => {
  for (const [name, { steps }] of JOBS) {
    for (const { run = "" } of steps) {
      assert.doesNotMatch(run, /\$\{\{/, name);
    }
  }
});

test("release.yml begins with a tag of this version", () => {
  // Of the patterns of GitHub these use "+", "*" and brackets.
  const rules = WORKFLOW.on.push.tags.map((tag) =>
    new RegExp(`^${tag.replaceAll(".", "\\.").replaceAll("*", ".*")}$`)
  );
  const matches = (tag: string) => rules.some((rule) => rule.test(tag));
  assert.ok(matches(`v${VERSION}`));
  assert.ok(matches("v1.20.3-rc.1"));
  assert.ok(!matches("v1"));
  assert.ok(!matches("1.2.3"));
});

for (const file of readdirSync(FOLDER)) {
  test(`${file} pins every action to a commit`, () => {
    const text = readFileSync(join(FOLDER, file), "utf8");
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)]
      .map(([, value = ""]) => value)
      .filter((value) => !value.startsWith("./"));
    for (const value of uses) {
      assert.match(value, /^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });
}
