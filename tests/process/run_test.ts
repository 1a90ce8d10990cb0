import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type Agent, isAlive, waitUntil } from "../support/children.ts";
import { ownForm, withWorld, type World } from "../support/world.ts";

const SIGNAL_AGENT = resolve("tests/support/fixtures/signal_agent.mjs");
const skip = process.platform === "win32" ? "it shows POSIX signals" : false;

/** All entries of the store. */
function readEntries(world: World): Record<string, unknown>[] {
  return JSON.parse(world.read("processes.json") ?? "{}").processes ?? [];
}

/** The last entry of the store. */
function readLast(world: World): Record<string, unknown> {
  return readEntries(world).at(-1) ?? assert.fail("the store is empty");
}

/** The events of the log of an entry's session. */
function readEvents(
  world: World,
  { session_id, root }: Record<string, unknown>,
): Record<string, unknown>[] {
  const slug = String(root).replace(/^\//, "").replaceAll("/", "-");
  const path = `projects/${slug}/logs/sessions/${session_id}.jsonl`;
  return (world.read(path) ?? "").split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

const ENDS: [name: string, script: string, status: number][] = [
  ["0", "exit 0", 0],
  ["a status", "exit 3", 3],
  ["SIGTERM", "kill -TERM $$", 143],
  ["SIGKILL", "kill -KILL $$", 137],
];

for (const [name, script, status] of ENDS) {
  test(`run returns what a shell would of a command that ends with ${name}`, {
    skip,
  }, () =>
    withWorld(async (world) => {
      const ran = await world.run(["run", "--", "/bin/sh", "-c", script]);
      assert.deepEqual(ran, { status, stdout: "", stderr: "" });
      const entry = readLast(world);
      assert.equal(entry["exit_code"], status);
      assert.equal(entry["status"], status === 0 ? "exited" : "killed");
      assert.ok(!isAlive(Number(entry["pid"])));
      const types = readEvents(world, entry).map(({ type }) => type);
      assert.deepEqual(types, ["session_started", "session_ended"]);
    }));
}

test("run returns 127 and 126 of what cannot be started, as a shell does", {
  skip,
}, () =>
  withWorld(async (world) => {
    const file = join(world.home, "file");
    writeFileSync(file, "exit 5");
    for (
      const [program, status, why] of [
        ["no-such-program", 127, "no such program"],
        [join(world.home, "none"), 127, "no such program"],
        [file, 126, "permission denied (EACCES)"],
        [world.home, 126, "permission denied (EACCES)"],
      ] as const
    ) {
      assert.deepEqual(await world.run(["run", "--", program]), {
        status,
        stdout: "",
        stderr: `Error: Failed to start "${program}": ${why}\n`,
      });
      assert.equal(readLast(world)["exit_code"], status);
    }
    // A script without a first line is run by the shell.
    chmodSync(file, 0o755);
    assert.equal((await world.run(["run", "--", file])).status, 5);
  }));

test(
  "run hands input and outputs through",
  { skip },
  () =>
    withWorld(async (world) => {
      const script = 'cat; echo "err $1" >&2';
      const ran = await world.run([
        "run",
        "--",
        "/bin/sh",
        "-c",
        script,
        "x",
        "y",
      ], {
        input: "from above\n",
      });
      assert.deepEqual(ran, {
        status: 0,
        stdout: "from above\n",
        stderr: "err y\n",
      });
    }),
);

test(
  "run marks its child: self works inside, and an outer agent is its parent",
  {
    skip,
  },
  () =>
    withWorld(async (world) => {
      const { command } = ownForm();
      const outer = {
        ZAG_PROCESS_ID: "outer",
        ZAG_SESSION_ID: "outer-session",
      };
      const env = { ...outer, ZAG_SESSION_NAME: "outer-name" };
      const ran = await world.run(
        ["run", "-m", "opus", "--", ...command, "show", "self", "--json"],
        { env },
      );
      assert.equal(ran.status, 0, ran.stderr);
      const shown = JSON.parse(ran.stdout);
      assert.equal(shown.live_status, "running");
      assert.equal(shown.identity, "verified");
      assert.equal(shown.parent_process_id, "outer");
      assert.equal(shown.parent_session_id, "outer-session");
      const seen = await world.run(
        ["run", "-m", "opus", "--", "/usr/bin/env"],
        {
          env,
        },
      );
      const marks = seen.stdout.split("\n").filter((line) =>
        /^ZAG_/.test(line)
      );
      const entry = readLast(world);
      assert.deepEqual(marks.sort(), [
        "ZAG_MODEL=opus",
        `ZAG_PROCESS_ID=${entry["id"]}`,
        "ZAG_PROVIDER=env",
        `ZAG_ROOT=${world.home}`,
        `ZAG_SESSION_ID=${entry["session_id"]}`,
      ]);
    }),
);

test("run lets an agent end itself with a result that was asked for", {
  skip,
}, () =>
  withWorld(async (world) => {
    const { command } = ownForm();
    const script = 'printf "%s" "$1" >told; shift; ' +
      '"$@" kill self no; echo "first $?"; "$@" kill self "[1]"; sleep 60';
    const ran = await world.run([
      ...["run", "--name", "sum", "--exit-schema", '{"type": "array"}', "--"],
      ...["/bin/sh", "-c", script, "sh", "{exit-instructions}", ...command],
    ]);
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, /^first 4\n> Sending kill.*\n✓ Process killed\n$/);
    const entry = readLast(world);
    assert.deepEqual([entry["status"], entry["exit_code"]], ["exited", 0]);
    assert.deepEqual(
      readEvents(world, entry).map(({ type, seq }) => [type, seq]),
      [["session_started", 1], ["session_result", 2], ["session_ended", 3]],
    );
    assert.match(world.read("../told") ?? "", /kill self.*"type": "array"/s);
    const read = await world.run(["output", "sum"]);
    assert.deepEqual(read, { status: 0, stdout: "[1]", stderr: "" });
    const told = await world.run(["instructions", String(entry["id"])]);
    assert.equal(told.stdout.trimEnd(), world.read("../told"));
  }));

/** Not `child.kill`: Deno reports a child then as killed by that signal. */
function send({ pid }: Agent, signal: NodeJS.Signals): void {
  process.kill(pid, signal);
}

/** A run of the fixture that names its signals. */
async function startRun(world: World, mode: string[] = []) {
  const { command: [program = "", ...first], env } = ownForm();
  const { PATH = "" } = process.env;
  const runtime = process.versions["deno"]
    ? [process.execPath, "run", "-A", "--no-config"]
    : [process.execPath];
  const zagPs: Agent = world.start(program, [
    ...[...first, "run", "--", ...runtime, SIGNAL_AGENT, ...mode],
  ], { PATH, HOME: world.home, DENO_NO_UPDATE_CHECK: "1", ...env });
  await zagPs.waitFor("READY");
  await zagPs.waitFor(".");
  const pid = Number(/READY (\d+)\./.exec(zagPs.output())?.[1]);
  await waitUntil(() => readLast(world)["pid"] === pid, "its pid is not there");
  return { zagPs, pid };
}

test("run hands signals through, and records the end that they bring", {
  skip,
}, () =>
  withWorld(async (world) => {
    const { zagPs, pid } = await startRun(world);
    for (const signal of ["SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR2"] as const) {
      send(zagPs, signal);
      await zagPs.waitFor(`GOT ${signal}\n`);
      assert.ok(zagPs.isAlive() && isAlive(pid));
      assert.equal(readLast(world)["status"], "running");
    }
    send(zagPs, "SIGTERM");
    assert.equal(await zagPs.waitForEnd(), 7);
    assert.ok(zagPs.output().endsWith("GOT SIGTERM\n"));
    assert.ok(!isAlive(pid));
    const { status, exit_code } = readLast(world);
    assert.deepEqual([status, exit_code], ["killed", 7]);
  }));

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
  test(`run completes the entry where ${signal} ends zag-ps and its command`, {
    skip,
  }, () =>
    withWorld(async (world) => {
      const { command: [program = "", ...first], env } = ownForm();
      const { PATH = "" } = process.env;
      const script = "echo READY; exec /bin/sleep 120";
      const zagPs = world.start(program, [
        ...[...first, "run", "--", "/bin/sh", "-c", script],
      ], { PATH, HOME: world.home, DENO_NO_UPDATE_CHECK: "1", ...env });
      await zagPs.waitFor("READY");
      send(zagPs, signal);
      const number = { SIGTERM: 15, SIGHUP: 1, SIGINT: 2 }[signal];
      assert.equal(await zagPs.waitForEnd(), 128 + number);
      const { status, exit_code, pid } = readLast(world);
      assert.deepEqual([status, exit_code], ["killed", 128 + number]);
      assert.ok(!isAlive(Number(pid)));
    }));
}

test(
  "run ends a command when its time is up",
  { skip },
  () =>
    withWorld(async (world) => {
      const started = Date.now();
      const ran = await world.run([
        "run",
        "-t",
        "500ms",
        "--",
        "/bin/sleep",
        "60",
      ]);
      assert.deepEqual(ran, { status: 124, stdout: "", stderr: "" });
      assert.ok(Date.now() - started >= 500);
      const entry = readLast(world);
      assert.deepEqual([entry["status"], entry["exit_code"]], ["killed", 124]);
      assert.ok(!isAlive(Number(entry["pid"])));
      const end = readEvents(world, entry).at(-1);
      assert.equal(end?.["error"], "the command was ended after 500ms");
    }),
);

test(
  "run in a home of its own keeps to it",
  { skip },
  () =>
    withWorld(async (world) => {
      const { command } = ownForm();
      const ran = await world.run([
        ...["run", "--zag-home", "other", "--", ...command, "show", "self"],
      ]);
      assert.equal(ran.status, 0, ran.stderr);
      assert.equal(world.read("processes.json"), undefined);
      assert.match(world.read("../other/processes.json") ?? "", /"exited"/);
    }),
);

test(
  "runs at the same time lose no entry",
  { skip },
  () =>
    withWorld(async (world) => {
      const count = 8;
      const all = await Promise.all(
        Array.from({ length: count }, (_, i) =>
          world.run([
            "run",
            "--name",
            `n${i}`,
            "--",
            "/bin/sh",
            "-c",
            `exit ${i}`,
          ])),
      );
      assert.deepEqual(all.map(({ status }) => status), [...all.keys()]);
      const codes = readEntries(world).map(({ exit_code }) => exit_code);
      assert.deepEqual(codes.sort(), [...all.keys()]);
      for (let i = 0; i < count; i++) {
        const ran = await world.run(["wait", `n${i}`, "--json"]);
        assert.equal(JSON.parse(ran.stdout)[0].exit_code, i);
      }
    }),
);
