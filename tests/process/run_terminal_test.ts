import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { quoteForShell } from "../../src/cli/shell.ts";
import { waitUntil } from "../support/children.ts";
import { ownForm, withWorld, type World } from "../support/world.ts";

const SCRIPT = "/usr/bin/script";
const skip = process.platform === "linux" && existsSync(SCRIPT)
  ? false
  : `needs ${SCRIPT} of util-linux to make a terminal`;

/** Starts the command line on a terminal. */
function startOnTerminal(world: World, args: string[]) {
  const { command, env } = ownForm();
  const { PATH = "" } = process.env;
  const line = `stty -echo; trap : INT; ${
    [...command, ...args].map(quoteForShell).join(" ")
  }`;
  return world.start(
    SCRIPT,
    ["-qec", `${line}; echo "status $?"`, "/dev/null"],
    {
      PATH,
      HOME: world.home,
      TERM: "xterm",
      SHELL: "/bin/sh",
      DENO_NO_UPDATE_CHECK: "1",
      ...env,
    },
  );
}

test(
  "run hands the terminal through",
  { skip },
  () =>
    withWorld(async (world) => {
      const script =
        'test -t 0 && test -t 1 && test -t 2 && echo "a terminal"; ' +
        'read line; echo "read $line"';
      const screen = startOnTerminal(world, [
        "run",
        "--",
        "/bin/sh",
        "-c",
        script,
      ]);
      await screen.waitFor("a terminal");
      screen.child.stdin?.write("typed\n");
      await screen.waitFor("read typed");
      await screen.waitFor("status 0");
    }),
);

test("run leaves the keyboard's signal to the command, which gets it once", {
  skip,
}, () =>
  withWorld(async (world) => {
    const script = `trap 'echo INT; n=x$n' INT; echo READY; ` +
      "while [ ${#n} -lt 2 ]; do sleep 0.1; done; exit 9";
    const screen = startOnTerminal(world, [
      "run",
      "--",
      "/bin/sh",
      "-c",
      script,
    ]);
    await screen.waitFor("READY");
    const count = () => screen.output().split("INT").length - 1;
    for (const wanted of [1, 2]) {
      screen.child.stdin?.write("\x03");
      await waitUntil(() => count() >= wanted, "the signal does not arrive");
      // A second one would have come with the first.
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(count(), wanted);
    }
    await screen.waitFor("status 9");
    const { processes } = JSON.parse(world.read("processes.json") ?? "");
    assert.equal(processes[0].exit_code, 9);
  }));
