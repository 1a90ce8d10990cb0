import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { renderManPage } from "../../src/cli/man_page.ts";
import { GLOBAL_OPTIONS, VERBS } from "../../src/cli/spec.ts";
import { EXIT_STATUS } from "../../src/model/errors.ts";
import { FILTER_KEYS } from "../../src/model/filter_keys.ts";
import { VERSION } from "../../src/model/version.ts";
import { findTool, skipWithout } from "../support/tools.ts";

const PAGE = renderManPage({ date: "2026-11-23" });

/** The page as a terminal shows it, its lines joined. */
function readPage(): string {
  return PAGE.replace(/\\f[BIR]/g, "").replaceAll("\\-", "-")
    .replaceAll("\\(dq", '"').replaceAll("\\(aq", "'")
    .replaceAll("\\(ti", "~").replaceAll("\\e", "\\")
    .replace(/\n(?!\.)/g, " ");
}

test("renderManPage begins with its name, date and version", () => {
  assert.ok(PAGE.startsWith(
    `.TH ZAG\\-PS 1 "2026-11-23" "zag\\-ps ${VERSION}"\n.SH NAME\n` +
      "zag\\-ps \\- see and safely end the AI coding agents of this machine\n",
  ));
});

test("renderManPage has the sections of a command, in their order", () => {
  const sections = [...PAGE.matchAll(/^\.SH (.*)$/gm)].map(([, name]) => name);
  assert.deepEqual(sections, [
    "NAME",
    "SYNOPSIS",
    "DESCRIPTION",
    "COMMANDS",
    "OPTIONS",
    "FILTERS",
    "EXIT STATUS",
    "ENVIRONMENT",
    "FILES",
    "EXAMPLES",
    "SEE ALSO",
  ]);
});

test("renderManPage has an option as it is set in the help", () => {
  assert.ok(PAGE.includes(
    "\n.TP\n\\fB\\-n\\fR, \\fB\\-\\-limit\\fR \\fIN\\fR\n" +
      "Only the N newest, taken before the other filters\n",
  ));
});

test("renderManPage has all that the help has", () => {
  const text = readPage();
  for (const { name, positionals, summary, notes } of VERBS) {
    assert.ok(text.includes(`.SS "${`${name} ${positionals}`.trim()}"`), name);
    for (const line of [summary, ...notes]) {
      assert.ok(text.includes(line), line);
    }
  }
  for (
    const { name, help } of [
      ...GLOBAL_OPTIONS,
      ...VERBS.flatMap(({ options }) => options),
    ]
  ) {
    assert.ok(text.includes(`--${name}`), name);
    assert.ok(text.includes(help), help);
  }
  for (const { help } of FILTER_KEYS) assert.ok(text.includes(help), help);
  for (const status of Object.values(EXIT_STATUS)) {
    assert.match(text, new RegExp(`^\\.TP ${status} `, "m"));
  }
});

test("renderManPage writes only ASCII, in short lines, and no stray request", () => {
  // deno-lint-ignore no-control-regex
  assert.match(PAGE, /^[\x00-\x7f]*$/);
  for (const line of PAGE.split("\n")) {
    assert.ok(line.length <= 100, line);
    assert.match(line, /^(?:\.(?:TH|SH|SS|TP|PP|B|BR|RI)(?= |$)|[^.'])|^$/);
  }
});

const LINTERS: readonly (readonly [string, readonly string[]])[] = [
  ["mandoc", ["-T", "lint"]],
  ["groff", ["-man", "-ww", "-z", "-Tutf8"]],
];

for (const [name, args] of LINTERS) {
  test(`renderManPage makes a page that ${name} finds nothing in`, {
    skip: skipWithout(name),
  }, () => {
    const { status, stdout, stderr } = spawnSync(findTool(name) ?? "", args, {
      input: PAGE,
      encoding: "utf8",
    });
    assert.deepEqual([status, stdout, stderr], [0, "", ""]);
  });
}
