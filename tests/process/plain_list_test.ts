import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { builtForms } from "../support/built_forms.ts";
import { cachedForms, withWorld, type World } from "../support/world.ts";
import { ID, makeEntry } from "../support/zag_files.ts";

const PROMPT = "Ã©€🙂 \x1b[31m\x9b\u202e, and more than forty characters of it";

// Each stage could start all forms: once is enough.
const skip = process.versions["deno"]
  ? false
  : "the forms are compared when the tests run under Deno";

/** Takes the way that answers everything else. */
const LONG_WAY = ["list", "--color", "never"];

/** A store that looks as zag writes it, and one live agent. */
function writePlainStore(world: World): void {
  const { pid } = world.startSleeper({ ZAG_PROCESS_ID: ID });
  const started_at = new Date().toISOString().replace("Z", "+00:00");
  world.writeProcesses([
    makeEntry({ id: "gone", pid: 2 ** 22 + 7, prompt: PROMPT }),
    makeEntry({ pid, prompt: "live", started_at }),
  ]);
}

for (const form of [...cachedForms(), ...builtForms()]) {
  test(`list of a plain store says under ${form.name} what it always says`, {
    skip,
  }, () =>
    withWorld(async (world) => {
      writePlainStore(world);
      const plain = await world.run(["list"], { form });
      assert.deepEqual(plain, await world.run(LONG_WAY, { form }));
      const { status, stdout, stderr } = plain;
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, new RegExp(`^${ID} +\\d+ +running .+ live$`, "m"));
      assert.ok(stdout.includes("Ã©€🙂 \\x1b[31m\\x9b\\u{202e}, and"), stdout);
    }));
}

const nodes = cachedForms().filter(({ name }) => name.startsWith("node"));

for (const form of nodes) {
  test(`the single file lists under ${form.name} without the rest of it`, {
    skip,
  }, () =>
    withWorld(async (world) => {
      writePlainStore(world);
      const [node = "", ...args] = form.command;
      const flag = "--disallow-code-generation-from-strings";
      const bare = { ...form, command: [node, flag, ...args] };
      const listed = await world.run(["list"], { form: bare });
      assert.deepEqual(listed, await world.run(LONG_WAY, { form }));
      const shown = await world.run(["show", ID], { form: bare });
      assert.deepEqual([shown.status, shown.stdout], [1, ""]);
      assert.match(
        shown.stderr,
        /^Error: Failed to load the program: Code generation .+\n$/,
      );
    }));
}

test("list does not wait for a store that is a pipe", {
  skip: process.platform === "win32" ? "it has no such files" : false,
}, () =>
  withWorld(async (world) => {
    execFileSync("mkfifo", [join(world.zag, "processes.json")]);
    const { status, stdout, stderr } = await world.run(["list"]);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^Error: Failed to read .+ is not a regular file\n$/);
  }));
