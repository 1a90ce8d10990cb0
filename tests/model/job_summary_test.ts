import assert from "node:assert/strict";
import { test } from "node:test";
import {
  escapeHtml,
  MAX_SUMMARY_ROWS,
  renderJobSummary,
} from "../../src/model/job_summary.ts";
import type { CleanUpRow } from "../../src/model/clean_up_report.ts";
import { makeRow } from "../support/clean_up.ts";

const SERVER = "https://github.example";
const RUN = `${SERVER}/acme/shop/actions/runs/123`;

function render(
  rows: CleanUpRow[],
  { showPrompts = false, refusal = undefined as string | undefined } = {},
): string {
  return renderJobSummary(
    { rows, others: new Map(), refusal },
    { title: "zag-ps reap", showPrompts, server: SERVER },
  );
}

test("renderJobSummary shows each agent and links the run that left it", () => {
  assert.equal(
    render([makeRow({ runUrl: RUN, reason: "it had a child" })]),
    `<h3>zag-ps reap</h3>
<p>1 agent found, 1 ended</p>
<table>
<tr><th>Agent</th><th>Age</th><th>Memory</th><th>Ownership</th><th>Why</th><th>Outcome</th><th>Left by</th></tr>
<tr><td><code>claude</code><br>pid 4321<br><code>pid:4321</code></td><td>1h</td><td>512 MiB</td><td>leftover</td><td><code>another job left it</code><br><code>its program is claude</code></td><td>killed<br><code>it had a child</code></td><td><a href="${RUN}">run 123</a></td></tr>
</table>

`,
  );
});

test("renderJobSummary has no table where nothing was found", () => {
  assert.equal(
    render([]),
    "<h3>zag-ps reap</h3>\n<p>0 agents found</p>\n\n",
  );
});

test("renderJobSummary says why nothing was done", () => {
  const html = render([], { refusal: "60 agents are meant" });
  assert.ok(html.includes("<p><code>60 agents are meant</code></p>"));
});

test("renderJobSummary shows prompts only if that is asked for", () => {
  const row = makeRow({ prompt: "use the key s3cr3t" });
  assert.ok(!render([row]).includes("s3cr3t"));
  const html = render([row], { showPrompts: true });
  assert.ok(html.includes("<th>Prompt</th>"));
  assert.ok(html.includes("<td><code>use the key s3cr3t</code></td>"));
});

const HOSTILE = `<img src=x onerror="a('b')">&amp;\n\n# head\u0007\u202e`;

test("renderJobSummary shows HTML and Markdown as they are written", () => {
  const html = render([
    makeRow({
      ...{ id: HOSTILE, provider: HOSTILE, why: HOSTILE, reason: HOSTILE },
      ...{ evidence: [HOSTILE], prompt: HOSTILE, runUrl: HOSTILE },
    }),
  ], { showPrompts: true, refusal: HOSTILE });
  assert.ok(!html.includes("<img"));
  assert.deepEqual(
    [...new Set(html.match(/<[^>]*>/g))].filter((tag) =>
      !/^<\/?(h3|p|table|tr|th|td|code|br)>$/.test(tag)
    ),
    [],
  );
  // A blank line would end the HTML, and begin Markdown.
  assert.equal(html.trimEnd().split("\n\n").length, 1);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(html, /[\u0000-\u0009\u000b-\u001f\u202e]/);
});

const LINKS: [name: string, url: string | undefined, link: boolean][] = [
  ["a run", RUN, true],
  ["an attempt of a run", `${RUN}/attempts/2`, true],
  ["no run", undefined, false],
  ["a run of another server", RUN.replace("github.", "evil."), false],
  ["another page", `${SERVER}/acme/shop/settings`, false],
  ["a run with a query", `${RUN}?check_suite_focus=true`, false],
  ["a run with a user", RUN.replace("//", "//me@"), false],
  ["a run with a password", RUN.replace("//", "//:me@"), false],
  ["a script", "javascript:alert(1)//actions/runs/1", false],
  ["a run that leads elsewhere", `${SERVER}/a/b/actions/runs/1/../../x`, false],
  ["a text that breaks out", `${RUN}"><script>`, false],
  ["what is no address", "123", false],
];

for (const [name, url, link] of LINKS) {
  test(`renderJobSummary ${link ? "links" : "does not link"} ${name}`, () => {
    const html = render([makeRow({ runUrl: url })]);
    assert.equal(html.includes("<a "), link, html);
  });
}

test("renderJobSummary counts the agents that it has no room for", () => {
  const rows = Array.from(
    { length: MAX_SUMMARY_ROWS + 3 },
    (_, i) => makeRow({ pid: i + 2, why: "x".repeat(100_000) }),
  );
  const html = render(rows);
  assert.equal(html.match(/<tr>/g)?.length, MAX_SUMMARY_ROWS + 1);
  assert.ok(html.includes("<p>and 3 more</p>"));
  assert.ok(html.length < 2 ** 19, String(html.length));
});

for (const [name, text] of [["marks", '"'], ["wide letters", "\u5b57"]]) {
  test(`renderJobSummary stays below 1 MiB with ${name} all over`, () => {
    const long = String(text).repeat(5000);
    const rows = Array.from({ length: MAX_SUMMARY_ROWS }, (_, i) =>
      makeRow({
        ...{ pid: i + 2, id: long, provider: long, why: long, reason: long },
        ...{ evidence: [long, long], prompt: long },
      }));
    const html = render(rows, { showPrompts: true, refusal: long });
    assert.ok(new TextEncoder().encode(html).length < 2 ** 20);
    const shown = (html.match(/<tr>/g)?.length ?? 0) - 1;
    assert.ok(shown > 20, String(shown));
    assert.ok(html.includes(`<p>and ${MAX_SUMMARY_ROWS - shown} more</p>`));
  });
}

test("escapeHtml escapes all that HTML knows", () => {
  assert.equal(
    escapeHtml(`<a b='c' d="e">&`),
    "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;",
  );
});
