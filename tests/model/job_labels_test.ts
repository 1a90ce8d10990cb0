import assert from "node:assert/strict";
import { test } from "node:test";
import { readJobLabels } from "../../src/model/job_labels.ts";

const GOOD = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "acme/shop.js",
  GITHUB_RUN_ID: "4711",
};
const PAGE = "https://github.com/acme/shop.js/actions/runs/4711";

const PAGES: [
  name: string,
  page: string | undefined,
  markers: Record<string, string>,
][] = [
  ["a run", PAGE, {}],
  ["an attempt", `${PAGE}/attempts/3`, { GITHUB_RUN_ATTEMPT: "3" }],
  ["no odd attempt", PAGE, { GITHUB_RUN_ATTEMPT: "3/../4" }],
  [
    "a server of a company",
    "http://git.acme.test:8080/acme/shop.js/actions/runs/4711",
    { GITHUB_SERVER_URL: "http://git.acme.test:8080/" },
  ],
  ["no server", undefined, { GITHUB_SERVER_URL: "" }],
  ["no script", undefined, { GITHUB_SERVER_URL: "javascript:alert(1)" }],
  ["no file", undefined, { GITHUB_SERVER_URL: "file:///" }],
  ["no path", undefined, { GITHUB_SERVER_URL: "https://a.test/x" }],
  ["no query", undefined, { GITHUB_SERVER_URL: "https://a.test?x=" }],
  ["no password", undefined, { GITHUB_SERVER_URL: "https://u:p@a.test" }],
  ["no repository", undefined, { GITHUB_REPOSITORY: "" }],
  ["no lone name", undefined, { GITHUB_REPOSITORY: "shop" }],
  ["no third name", undefined, { GITHUB_REPOSITORY: "a/b/c" }],
  ["no way up", undefined, { GITHUB_REPOSITORY: "acme/.." }],
  ["no markup", undefined, { GITHUB_REPOSITORY: 'a/"><b>' }],
  ["no second line", undefined, { GITHUB_REPOSITORY: "a/b\n" }],
  ["no odd run", undefined, { GITHUB_RUN_ID: "4711x" }],
  ["no negative run", undefined, { GITHUB_RUN_ID: "-1" }],
];

for (const [name, page, markers] of PAGES) {
  test(`readJobLabels makes a page for ${name}`, () => {
    assert.equal(readJobLabels({ ...GOOD, ...markers }).runUrl, page);
  });
}

test("readJobLabels leaves out what is not there", () => {
  assert.deepEqual(readJobLabels({ RUNNER_NAME: "", GITHUB_RUN_ID: "x" }), {});
});

test("readJobLabels keeps a run whose page is not known", () => {
  const markers = { GITHUB_RUN_ID: "12", GITHUB_JOB: "a b", RUNNER_NAME: "r" };
  assert.deepEqual(readJobLabels(markers), {
    run: "12",
    job: "a b",
    runner: "r",
  });
});
