import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "@std/yaml/parse";
import { parseCommandLine } from "../../src/cli/args.ts";
import { splitWords } from "../support/readme.ts";
import { CUT_OFF_MS } from "../../action/post.ts";
import { listKinds, type Scope } from "../../src/model/clean_up_scope.ts";
import type { OwnershipKind } from "../../src/model/seen_agent.ts";

const PAGE = readFileSync("docs/action.md", "utf8");

interface Described {
  default?: string;
}

const { inputs, outputs } = parse(readFileSync("action.yml", "utf8")) as {
  inputs: Record<string, Described>;
  outputs: Record<string, Described>;
};

/** The cells of the rows of a table that begins with such a cell. */
function readTable(first: string): string[][] {
  const [, body = ""] =
    new RegExp(`^\\| ${first} .*\\n.*\\n((?:\\|.*\\n)+)`, "m")
      .exec(PAGE) ?? [];
  return body.trimEnd().split("\n")
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

test("docs/action.md has every input with its default", () => {
  assert.deepEqual(
    readTable("input").map(([name, value]) => [name, value]),
    Object.entries(inputs).map(([name, { default: value = "" }]) => [
      `\`${name}\``,
      value === "" ? "" : `\`${value}\``,
    ]),
  );
});

test("docs/action.md has every output", () => {
  assert.deepEqual(
    readTable("output").map(([name]) => name),
    Object.keys(outputs).map((name) => `\`${name}\``),
  );
});

test("docs/action.md says whose agents each scope means", () => {
  const rows = readTable("ownership");
  assert.equal(rows.length, 6);
  for (const [name = "", , ...cells] of rows) {
    const kind = name.replaceAll("`", "") as OwnershipKind;
    const scopes: Scope[] = ["job", "runner", "host"];
    for (const [i, scope] of scopes.entries()) {
      const plain = listKinds([scope], false).has(kind);
      const cell = cells[i] ?? "";
      assert.equal(/^yes/.test(cell), plain, `${kind} ${scope}`);
      // Inputs that contradict each other are refused.
      const detached = scope !== "job" && listKinds([scope], true).has(kind);
      assert.equal(cell === "with `include-detached`", detached && !plain);
      if (/^never/.test(cell)) {
        assert.ok(!listKinds(undefined, true).has(kind), kind);
      }
    }
  }
});

test("docs/runners.md has commands that parse", () => {
  const page = readFileSync("docs/runners.md", "utf8");
  const lines = [
    ...page.matchAll(/\/usr\/local\/bin\/zag-ps (.*?)(?: \|\| true)?$/gm),
  ];
  assert.ok(lines.length >= 4);
  for (const [, line = ""] of lines) {
    const { command } = parseCommandLine(splitWords(line));
    assert.match(command.verb, /^(hook|reap)$/);
  }
});

test("docs/action.md gives the post step the time that it has", () => {
  assert.match(PAGE, /over\s+in\s+2\s+minutes/);
  assert.ok(CUT_OFF_MS < 120_000);
});
