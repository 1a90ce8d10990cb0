import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "@std/yaml/parse";

const FOLDER = join("action", "dist");
/** What a step may load before its inputs have proved to be right. */
const MAX_START_BYTES = 120_000;
/** All that a step may ever load, but the validator; docs/action.md says it. */
const MAX_BYTES = 200_000;
const VALIDATOR = "validator.mjs";

const files = readdirSync(FOLDER);
const read = (name: string) => readFileSync(join(FOLDER, name), "utf8");

/** The files that a file loads as soon as it is loaded, and itself. */
function listLoaded(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const imports = /(?:^|;)import(?:[^;"']*from)?"\.\/([^"]+)"/g;
  for (const [, other = ""] of read(name).matchAll(imports)) {
    listLoaded(other, seen);
  }
  return seen;
}

/** The files that a file may load when it needs them. */
function listLazy(name: string): string[] {
  return [...read(name).matchAll(/import\("\.\/([^"]+)"\)/g)]
    .map(([, other = ""]) => other);
}

function countBytes(names: Iterable<string>): number {
  return [...names]
    .reduce((sum, name) => sum + readFileSync(join(FOLDER, name)).length, 0);
}

/** The files that a file loads at once or later, and itself. */
function listReachable(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const other of [...listLoaded(name), ...listLazy(name)]) {
    listReachable(other, seen);
  }
  return seen;
}

for (const name of ["main.mjs", "post.mjs"]) {
  test(`the bundle's ${name} starts with less than 120 kB`, () => {
    const loaded = listLoaded(name);
    assert.ok(loaded.size > 2, "its imports were not found");
    const bytes = countBytes(loaded);
    assert.ok(bytes < MAX_START_BYTES, `${bytes} bytes: ${[...loaded]}`);
    assert.ok(!loaded.has(VALIDATOR));
  });

  test(`the bundle's ${name} never loads 200 kB beside the validator`, () => {
    const reached = listReachable(name);
    assert.ok(reached.delete(VALIDATOR), "what is loaded later was not found");
    const bytes = countBytes(reached);
    assert.ok(bytes < MAX_BYTES, `${bytes} bytes: ${[...reached]}`);
  });
}

test("the bundle loads the validator only where a result is checked", () => {
  const users = files.filter((name) => listLazy(name).includes(VALIDATOR));
  assert.deepEqual(users, ["work.mjs"]);
  for (const name of files.filter((name) => name.endsWith(".mjs"))) {
    if (name === VALIDATOR) continue;
    assert.ok(!listLoaded(name).has(VALIDATOR), name);
  }
});

test("the bundle is all that it loads, and nothing else", () => {
  const reached = new Set<string>();
  const { runs } = parse(readFileSync("action.yml", "utf8")) as {
    runs: { main: string; post: string };
  };
  for (const path of [runs.main, runs.post]) {
    listReachable(path.replace("action/dist/", ""), reached);
  }
  assert.deepEqual([...reached, "LICENSES.txt"].sort(), files.toSorted());
});

test("the bundle makes no requests, and loads no packages", () => {
  for (const name of files.filter((name) => name.endsWith(".mjs"))) {
    const text = read(name);
    assert.doesNotMatch(text, /undici|\bfetch\(|node:https?\b/, name);
    const imports = text.matchAll(
      /(?:(?:^|;)(?:import|export)(?:[^;"']*from)?|\bimport\()"([^"]+)"/g,
    );
    for (const [, specifier = ""] of imports) {
      assert.match(
        specifier,
        /^(\.\/\w+\.mjs|node:[\w/]+|os|crypto|fs)$/,
        name,
      );
    }
  }
});

/** All of which anything is in the bundle. */
const PACKAGES = [
  "@actions/core",
  "@actions/exec",
  "@actions/io",
  "ajv",
  "ajv-draft-04",
  "ajv-formats",
  "deno-std",
  "fast-deep-equal",
  "fast-uri",
  "json-schema-traverse",
  "re2js",
  "valibot",
];

test("the bundle comes with the licences of what is in it", () => {
  const licenses = read("LICENSES.txt");
  const listed = [...licenses.matchAll(/^(\S+) [\d.]+ \([\w-]+\)$/gm)]
    .map(([, name]) => name);
  assert.deepEqual(listed, PACKAGES);
  for (const name of PACKAGES) {
    const [, license = ""] = new RegExp(
      `^${name} [\\d.]+ \\([\\w-]+\\)\\n\\n(.*?)(?:\\n-{79}|$(?![^]))`,
      "ms",
    ).exec(licenses) ?? [];
    assert.match(license, /Copyright/, name);
    assert.match(license, /Permission is hereby granted|Redistribution/, name);
  }
});
