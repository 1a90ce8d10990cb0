import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { existsSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ID, makeEntry, makeSession } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";

const LOG = "logs/sessions/session-1.jsonl";
const TEN_MB = 10 * 1024 * 1024;

const CONSTRAINTS = {
  hint: "the verdict as JSON",
  schema: {
    type: "object",
    required: ["ok"],
    properties: { ok: { type: "boolean" } },
  },
};

/** An agent with a session. */
function prepare(world: World, exit?: unknown) {
  const agent = world.startSleeper({ ZAG_PROCESS_ID: ID });
  world.writeProcesses([
    makeEntry({ pid: agent.pid, session_id: "session-1" }),
  ]);
  world.writeSessions([makeSession({ exit })]);
  return agent;
}

function readResults(world: World): unknown[] {
  const lines = (world.read(LOG) ?? "").split("\n");
  assert.equal(lines.pop(), "", "the log's last line is torn");
  return lines.map((line) => JSON.parse(line).result);
}

test("kill with a rejected result leaves the agent, the log and the store as they are", () =>
  withWorld(async (world) => {
    const agent = prepare(world, CONSTRAINTS);
    world.writeText(LOG, '{"seq":4,"type":"heartbeat"}\n{"seq":5,"ty');
    const paths = ["processes.json", "sessions.json", LOG];
    const look = () =>
      paths.map((path) => {
        const { ino, mtimeMs } = statSync(join(world.zag, path));
        return { path, ino, mtimeMs, text: world.read(path) };
      });
    const before = look();
    for (const result of ['{"ok":"yes"}', "{}", "no JSON", "", undefined]) {
      const args = ["kill", ID, ...(result === undefined ? [] : [result])];
      const ran = await world.run(args);
      assert.equal(ran.status, 4, JSON.stringify(result));
      assert.equal(ran.stdout, "");
      assert.match(ran.stderr, /^Error: /);
      assert.match(ran.stderr, /the verdict as JSON/);
      assert.match(ran.stderr, new RegExp(`zag-ps kill ${ID} `));
      assert.deepEqual(look(), before, JSON.stringify(result));
      assert.ok(agent.isAlive());
    }
    const skipped = ["kill", ID, "{}", "--skip-validation"];
    assert.equal((await world.run(skipped)).status, 4);
    assert.deepEqual(look(), before);
    assert.ok(agent.isAlive());

    const ran = await world.run(["kill", ID, '{"ok":true}']);
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(await agent.waitForEnd(), "SIGTERM");
    const [, torn, line = ""] = (world.read(LOG) ?? "").split("\n");
    assert.equal(torn, '{"seq":5,"ty');
    assert.equal(JSON.parse(line).seq, 5);
    assert.equal(JSON.parse(line).result, '{"ok":true}');
  }));

test("kill names every violation of the schema with its place", () =>
  withWorld(async (world) => {
    const agent = prepare(world, {
      schema: {
        type: "object",
        required: ["name"],
        additionalProperties: false,
        properties: {
          name: {},
          user: { properties: { age: { type: "integer" } } },
        },
      },
    });
    const ran = await world.run([
      ...["kill", ID, '{"extra":1,"user":{"age":"abc"}}'],
    ]);
    assert.equal(ran.status, 4);
    const violations = ran.stderr.split("\n")
      .filter((line) => line.startsWith("  - ")).sort();
    assert.deepEqual(violations, [
      '  - "abc" is not of type "integer" at /user/age',
      '  - "name" is a required property',
      "  - Additional properties are not allowed ('extra' was unexpected)",
    ]);
    assert.ok(agent.isAlive());
  }));

test("kill takes a result of 10 MB from a file", () =>
  withWorld(async (world) => {
    const agent = prepare(world, { json_mode: true });
    const result = JSON.stringify("\u{1f916}é\n".repeat(TEN_MB / 8));
    writeFileSync(join(world.home, "result.json"), result);
    const ran = await world.run(["kill", ID, "--file", "result.json"]);
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(await agent.waitForEnd(), "SIGTERM");
    assert.ok(Buffer.byteLength(result) >= TEN_MB);
    assert.ok(readResults(world)[0] === result);
  }));

test("kill takes a result of 10 MB from standard input", () =>
  withWorld(async (world) => {
    const agent = prepare(world);
    const input = "0123456789abcde\n".repeat(TEN_MB / 16);
    const ran = await world.run(["kill", ID, "--file", "-"], { input });
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(await agent.waitForEnd(), "SIGTERM");
    assert.ok(readResults(world)[0] === input);
  }));

test("kill passes a result on as the text that was typed", () =>
  withWorld(async (world) => {
    const agent = await world.startAgent(["stubborn"], { ZAG_PROCESS_ID: ID });
    world.writeProcesses([
      makeEntry({ pid: agent.pid, session_id: "session-1" }),
    ]);
    world.writeSessions([makeSession({})]);
    const texts = [
      ...["007", "1e3", "9007199254740993", "", "\u{1f916} 日本", "true"],
      "x".repeat(100 * 1024),
    ];
    for (const text of texts) {
      const ran = await world.run(["kill", ID, text]);
      assert.equal(ran.status, 0, ran.stderr);
    }
    for (const text of ["-1", "--x", "--file"]) {
      const ran = await world.run(["kill", ID, "--", text]);
      assert.equal(ran.status, 0, ran.stderr);
    }
    assert.deepEqual(readResults(world), [...texts, "-1", "--x", "--file"]);
    assert.ok(agent.isAlive());
  }));

test("kill refuses a file that is missing, a folder, or not UTF-8", () =>
  withWorld(async (world) => {
    const agent = prepare(world);
    const before = world.read("processes.json");
    writeFileSync(join(world.home, "latin"), Uint8Array.of(0x22, 0xe9, 0x22));
    for (const path of ["missing", ".zag", "latin"]) {
      const ran = await world.run(["kill", ID, "--file", path]);
      assert.equal(ran.status, 1);
      assert.equal(ran.stdout, "");
      assert.match(
        ran.stderr,
        new RegExp(`^Error: Failed to read result file: ${path}`),
      );
    }
    const input = Uint8Array.of(0xff, 0xfe);
    const ran = await world.run(["kill", ID, "--file", "-"], { input });
    assert.equal(ran.status, 1);
    assert.match(ran.stderr, /^Error: Failed to read result file: standard in/);
    assert.equal(world.read("processes.json"), before);
    assert.equal(world.read(LOG), undefined);
    assert.ok(agent.isAlive());
  }));

test("kill does not drop a result that no session can hold", () =>
  withWorld(async (world) => {
    const agent = prepare(world);
    world.writeSessions([]);
    const before = world.read("processes.json");
    const ran = await world.run(["kill", ID, "precious"]);
    assert.equal(ran.status, 1);
    assert.equal(ran.stdout, "");
    assert.match(ran.stderr, /^Error: .*session-1/);
    assert.equal(world.read("processes.json"), before);
    assert.ok(agent.isAlive());
    assert.equal((await world.run(["kill", ID])).status, 0);
    assert.equal(await agent.waitForEnd(), "SIGTERM");
  }));

test("kill knows the log of a home that is named in another way", () =>
  withWorld(async (world) => {
    const agent = prepare(world);
    const log_path = join(world.zag, LOG);
    world.writeSessions([makeSession({ log_path })]);
    const linked = join(world.home, "linked");
    symlinkSync(world.zag, linked);
    for (const home of [".zag", `${world.zag}/../.zag`, linked]) {
      const named = ["--zag-home", home];
      const shown = await world.run([...named, "show", ID, "--json"]);
      assert.equal(JSON.parse(shown.stdout).log_path, log_path, home);
    }
    const ran = await world.run(["--zag-home=./.zag", "kill", ID, "x"]);
    assert.equal(ran.status, 0, ran.stderr);
    assert.equal(await agent.waitForEnd(), "SIGTERM");
    assert.deepEqual(readResults(world), ["x"]);
  }));

test("kill writes to no log outside the zag home", () =>
  withWorld(async (world) => {
    const agent = prepare(world);
    const outside = join(world.home, "outside.jsonl");
    const escapes = [
      { log_path: outside },
      { log_path: join(world.zag, "..", "outside.jsonl") },
      { log_path: `${world.zag}/../outside.jsonl` },
      { session_id: "../../../outside" },
    ];
    for (const fields of escapes) {
      const session_id = "session-1";
      const session = { session_id, ...fields };
      world.writeSessions([makeSession(session)]);
      const entry = { pid: agent.pid, session_id: session.session_id };
      world.writeProcesses([makeEntry(entry)]);
      const ran = await world.run(["kill", ID, "x"]);
      assert.equal(ran.status, 1);
      assert.match(
        ran.stderr,
        /^Error: Failed to record session result: Cannot/,
      );
      assert.ok(!existsSync(outside));
      assert.ok(agent.isAlive());
    }
  }));
