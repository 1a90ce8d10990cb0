import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { AGENT_PATTERNS } from "../src/model/agent_patterns.ts";
import {
  applyPatternFile,
  parsePatternFile,
} from "../src/model/pattern_file.ts";
import { examineProcess } from "../src/model/recognize_process.ts";

const TEXT = readFileSync(resolve("docs", "recognition.md"), "utf8");

/** The cells of every row of every table. */
const ROWS = TEXT.split("\n").filter((line) => line.startsWith("|"))
  .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));

test("docs/recognition.md lists every agent with its names", () => {
  for (const { provider, names = [], shared = [] } of AGENT_PATTERNS.agents) {
    const row = ROWS.find(([first]) => first === `\`${provider}\``);
    assert.ok(row, provider);
    for (const name of [...names, ...shared]) {
      // Triples and a file's dot are shown as one name.
      if (name.includes("*") || name.startsWith(".") || name === "kimi-co") {
        continue;
      }
      assert.ok(row.join(" ").includes(`\`${name}\``), `${provider}: ${name}`);
    }
  }
});

test("docs/recognition.md lists the rules in their order", () => {
  const rules = ROWS.flatMap(([number = "", rule = ""]) =>
    /^\d+$/.test(number) ? [rule.replaceAll("`", "")] : []
  );
  const tried = (line: string, markers = {}) =>
    examineProcess({
      pid: 2,
      zombie: false,
      args: line.split(" "),
      markers,
    }).trials.map(({ rule }) => rule);
  const seen = [
    ...tried("goose session"),
    ...tried("python3 -m aider"),
    ...tried("mcp-server-git", { CLAUDECODE: "1" }),
  ];
  assert.deepEqual(new Set(rules), new Set(seen));
  for (const list of [tried("goose session"), tried("python3 -m aider")]) {
    const places = list.map((rule) => rules.indexOf(rule));
    assert.deepEqual(places, places.toSorted((a, b) => a - b));
  }
});

const EXAMPLE = /^```jsonc\n([\s\S]*?)^```/m.exec(TEXT)?.[1] ?? "";
const VERDICTS = ROWS.filter(([command, verdict]) =>
  command?.startsWith("`") && /^none$|^`\w+` \w+$/.test(verdict ?? "")
);

test("docs/recognition.md shows verdicts of its example", () => {
  assert.ok(VERDICTS.length > 8);
});

for (const [command = "", verdict = ""] of VERDICTS) {
  test(`docs/recognition.md says truly that ${command} is ${verdict}`, () => {
    const patterns = applyPatternFile(
      AGENT_PATTERNS,
      parsePatternFile(EXAMPLE, "ps.jsonc"),
    );
    const args = command.replaceAll("`", "").split(" ");
    const { recognition } = examineProcess(
      { pid: 2, zombie: false, args },
      patterns,
    );
    const found = recognition === undefined
      ? "none"
      : `\`${recognition.provider}\` ${recognition.role}`;
    assert.equal(found, verdict);
  });
}
