import assert from "node:assert/strict";
import { test } from "node:test";
import { suggest } from "../../src/cli/suggest.ts";

const VERBS = ["list", "ls", "show", "inspect", "stop", "kill"];

const ROWS: [word: string, known: string[], meant: string | undefined][] = [
  ["lst", VERBS, "list"],
  ["kil", VERBS, "kill"],
  ["sotp", VERBS, "stop"],
  ["inspct", VERBS, "inspect"],
  ["s", VERBS, "ls"],
  ["xyz", VERBS, undefined],
  ["remove", VERBS, undefined],
  ["", VERBS, undefined],
  ["kill", [], undefined],
  ["--jason", ["--json", "--file"], "--json"],
  ["--verbose", ["--json", "--file"], undefined],
  ["k".repeat(100_000), VERBS, undefined],
];

for (const [word, known, meant] of ROWS) {
  const name = word.length > 40 ? "a text of 100 KB" : `"${word}"`;
  const answer = meant === undefined ? "nothing" : `"${meant}"`;
  test(`suggest takes ${name} of ${known.length} words for ${answer}`, () => {
    assert.equal(suggest(word, known), meant);
  });
}
