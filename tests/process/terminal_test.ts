import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { quoteForShell } from "../../src/cli/shell.ts";
import { runProgram } from "../support/children.ts";
import { ID, makeEntry } from "../support/records.ts";
import { ownForm, withWorld, type World } from "../support/world.ts";

const SCRIPT = "/usr/bin/script";
const skip = process.platform === "linux" && existsSync(SCRIPT)
  ? false
  : `needs ${SCRIPT} of util-linux to make a terminal`;

/** Runs the command line on a terminal, and returns what it shows there. */
async function runOnTerminal(
  world: World,
  size: string,
  env: Record<string, string> = {},
): Promise<string> {
  const { command, env: own } = ownForm();
  const { PATH = "" } = process.env;
  const line = `stty ${size}; ${command.map(quoteForShell).join(" ")} list`;
  const ran = await runProgram(SCRIPT, ["-qec", line, "/dev/null"], {
    env: { PATH, HOME: world.home, TERM: "xterm", ...own, ...env },
  });
  assert.equal(ran.status, 0, ran.stdout);
  const text = ran.stdout.replaceAll("\r\n", "\n");
  // Deno clears the line that it shows its progress on.
  return text.slice(text.indexOf("ID   "));
}

/** An entry that is shown in full with 167 columns. */
function prepare(world: World): void {
  const sleeper = world.startSleeper();
  world.writeProcesses([
    makeEntry({ pid: sleeper.pid, prompt: "p".repeat(40) }),
  ]);
}

test("list colours the status on a terminal and cuts lines to its width", {
  skip,
}, () =>
  withWorld(async (world) => {
    prepare(world);
    const [header, rule, row = ""] = (await runOnTerminal(world, "cols 90"))
      .split(
        "\n",
      );
    assert.equal(header?.length, 90);
    assert.equal(rule, "-".repeat(90));
    assert.ok(row.startsWith(ID));
    assert.ok(row.includes(" \x1b[32mrunning\x1b[39m "), row);
    assert.equal(row.length, 90 + "\x1b[32m\x1b[39m".length);
  }));

test(
  "list cuts nothing on a terminal that has no size",
  { skip },
  () =>
    withWorld(async (world) => {
      prepare(world);
      const shown = await runOnTerminal(world, "cols 0");
      const plain = await world.run(["list"]);
      assert.equal(
        shown.replace("\x1b[32mrunning\x1b[39m", "running"),
        plain.stdout,
      );
    }),
);

test("list shows no colours on a terminal with NO_COLOR or TERM=dumb", {
  skip,
}, () =>
  withWorld(async (world) => {
    prepare(world);
    const plain = await world.run(["list"]);
    for (const env of [{ NO_COLOR: "1" }, { TERM: "dumb" }]) {
      const shown = await runOnTerminal(world, "cols 500", env);
      assert.equal(shown, plain.stdout);
    }
  }));
