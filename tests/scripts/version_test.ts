import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import {
  findDisagreements,
  type Places,
  readNotes,
  readPlaces,
} from "../../scripts/version.ts";
import { SUMMARY } from "../../src/model/version.ts";

const AGREEING: Places = {
  "deno.json": "1.2.3",
  "package.json": "1.2.3",
  "src/model/version.ts": "1.2.3",
  changelog:
    "# Changelog\n\n## [1.2.3] - 2026-11-23\n\n## [1.2.2] - 2026-01-01\n",
  tag: "v1.2.3",
};

const ROWS: [string, Partial<Places>, RegExp][] = [
  ["package.json", { "package.json": "1.2.4" }, /package\.json has "1\.2\.4"/],
  ["--version", { "src/model/version.ts": "1.2" }, /version\.ts has "1\.2"/],
  ["the tag", { tag: "v1.2.4" }, /the tag has "1\.2\.4"/],
  ["a tag without a v", { tag: "1.2.3" }, /does not begin with "v"/],
  ["no changelog", { changelog: "" }, /CHANGELOG\.md has "undefined"/],
  [
    "an older changelog",
    { changelog: "## [1.2.2] - 2026-01-01\n" },
    /CHANGELOG\.md has "1\.2\.2"/,
  ],
  [
    "a tag before the date",
    { changelog: "## [1.2.3] - Unreleased\n" },
    /has no date/,
  ],
];

test("package.json says in one line what the help says", () => {
  const { description } = JSON.parse(readFileSync("package.json", "utf8"));
  assert.equal(description, SUMMARY);
});

test("findDisagreements finds none where all agree", () => {
  assert.deepEqual(findDisagreements(AGREEING), []);
  assert.deepEqual(findDisagreements({ ...AGREEING, tag: undefined }), []);
  const changelog = "## [1.2.3] - Unreleased\n";
  const early = { ...AGREEING, changelog, tag: undefined };
  assert.deepEqual(findDisagreements(early), []);
});

for (const [name, places, message] of ROWS) {
  test(`findDisagreements finds ${name}`, () => {
    const [problem = "", ...others] = findDisagreements({
      ...AGREEING,
      ...places,
    });
    assert.match(problem, message);
    assert.deepEqual(others, []);
  });
}

test("readPlaces reads versions that agree", () => {
  const places = readPlaces(process.cwd());
  assert.match(places["deno.json"], /^\d+\.\d+\.\d+/);
  assert.deepEqual(findDisagreements(places), []);
});

const CHANGELOG = "# Changelog\n\nForm.\n\n## [1.1.0] - 2026-12-24\n\n" +
  "### Added\n\n- b\n\n## [1.0.0] - 2026-11-23\n\n- a\n\n## [0.9.0] - 2026-01-01\n";

test("readNotes takes the part of the version", () => {
  assert.equal(readNotes(CHANGELOG, "1.1.0"), "### Added\n\n- b\n");
  assert.equal(readNotes(CHANGELOG, "1.0.0"), "- a\n");
});

test("readNotes refuses a version of which nothing is said", () => {
  for (const version of ["0.9.0", "1.1", "2.0.0"]) {
    assert.throws(() => readNotes(CHANGELOG, version), /Failed to find/);
  }
});
