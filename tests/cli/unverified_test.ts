import assert from "node:assert/strict";
import { test } from "node:test";
import { capture } from "../support/capture.ts";
import { makeMachine, OLDER, YOUNGER } from "../support/one_process.ts";
import {
  formatStore,
  ID,
  makeEntry,
  PID,
  STORE,
} from "../support/zag_files.ts";

for (const verb of ["stop", "kill"]) {
  test(`${verb} takes --unverified before and after the id`, async () => {
    for (
      const argv of [
        [verb, "--unverified", ID],
        [verb, ID, "--unverified"],
        ["--unverified", verb, ID],
      ]
    ) {
      const memory = makeMachine(OLDER);
      const { status, stderr } = await capture(argv, memory.system);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.equal(memory.signals.length, 1);
    }
  });

  test(`${verb} names --unverified where it is needed`, async () => {
    const memory = makeMachine(OLDER);
    for (const others of [[], ["--json"]]) {
      const ran = await capture([verb, ID, ...others], memory.system);
      assert.equal(ran.status, 1);
      assert.equal(ran.stdout, "");
      assert.match(ran.stderr, /^Error: Process 4711 may not be .* 1 h before/);
      assert.match(ran.stderr, /--unverified signals it all the same\n$/);
    }
    assert.deepEqual(memory.signals, []);
  });

  test(`${verb} of a recycled pid ends with status 3`, async () => {
    for (const others of [[], ["--unverified"]]) {
      const memory = makeMachine(YOUNGER);
      const ran = await capture([verb, ID, ...others], memory.system);
      assert.equal(ran.status, 3);
      assert.equal(ran.stdout, "");
      assert.match(
        ran.stderr,
        /^Error: Process .* \(status: dead\)\nAnother pr/,
      );
      assert.deepEqual(memory.signals, []);
    }
  });

  test(`${verb} --unverified goes on after a kill that ended nothing`, async () => {
    const memory = makeMachine(OLDER);
    const marked = {
      status: "killed",
      exit_code: null,
      exited_at: "2026-11-22T10:00:00Z",
    };
    memory.put(STORE, formatStore(makeEntry(marked)));
    const refused = await capture([verb, ID], memory.system);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /may not be the one that was recorded/);
    assert.deepEqual(memory.signals, []);
    const ran = await capture([verb, ID, "--unverified"], memory.system);
    assert.deepEqual([ran.status, ran.stderr], [0, ""]);
    assert.equal(memory.signals.length, 1);
  });

  test(`${verb} says in its help that nothing implies --unverified`, async () => {
    const { stdout } = await capture([verb, "--help"], makeMachine().system);
    const text = stdout.replace(/\s+/g, " ");
    assert.match(text, /--unverified .*never implied by another option/);
    assert.match(text, /Windows has no graceful signal/);
  });

  test(`${verb} says on Windows that the process was ended`, async () => {
    const memory = makeMachine();
    memory.platform = "win32";
    const ran = await capture([verb, ID], memory.system);
    assert.deepEqual(ran, {
      status: 0,
      stdout: `> Ending process ${PID} (${ID})\n` +
        "✓ Process ended (Windows has no graceful signal)\n",
      stderr: "",
    });
    const again = makeMachine();
    again.platform = "win32";
    const { stdout } = await capture([verb, ID, "--json"], again.system);
    assert.equal(JSON.parse(stdout).outcome, "ended");
  });
}

for (const verb of ["list", "show", "explain"]) {
  test(`${verb} has no option --unverified`, async () => {
    const argv = verb === "list" ? [verb] : [verb, ID];
    const { system } = makeMachine();
    const ran = await capture([...argv, "--unverified"], system);
    assert.equal(ran.status, 2);
    assert.match(
      ran.stderr,
      /has no option "--unverified"\nIt belongs to "stop", "kill", and "reap"; /,
    );
  });
}
