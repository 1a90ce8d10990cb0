import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { readPlainStore } from "../../src/model/plain_store.ts";
import { runProgram } from "../support/children.ts";
import { makeEntry, makeSession } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";
import { runZag, skip } from "../support/zag.ts";

/** Starts a command that goes on, in the background. */
async function startRun(world: World, ...options: string[]) {
  const ran = await world.run([
    ...["run", "--detach", "--json", ...options, "--"],
    ...["/bin/sleep", "120"],
  ]);
  assert.equal(ran.status, 0, ran.stderr);
  const started: { id: string; pid: number; session_id: string } = JSON.parse(
    ran.stdout,
  );
  return started;
}

test(
  "zag lists and shows what run started, and how it ended",
  { skip },
  () =>
    withWorld(async (world) => {
      const { id, pid, session_id } = await startRun(
        world,
        ...["-p", "claude", "-m", "opus"],
      );
      const listed = JSON.parse((await runZag(world, ["--json"])).stdout);
      assert.equal(listed.length, 1);
      const shown = JSON.parse(
        (await runZag(world, ["--json", "show", id])).stdout,
      );
      assert.deepEqual(
        [shown.pid, shown.session_id, shown.provider, shown.model, shown.root],
        [pid, session_id, "claude", "opus", world.home],
      );
      assert.deepEqual([shown.status, shown.live_status], [
        "running",
        "running",
      ]);
      assert.deepEqual(await world.run([]), await runZag(world, []));

      const killed = await runZag(world, ["kill", id]);
      assert.equal(killed.status, 0, killed.stderr);
      assert.equal((await world.run(["wait", id])).status, 0);
      const ended = JSON.parse(
        (await runZag(world, ["--json", "show", id])).stdout,
      );
      assert.deepEqual(
        [ended.status, ended.live_status, ended.exit_code],
        ["killed", "killed", 143],
      );
      assert.deepEqual(await world.run([]), await runZag(world, []));
      const bytes = readFileSync(
        join(world.home, ".zag", "processes.json"),
        "latin1",
      );
      assert.deepEqual(readPlainStore(bytes, ({ id }) => id), [id]);
    }),
);

test("zag checks the result that run was asked for, and records it", {
  skip,
}, () =>
  withWorld(async (world) => {
    const { id, session_id } = await startRun(
      world,
      ...["--exit-hint", "a list", "--exit-schema", '{"type": "array"}'],
    );
    for (const result of ["", "no JSON", "{}"]) {
      const refused = await runZag(world, ["kill", id, result]);
      assert.equal(refused.status, 1, result);
    }
    const killed = await runZag(world, ["kill", id, "[1]"]);
    assert.equal(killed.status, 0, killed.stderr);
    const waited = await world.run(["wait", id, "--json"]);
    const [{ status, exit_code, result }] = JSON.parse(waited.stdout);
    assert.deepEqual([status, exit_code, result], ["exited", 0, "[1]"]);
    assert.equal((await world.run(["output", id])).stdout, "[1]");
    const { PATH = "", ZAG_BIN = "" } = process.env;
    const env = { PATH, HOME: world.home };
    const output = await runProgram(ZAG_BIN, ["output", session_id], {
      env,
      cwd: world.home,
    });
    assert.deepEqual([output.status, output.stdout.trim()], [0, "[1]"]);
  }));

test(
  "zag reads the stores that run added to",
  { skip },
  () =>
    withWorld(async (world) => {
      const { pid } = world.startSleeper();
      world.writeProcesses([makeEntry({ pid, status: "exited" })]);
      const slug = world.home.slice(1).replaceAll("/", "-");
      world.writeSessions([makeSession({ session_id: "before" })], slug);
      const ran = await world.run([
        ...["run", "--name", "n", "--tag", "t", "--exit", "--"],
        ...["/bin/sh", "-c", "exit 3"],
      ]);
      assert.equal(ran.status, 3, ran.stderr);
      const { PATH = "", ZAG_BIN = "" } = process.env;
      const sessions = await runProgram(
        ZAG_BIN,
        ["session", "--json", "list", "--global"],
        { env: { PATH, HOME: world.home }, cwd: world.home },
      );
      assert.equal(sessions.status, 0, sessions.stderr);
      assert.match(sessions.stdout, /"name": ?"n"/);
      const listed = JSON.parse((await runZag(world, ["--json"])).stdout);
      assert.deepEqual(
        listed.map(({ status }: { status: string }) => status).sort(),
        ["exited", "killed"],
      );
    }),
);

test(
  "run starts zag, and both know both",
  { skip },
  () =>
    withWorld(async (world) => {
      const { ZAG_BIN = "" } = process.env;
      const ran = await world.run([
        "run",
        "--",
        ZAG_BIN,
        "ps",
        "--json",
        "show",
        "self",
      ]);
      assert.equal(ran.status, 0, ran.stderr);
      const shown = JSON.parse(ran.stdout);
      assert.deepEqual([shown.provider, shown.live_status], ["zag", "running"]);
    }),
);
