import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { runProgram } from "../support/children.ts";
import {
  ENDED,
  HOSTILE,
  LIVING,
  SECOND,
  withShellWorld,
} from "../support/shells.ts";
import { findTool, skipWithout } from "../support/tools.ts";
import type { World } from "../support/world.ts";

const skip = skipWithout("fish");

/** What fish offers for each line: words, with what it says of each. */
async function complete(
  world: World,
  ...lines: readonly string[]
): Promise<string[][]> {
  const { PATH = "" } = process.env;
  const script = "zag-ps completion fish | source; " +
    "for line in $argv; complete -C $line; printf '\\0'; end";
  const { status, stdout, stderr } = await runProgram(
    findTool("fish") ?? "fish",
    ["-c", script, ...lines],
    {
      env: {
        PATH: `${join(world.home, "bin")}:${PATH}`,
        HOME: world.home,
        LC_ALL: "C.UTF-8",
      },
      cwd: world.home,
    },
  );
  assert.deepEqual([status, stderr], [0, ""]);
  return stdout.split("\0").slice(0, -1)
    .map((text) => text.split("\n").filter((line) => line !== ""));
}

/** A line, and the words that are offered. */
const ROWS: readonly (readonly [line: string, words: readonly string[]])[] = [
  ["zag-ps lis", ["list"]],
  ["zag-ps insp", ["inspect"]],
  ["zag-ps help ki", ["kill"]],
  ["zag-ps --zag-home list sto", ["stop"]],
  ["zag-ps --runn", ["--running"]],
  ["zag-ps ls --runn", ["--running"]],
  ["zag-ps doctor --runn", []],
  ["zag-ps stop -s T", ["TERM"]],
  ["zag-ps --color=al", ["--color=always"]],
  ["zag-ps completion po", ["powershell"]],
  ["zag-ps list -f st", ["status="]],
  ["zag-ps list -f status=ru", ["status=running"]],
  ["zag-ps list --filter=finished=t", ["--filter=finished=true"]],
  ["zag-ps list -f 'age>7", ["age>7d"]],
  ["zag-ps list --untr", ["--untracked"]],
  ["zag-ps list -f ci.j", ["ci.job="]],
  ["zag-ps list -f role=he", ["role=helper"]],
  ["zag-ps list -f ci.run=no-such-run", []],
  ["zag-ps list -f tag=", ["tag=ci", "tag=ni:ght"]],
  ["zag-ps list -f provider=co", ["provider=codex"]],
  ["zag-ps list -pco", ["-pcodex"]],
  ["zag-ps kill aaaab", [SECOND]],
  ["zag-ps kill x aaaab", []],
  ["zag-ps stop x aaaab", [SECOND]],
  ["zag-ps kill ccc", []],
  ["zag-ps show ccc", [ENDED]],
  ["zag-ps wait 'rev", ["review it"]],
  ["zag-ps show '$", [HOSTILE.command]],
  ["zag-ps list --children=aaaab", [`--children=${SECOND}`]],
  ["~/bin/zag-ps kill aaaab", [SECOND]],
  ["zag-ps --zag-home ~/none kill aaaab", []],
  ["zag-ps kill --zag-home=none aaaab", []],
  ["zag-ps --zag-home ~/.zag kill aaaab", [SECOND]],
  ["zag-ps kill self --file arti", ["article.txt"]],
  ["zag-ps kill arti", []],
  ["zag-ps run --prov", ["--provider"]],
  ["zag-ps run -- zag-ps completion po", ["powershell"]],
  ["zag-ps kill self -- --js", []],
];

test(
  "completion of fish offers words",
  { skip },
  () =>
    withShellWorld(async (world) => {
      writeFileSync(join(world.home, "article.txt"), "");
      const offered = await complete(world, ...ROWS.map(([line]) => line));
      const got = ROWS.map(([line], i) => [
        line,
        offered[i]?.map((text) => text.split("\t")[0]).sort(),
      ]);
      assert.deepEqual(got, ROWS);
    }),
);

test(
  "completion of fish says who an id is, newest first",
  { skip },
  () =>
    withShellWorld(async (world, agents) => {
      const path = join(world.zag, "processes.json");
      const before = readFileSync(path, "utf8");
      const [words = []] = await complete(world, "zag-ps kill ");
      const [first = "", second = "", ...others] = words;
      assert.match(first, /^aaaaaaaa-1\S+\tclaude, running, 1m\d+s: Fix: /);
      assert.match(second, /\tcodex, running, 1h1m: \\x1b\[2J\\u\{202e\}p$/);
      assert.deepEqual(others.map((text) => text.split("\t")[0]), [
        ...Object.values(HOSTILE),
        "review it",
      ]);
      assert.ok(first.startsWith(LIVING));
      for (const agent of agents) assert.ok(agent.isAlive());
      assert.equal(readFileSync(path, "utf8"), before);
    }),
);

test(
  "completion of fish is silent where the store is broken",
  { skip },
  () =>
    withShellWorld(async (world) => {
      world.writeText("processes.json", "{");
      assert.deepEqual(await complete(world, "zag-ps kill "), [[]]);
    }),
);
