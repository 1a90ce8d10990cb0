/** A home or a store that is not what, or where, it should be. */

import assert from "node:assert/strict";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import type { Agent } from "../support/children.ts";
import { ID, makeEntry, makeSession } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";

const skip = process.platform === "win32"
  ? "links, modes and signals are those of POSIX"
  : false;

const LOG = "logs/sessions/session-1.jsonl";

function prepare(world: World): Agent {
  const agent = world.startSleeper({ ZAG_PROCESS_ID: ID });
  world.writeProcesses([
    makeEntry({ pid: agent.pid, session_id: "session-1" }),
  ]);
  world.writeSessions([makeSession({})]);
  return agent;
}

/** Each path of the zag home, with its text where it is a file. */
function readTree(world: World, folder = world.zag): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = lstatSync(path);
    tree[path] = stats.isFile() ? readFileSync(path, "utf8") : "";
    if (stats.isDirectory()) Object.assign(tree, readTree(world, path));
  }
  return tree;
}

test(
  "list, show, stop and kill make no home that is missing",
  { skip },
  () =>
    withWorld(async (world) => {
      rmSync(world.zag, { recursive: true });
      const listed = await world.run(["list"]);
      assert.deepEqual(
        [listed.status, listed.stdout, listed.stderr],
        [0, "No processes found.\n", ""],
      );
      for (const line of [["show", ID], ["stop", ID], ["kill", ID, "result"]]) {
        const ran = await world.run(line);
        assert.deepEqual([ran.status, ran.stdout], [3, ""]);
        assert.match(ran.stderr, /^Error: Process not found: /);
      }
      assert.ok(!existsSync(world.zag));
    }),
);

for (const chain of [["real.json"], ["second.json", "deep/real.json"]]) {
  test(`kill keeps a link and replaces its target: ${chain.join(" -> ")}`, {
    skip,
  }, () =>
    withWorld(async (world) => {
      const agent = prepare(world);
      const store = join(world.zag, "processes.json");
      const places = chain.map((name) => join(world.home, "data", name));
      const target = places.at(-1) ?? "";
      mkdirSync(join(world.home, "data", "deep"), { recursive: true });
      renameSync(store, target);
      [store, ...places].slice(0, -1)
        .forEach((link, i) => symlinkSync(places[i] ?? "", link));
      const { mode, ino } = statSync(target);

      const ran = await world.run(["kill", ID, "result"]);
      assert.deepEqual([ran.status, ran.stderr], [0, ""]);
      assert.equal(await agent.waitForEnd(), "SIGTERM");
      assert.equal(readlinkSync(store), places[0]);
      assert.ok(lstatSync(target).isFile());
      assert.notEqual(statSync(target).ino, ino);
      assert.equal(statSync(target).mode, mode);
      assert.equal(world.readEntry(ID)["status"], "killed");
      for (
        const folder of [
          world.zag,
          ...places.map((path) => dirname(path)),
        ]
      ) {
        const left = readdirSync(folder).filter((name) =>
          /tmp|lock/.test(name)
        );
        assert.deepEqual(left, []);
      }
    }));
}

test("kill takes a link that leads nowhere for a store that is missing", {
  skip,
}, () =>
  withWorld(async (world) => {
    const agent = prepare(world);
    const store = join(world.zag, "processes.json");
    rmSync(store);
    symlinkSync(join(world.home, "nowhere.json"), store);
    const ran = await world.run(["kill", ID, "result"]);
    assert.deepEqual([ran.status, ran.stdout], [3, ""]);
    assert.ok(agent.isAlive());
    assert.ok(!existsSync(join(world.home, "nowhere.json")));
    assert.deepEqual(readdirSync(world.zag).sort(), [
      "processes.json",
      "sessions.json",
    ]);
  }));

type Wrong = "folder" | "file" | "loop";

/** What is in the way of a kill, and the error that it ends with. */
const IN_THE_WAY: [path: string, what: Wrong, error: RegExp][] = [
  ["processes.json", "folder", /Failed to read ".*\/\.zag\/processes\.json": /],
  ["processes.json", "loop", /Failed to read ".*\/\.zag\/processes\.json": /],
  ["sessions.json", "folder", /Cannot check .*".*\/\.zag\/sessions\.json": /],
  [LOG, "folder", /session result: ".*\/session-1\.jsonl" is not a regular f/],
  ["logs", "file", /session result: [^]* once ".*\/session-1\.jsonl" can be/],
  ["logs/sessions", "file", /session result: [^]*".*\/session-1\.jsonl" can/],
];

for (const [path, what, error] of IN_THE_WAY) {
  test(
    `kill names what is in its way: ${path} is a ${what}`,
    { skip },
    () =>
      withWorld(async (world) => {
        const agent = prepare(world);
        const place = join(world.zag, path);
        rmSync(place, { force: true });
        mkdirSync(join(place, ".."), { recursive: true });
        if (what === "folder") mkdirSync(place);
        else if (what === "file") writeFileSync(place, "in the way");
        else symlinkSync(place, place);
        const before = readTree(world);

        const ran = await world.run(["kill", ID, "result"]);
        assert.deepEqual([ran.status, ran.stdout], [1, ""]);
        assert.match(ran.stderr, error);
        assert.match(ran.stderr, /^(Warning: .*\n)*Error: /);
        assert.doesNotMatch(ran.stderr, /Unexpected/);
        assert.deepEqual(readTree(world), before);
        assert.ok(agent.isAlive());
      }),
  );
}

test(
  "list names a home that is a file",
  { skip },
  () =>
    withWorld(async (world) => {
      rmSync(world.zag, { recursive: true });
      writeFileSync(world.zag, "in the way");
      const ran = await world.run(["list"]);
      assert.deepEqual([ran.status, ran.stdout], [1, ""]);
      assert.match(
        ran.stderr,
        /^Error: Failed to read ".*\/\.zag\/processes\.json": a part of the path is not a folder \(ENOTDIR\)\n$/,
      );
      assert.equal(readFileSync(world.zag, "utf8"), "in the way");
    }),
);
