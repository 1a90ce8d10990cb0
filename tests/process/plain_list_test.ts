import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { builtForms } from "../support/built_forms.ts";
import type { Form } from "../support/forms.ts";
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

/** How many entries make lines for many pipes. */
const LARGE_STORE = 3000;

/** Lines of all lengths, many of which end where what is written at once does. */
function writeLargeStore(world: World): void {
  // The first takes more than is written at once, the others a good part.
  const models = ["m".repeat(70_000), "m".repeat(21_700), "m".repeat(30_000)];
  const prompts = ["é".repeat(41), "🙂".repeat(41), "漢".repeat(41), "x\n\x7f"];
  world.writeProcesses(Array.from({ length: LARGE_STORE }, (_, i) =>
    makeEntry({
      id: `entry-${i}`,
      model: models[i % 750] ?? "opus",
      prompt: `${prompts[i % 4]} ${i}`,
      status: "exited",
      started_at: new Date(i * 1000).toISOString().replace("Z", "+00:00"),
    })));
}

/** Starts a program whose output does not wait for its reader. */
const WITHOUT_WAITING =
  `use Fcntl; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK) or die; exec @ARGV`;

const noPerl = spawnSync("perl", ["-e", "use Fcntl"]).status === 0
  ? false
  : "it takes perl to make a pipe that does not wait";

/** The form with its output put elsewhere, by a shell. */
function redirect<F extends Form<string>>(form: F, script: string): F {
  return { ...form, command: ["/bin/sh", "-c", script, "sh", ...form.command] };
}

for (const form of [...cachedForms(), ...builtForms()]) {
  test(
    `list writes lines of any length under ${form.name}`,
    { skip },
    () =>
      withWorld(async (world) => {
        writeLargeStore(world);
        const listed = await world.run(["list"], { form });
        assert.deepEqual(listed, await world.run(LONG_WAY, { form }));
        assert.equal(listed.stdout.split("\n").length, LARGE_STORE + 3);
      }),
  );

  test(`list ends quietly under ${form.name} when its reader is gone`, {
    skip: skip || process.platform === "win32" && "it has no such shell",
  }, () =>
    withWorld(async (world) => {
      writeLargeStore(world);
      const script = '{ "$@"; echo "status $?" >&2; } | head -n 1';
      const cut = await world.run(["list"], { form: redirect(form, script) });
      assert.match(cut.stdout, /^ID .+ PROMPT\n$/);
      assert.equal(cut.stderr, "status 0\n");
    }));

  test(
    `list writes all of it once under ${form.name} to a pipe that does not wait`,
    {
      skip: skip || noPerl,
    },
    () =>
      withWorld(async (world) => {
        writeLargeStore(world);
        const slow = `perl -e '${WITHOUT_WAITING}' "$@" | { sleep 0.2; cat; }`;
        const slowly = redirect(form, slow);
        const listed = await world.run(["list"], { form: slowly });
        assert.deepEqual(listed, await world.run(LONG_WAY, { form }));
        // One line.
        const json = await world.run(["list", "--json"], { form: slowly });
        assert.deepEqual(json, await world.run(["list", "--json"], { form }));
      }),
  );
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
