import assert from "node:assert/strict";
import { test } from "node:test";
import { CANDIDATE_LISTS } from "../../../src/commands/list_candidates.ts";
import { SHELLS } from "../../../src/cli/verbs/completion.ts";
import { capture } from "../../support/capture.ts";
import { createMemory } from "../../support/memory_system.ts";
import { makeSelectionMachine } from "../../support/selection_machine.ts";
import { formatStore, makeEntry, STORE } from "../../support/zag_files.ts";

for (const shell of SHELLS) {
  test(`completion prints the script for ${shell}`, async () => {
    const { system } = createMemory();
    const plain = await capture(["completion", shell], system);
    assert.deepEqual([plain.status, plain.stderr], [0, ""]);
    assert.match(
      plain.stdout,
      new RegExp(`Made by: zag-ps completion ${shell}\n`),
    );
    const { stdout } = await capture(["completion", shell, "--json"], system);
    assert.deepEqual(JSON.parse(stdout), { script: plain.stdout, shell });
  });
}

test("completion prints a value, a tab and what it is", async () => {
  const { system } = makeSelectionMachine();
  assert.deepEqual(await capture(["completion", "running"], system), {
    status: 0,
    stdout: "front-0005\tclaude, running, 10m: mend the roof\n" +
      "back-0004\tcodex, running, 20m: mend the roof\n" +
      "lead-0001\tclaude, running, 5h: mend the roof\n" +
      "worker\tsession, claude, running, 10m: mend the roof\n" +
      "lead\tsession, claude, running, 5h: mend the roof\n",
    stderr: "",
  });
});

test("completion prints how many entries have a value", async () => {
  const { system } = makeSelectionMachine();
  const { stdout } = await capture(["completion", "provider"], system);
  assert.equal(stdout, "claude\t3 entries\ncodex\t1 entry\ngemini\t1 entry\n");
  const words = await capture(["completion", "finished"], system);
  assert.equal(words.stdout, "true\t\nfalse\t\n");
});

test("completion escapes and cuts what a description is made of", async () => {
  const memory = createMemory();
  const prompt = `a\tb\n\x1b[2J\u202e${"\u{1f916}".repeat(60)}`;
  memory.put(
    STORE,
    formatStore(
      makeEntry({
        id: "one",
        provider: "\x07p",
        prompt,
        pid: 0,
        started_at: "never",
      }),
    ),
  );
  const { stdout } = await capture(["completion", "id"], memory.system);
  const start = `a\\tb\\n\\x1b[2J\\u{202e}${"\u{1f916}".repeat(31)}...`;
  assert.equal(stdout, `one\t\\x07p, unknown: ${start}\n`);
});

test("completion --json prints an array", async () => {
  const { system } = makeSelectionMachine();
  const line = ["completion", "process", "work", "--json"];
  const { stdout } = await capture(line, system);
  assert.deepEqual(JSON.parse(stdout), [{
    description: "session, claude, running, 10m, 2 processes: mend the roof",
    value: "worker",
  }]);
});

test("completion takes a prefix that begins with a dash after --", async () => {
  const { system } = makeSelectionMachine();
  const ran = await capture(["completion", "id", "--", "-x"], system);
  assert.deepEqual(ran, { status: 0, stdout: "", stderr: "" });
});

test("completion changes no file and signals nobody", async () => {
  const memory = makeSelectionMachine();
  const before = new Map(memory.files);
  for (const list of CANDIDATE_LISTS) {
    await capture(["completion", list], memory.system);
  }
  assert.deepEqual(memory.files, before);
  assert.deepEqual(memory.signals, []);
});

const REFUSED: readonly (readonly [args: readonly string[], error: RegExp])[] =
  [
    [[], /^Error: "completion" needs SHELL\n/],
    [["zs"], /"zs"\nDid you mean "zsh"\?\n$/],
    [["csh"], /There is no completion "csh"/],
    [["what?!"], /\nShells: bash, zsh, fish, powershell\n$/],
    [["bash", "x"], /Unexpected argument "x" for "completion bash"/],
    [["id", "a", "b"], /Unexpected argument "b"/],
  ];

for (const [args, error] of REFUSED) {
  test(`completion refuses ${JSON.stringify(args)}`, async () => {
    const ran = await capture(["completion", ...args], createMemory().system);
    assert.deepEqual([ran.status, ran.stdout], [2, ""]);
    assert.match(ran.stderr, error);
  });
}
