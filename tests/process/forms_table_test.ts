import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import type { Ran } from "../support/children.ts";
import { builtForms } from "../support/built_forms.ts";
import type { Form } from "../support/forms.ts";
import {
  A,
  B,
  C,
  D,
  E,
  type Labels,
  prepareHome,
} from "../support/forms_home.ts";
import { type Row, ROWS as FIRST_ROWS } from "../support/forms_rows.ts";
import { RUN_ROWS } from "../support/forms_run_rows.ts";
import {
  cachedForms,
  ownForm,
  withWorld,
  type World,
} from "../support/world.ts";

/** The forms that leave out what they cannot do, by their names. */
const FROM_STDIN = /standard input/;
const ROWS: readonly Row[] = [...FIRST_ROWS, ...RUN_ROWS];

// Each stage starts all forms: once is enough.
const skip = process.versions["deno"]
  ? false
  : "the forms are compared when the tests run under Deno";

/** The files that all forms must leave the same, below the zag home. */
const FILES = [
  "processes.json",
  "logs/sessions/free.jsonl",
  "../ended/processes.json",
  "../stale/processes.json",
];

/** What one form did: what each row printed, and the files at the end. */
interface Outcome {
  form: string;
  rows: Map<string, Ran>;
  files: Record<string, string | undefined>;
}

let outcomes: Promise<Outcome[]> | undefined;

/** Runs the table under every form, each on a home of its own. */
function runAll(): Promise<Outcome[]> {
  const started = Date.now();
  return outcomes ??= Promise.all(
    [...cachedForms(), ...builtForms()].map((form) => runTable(form, started)),
  );
}

async function runTable(
  form: Form<string>,
  started: number,
): Promise<Outcome> {
  const rows = new Map<string, Ran>();
  const files: Outcome["files"] = {};
  await withWorld(async (world) => {
    const labels = await prepareHome(world, started);
    const mask = (text: string) => maskText(text, world, labels);
    for (const row of ROWS) {
      const { status, stdout, stderr } = await runRow(row, form, world);
      const ran = { status, stdout: mask(stdout), stderr: mask(stderr) };
      if (canRun(form, row)) rows.set(row.name, ran);
    }
    for (const path of FILES) {
      files[path] = mask(world.read(path) ?? "");
    }
  });
  return { form: form.name, rows, files };
}

function runRow(row: Row, form: Form<string>, world: World): Promise<Ran> {
  const place = (text: string) => text.replaceAll("{home}", world.home);
  const { env = {}, input = "" } = row;
  // Another form does what this one cannot, so that the table can go on.
  const able = canRun(form, row) ? form : ownForm();
  return world.run(row.args.map(place), { form: able, env, input });
}

/**
 * A program that is read from standard input has nothing left to read there,
 * and no file that could be started. That it says so, a test below shows.
 */
function canRun(form: Form<string>, row: Row): boolean {
  return form.program === undefined ||
    row.input === undefined && !row.startsItself;
}

/** The ids that are the same in every home; run makes others. */
const KNOWN_IDS = new Set([A, B, C, D, E]);
const UUID = /\b[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g;

/** The text without what differs between two homes. */
function maskText(text: string, world: World, labels: Labels): string {
  let masked = text.replaceAll(world.home, "<home>");
  for (const [label, pid] of labels) {
    masked = masked
      .replaceAll(` ${String(pid).padEnd(7)} `, ` <${label}>${" ".repeat(4)} `)
      .replace(new RegExp(`\\b${pid}\\b`, "g"), `<${label}>`);
  }
  return masked
    .replace(/("(?:exited_at|recorded_at|ts)": ?)"[^"]*"/g, '$1"<time>"')
    .replace(/(\t\w+, running, )\w+/g, "$1<age>")
    .replace(/("(?:age|duration)_ms": ?)\d+/g, '$1"<time>"')
    .replace(/^(Exited: +|Started: {8}|Start stamp: +).*$/gm, "$1<time>")
    .replace(/( after )[\dms]+$/gm, "$1<time>")
    .replace(/\b\d{8}T\d{6}Z\b/g, "<stamp>")
    .replace(UUID, (id) => KNOWN_IDS.has(id) ? id : "<id>")
    .replace(/\b(process )\d+ \(<id>\)/g, "$1<pid> (<id>)");
}

test("forms are more than one", { skip }, () => {
  assert.ok(cachedForms().length > 1, "there is nothing to compare");
  assert.ok(builtForms().length > 1, "nothing is built");
});

test("forms that are read from standard input refuse what they cannot do", {
  skip,
}, () =>
  withWorld(async (world) => {
    await prepareHome(world, Date.now());
    const before = world.read("processes.json");
    for (const form of builtForms().filter(({ program }) => program)) {
      const killed = await world.run(["kill", A, "--file", "-"], { form });
      assert.deepEqual([killed.status, killed.stdout], [2, ""], form.name);
      assert.match(
        killed.stderr,
        /^Error: Cannot read the result .* itself was read from there$/m,
      );
      const run = await world.run(["run", "-d", "--", "/bin/true"], { form });
      assert.deepEqual([run.status, run.stdout], [2, ""], form.name);
      assert.match(run.stderr, /^Error: Cannot start zag-ps once more: /m);
    }
    assert.equal(world.read("processes.json"), before);
    assert.equal(world.read("logs/sessions/free.jsonl"), undefined);
  }));

for (const row of ROWS) {
  test(`forms agree on: ${row.name}`, { skip }, async () => {
    const [first, ...others] = await runAll();
    const ran = first?.rows.get(row.name);
    assert.ok(ran);
    assert.equal(ran.status, row.status, ran.stderr);
    for (
      const [text, wanted] of [[ran.stdout, row.out], [ran.stderr, row.err]]
    ) {
      if (wanted === "") assert.equal(text, "");
      else if (wanted !== undefined) {
        assert.match(String(text), wanted as RegExp);
      }
    }
    for (const { form, rows } of others) {
      if (!rows.has(row.name) && FROM_STDIN.test(form)) continue;
      assert.deepEqual(rows.get(row.name), ran, `${form} and ${first?.form}`);
    }
  });
}

test("forms leave the same files", { skip }, async () => {
  const [first, ...others] = await runAll();
  for (const { form, files } of others) {
    assert.deepEqual(files, first?.files, `${form} and ${first?.form}`);
  }
  const store = first?.files["processes.json"] ?? "";
  assert.deepEqual(
    [...store.matchAll(/"status": "(\w+)"/g)].map(([, status]) => status),
    ["killed", "killed", "running", "running", "exited", "paused"],
  );
  const log = (first?.files["logs/sessions/free.jsonl"] ?? "").trimEnd();
  const results = log.split("\n").map((line) => JSON.parse(line).result);
  assert.deepEqual(results, [
    "",
    "007",
    "9007199254740993",
    "\u{1f916} \u00e9\x1b\n",
    "x".repeat(100_000),
    "--x",
    "from a file\n",
    "\ufefffrom\r\nhere\n",
    "true",
  ]);
});
