import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { CANDIDATE_LISTS } from "../../../src/commands/list_candidates.ts";
import { renderScript } from "../../../src/cli/completion/render_script.ts";
import { GLOBAL_OPTIONS, VERBS } from "../../../src/cli/spec.ts";
import type { Offer } from "../../../src/cli/verb.ts";
import { SHELLS } from "../../../src/cli/verbs/completion.ts";
import { FILTER_KEYS } from "../../../src/model/filter_keys.ts";
import { findTool, skipWithout } from "../../support/tools.ts";

const OPTIONS = [...GLOBAL_OPTIONS, ...VERBS.flatMap((verb) => verb.options)];

for (const shell of SHELLS) {
  const script = renderScript(shell);

  test(`renderScript has every verb, alias, option and key for ${shell}`, () => {
    const words = new Set(script.match(/[\w-]+/g));
    for (const { name, aliases } of VERBS) {
      for (const word of [name, ...aliases]) assert.ok(words.has(word), word);
    }
    for (const { name } of OPTIONS) {
      // fish has its own way to write --name.
      const word = shell === "fish" ? `-l ${name}` : `--${name}`;
      assert.ok(script.includes(word), word);
    }
    for (const { key, values = [] } of FILTER_KEYS) {
      for (const word of [key, ...values]) {
        assert.match(script, new RegExp(`\\b${word}\\b`));
      }
    }
  });

  test(`renderScript has no words that nothing filled in for ${shell}`, () => {
    assert.doesNotMatch(script, /undefined|\[object|NaN/);
    assert.ok(script.endsWith("\n"));
  });
}

/** What is in the help for a value, and must be offered. */
const OFFERED = /^(?:DIR|PATH|FILE.*|DURATION|SIGNAL|ID|WHEN|KEY=VALUE)$/;

test("options offer values wherever there are some to offer", () => {
  for (const { name, value = "", offers } of OPTIONS) {
    assert.equal(
      offers !== undefined,
      OFFERED.test(value) || /^(provider|model|tag)$/.test(name),
      name,
    );
  }
});

test("verbs offer arguments wherever they take an ID", () => {
  for (const { name, positionals, offers } of VERBS) {
    assert.equal(offers !== undefined, positionals !== "", name);
  }
});

test("offers name lists that there are", () => {
  const lists = [...OPTIONS, ...VERBS].flatMap(({ offers }) =>
    readList(offers)
  );
  assert.ok(lists.length > 5);
  for (const list of lists) assert.ok(CANDIDATE_LISTS.includes(list), list);
});

function readList(offers: Offer | undefined): string[] {
  return typeof offers === "object" && "list" in offers ? [offers.list] : [];
}

test("renderScript makes a script that shellcheck finds nothing in", {
  skip: skipWithout("shellcheck"),
}, () => {
  const { status, stdout } = spawnSync(
    findTool("shellcheck") ?? "",
    ["-s", "bash", "-"],
    { input: renderScript("bash"), encoding: "utf8" },
  );
  assert.deepEqual([status, stdout], [0, ""]);
});

test("renderScript writes every quote of PowerShell twice, curly ones too", () => {
  const [, set = ""] = /\$word -replace '(\[.*?\])', '\$0\$0'/.exec(
    renderScript("powershell"),
  ) ?? [];
  assert.notEqual(set, "");
  const quotes = new RegExp(set.replaceAll("''", "'"), "g");
  // The four that end a single-quoted text, besides the straight one.
  for (const quote of "'\u2018\u2019\u201a\u201b") {
    assert.equal(`a${quote}b`.replace(quotes, "$&$&"), `a${quote}${quote}b`);
  }
});

test("renderScript closes every bracket and quote for PowerShell", () => {
  const script = renderScript("powershell");
  const texts = /'(?:[^']|'')*'|"(?:[^"`]|`.)*"|^ *#.*$/gm;
  const bare = script.replace(texts, "");
  assert.doesNotMatch(bare, /['"]/);
  const open: string[] = [];
  for (const [mark] of bare.matchAll(/[(){}[\]]/g)) {
    if ("({[".includes(mark)) open.push(mark);
    else assert.match(`${open.pop()}${mark}`, /\(\)|\{\}|\[\]/);
  }
  assert.deepEqual(open, []);
  // In a single-quoted text only the quote itself is written twice.
  for (const { help } of OPTIONS) {
    assert.ok(script.includes(`'${help.replaceAll("'", "''")}'`), help);
  }
});
