import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseCommandLine } from "../src/cli/args.ts";
import { FILTER_KEYS } from "../src/model/filter_keys.ts";
import { splitWords } from "./support/readme.ts";

/** The pages on commands, wherever they are below `docs`. */
const PAGES = readdirSync("docs", { recursive: true })
  .map((path) => join("docs", String(path)))
  .filter((path) => /commands.*\.md$/.test(path))
  .map((path) => readFileSync(path, "utf8"))
  .join("\n");

for (const { key, values = [] } of FILTER_KEYS) {
  test(`docs on commands have the filter key ${key} and its values`, () => {
    const row = new RegExp(`^\\| \`${key}\` .*$`, "m").exec(PAGES)?.[0];
    assert.ok(row, `no row for ${key}`);
    for (const value of values) assert.ok(row.includes(`\`${value}\``), value);
  });
}

test("docs on commands have transcripts of list and show that parse, or are refused", () => {
  const transcripts = [
    ...PAGES.matchAll(/^\$ zag-ps ((?:list|show)\b.*)\n(Error: .*)?/gm),
  ];
  assert.ok(transcripts.length > 5);
  for (const [, line = "", error] of transcripts) {
    const parse = () => parseCommandLine(splitWords(line));
    if (error?.startsWith("Error: Cannot read the")) assert.throws(parse);
    else parse();
  }
});
