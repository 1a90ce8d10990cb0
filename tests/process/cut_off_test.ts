import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { startChild } from "../support/children.ts";
import { findNode24 } from "../support/runner_node.ts";

const node = findNode24();
const skip = node === undefined
  ? "Node 24 is not installed: run npx -y deno@2 task test runtimes"
  : false;

/** Runs a program that uses a source; Node 24 drops its types. */
async function withProgram(
  source: string,
  code: string,
  use: (start: () => ReturnType<typeof startChild>) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "zag-ps-cut-off-"));
  try {
    const path = join(folder, "program.mjs");
    const url = pathToFileURL(resolve(source)).href;
    writeFileSync(path, `import * as source from "${url}";\n${code}`);
    await use(() => startChild(node ?? "", [path]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test(
  "armCutOff ends a program that a disk holds up",
  { skip },
  () =>
    withProgram(
      "src/system/cut_off.ts",
      `await source.armCutOff(200);
    console.log("READY");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);`,
      async (start) => {
        assert.equal(await start().waitForEnd(), "SIGKILL");
      },
    ),
);

test(
  "armCutOff lets a program end that is done, and one that disarmed it go on",
  { skip },
  () =>
    withProgram(
      "src/system/cut_off.ts",
      `await source.armCutOff(60_000);
    const disarm = await source.armCutOff(50);
    disarm();
    setTimeout(() => console.log("DONE"), 300);`,
      async (start) => {
        const child = start();
        assert.equal(await child.waitForEnd(), 0);
        assert.equal(child.output(), "DONE\n");
      },
    ),
);

test("handleCancellation ends a step at once that has not begun its work", {
  skip,
}, () =>
  withProgram(
    "action/signals.ts",
    `source.handleCancellation({}, console.log);
    setTimeout(() => {}, 60_000);
    console.log("READY");`,
    async (start) => {
      for (
        const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const
      ) {
        const child = start();
        await child.waitFor("READY");
        // Not `child.kill`: Deno takes that for the end.
        process.kill(child.pid, signal);
        assert.equal(await child.waitForEnd(), status);
        assert.match(child.output(), /cancelled before anything was signalled/);
      }
    },
  ));
