/** Disks that are full, and disks that cannot be written, for real. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Agent } from "../support/children.ts";
import { cannotMount as skip, runMounted } from "../support/mounts.ts";
import { ID, makeEntry, makeSession } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";

if (skip) console.error(`Tests on disks are left out: ${skip}`);

const LOG = "logs/sessions/session-1.jsonl";
const OLD_LINE = '{"seq":1,"type":"session_started"}\n';
/** Some pages long, so that a disk can be full in the middle of it. */
const RESULT = JSON.stringify({ answer: "long ".repeat(2000) });

function prepare(world: World): Agent {
  const agent = world.startSleeper({ ZAG_PROCESS_ID: ID });
  const prompt = "mend the roof ".repeat(800);
  world.writeProcesses([
    makeEntry({ pid: agent.pid, session_id: "session-1", prompt }),
  ]);
  world.writeSessions([makeSession({})]);
  world.writeText(LOG, OLD_LINE);
  return agent;
}

/**
 * Kills on a file system with so many free pages, keeps what is there then in
 * `full`, makes room, kills again, and keeps what is there at the `end`.
 */
const FILL = `zag=$1 out=$2 pages=$3
shift 3
mkdir "$out"
cp -a "$zag" "$out/start"
mount -t tmpfs -o size=512k,huge=never tmpfs "$zag"
cp -a "$out/start/." "$zag"
dd if=/dev/zero of="$zag/spare" bs=4096 count="$pages" 2>"$out/log"
dd if=/dev/zero of="$zag/filler" bs=4096 2>"$out/log" && exit 9
rm "$zag/spare"
"$@" >"$out/stdout" 2>"$out/stderr" && status=0 || status=$?
echo "$status" >"$out/status"
rm "$zag/filler"
cp -a "$zag" "$out/full"
"$@" && status=0 || status=$?
cp -a "$zag" "$out/end"
exit "$status"`;

/** So many free pages of 4 KiB, and what fails for lack of another one. */
const PAGES: [free: number, fails: RegExp][] = [
  [0, /was not signalled: Failed to lock ".*\/processes\.json\.lock": /],
  [1, /Failed to record session result: [^]* once ".*session-1\.jsonl" can/],
  [2, /Failed to record session result: [^]* once ".*session-1\.jsonl" can/],
  [3, /was not signalled: Failed to write ".*\/processes\.json": /],
  [5, /was not signalled: Failed to write ".*\/processes\.json": /],
];

for (const [free, fails] of PAGES) {
  test(`kill loses nothing on a disk with ${free} free pages`, {
    skip,
  }, () =>
    withWorld(async (world) => {
      const agent = prepare(world);
      const before = world.read("processes.json");
      const out = join(world.home, "out");
      const read = (path: string) => readFileSync(join(out, path), "utf8");
      const args = [out, String(free)];
      const ran = await runMounted(world, FILL, args, ["kill", ID, RESULT]);

      assert.deepEqual([read("status"), read("stdout")], ["1\n", ""]);
      assert.match(read("stderr"), fails);
      assert.match(read("stderr"), /^Error: .*\(ENOSPC\)$/m);
      assert.equal(read("full/processes.json"), before);
      // The result is there as a whole, or not at all.
      const lines = read(`full/${LOG}`).slice(OLD_LINE.length);
      if (lines !== "") assert.equal(JSON.parse(lines).result, RESULT);
      const names = ["logs", "processes.json", "sessions.json"];
      assert.deepEqual(readdirSync(join(out, "full")).sort(), names);

      assert.equal(ran.status, 0, ran.stderr);
      assert.equal(await agent.waitForEnd(), "SIGTERM");
      const [{ status }] = JSON.parse(read("end/processes.json")).processes;
      assert.equal(status, "killed");
      const [line = "", ...others] = read(`end/${LOG}`)
        .slice(OLD_LINE.length).split("\n");
      assert.equal(JSON.parse(line).result, RESULT);
      assert.deepEqual(others, [""]);
      assert.deepEqual(readdirSync(join(out, "end")).sort(), names);
    }));
}

const READ_ONLY = `mount --bind "$1" "$1"
mount -o remount,ro,bind "$1"
shift
exec "$@"`;

test("kill on a read-only home names the file and signals nothing", {
  skip,
}, () =>
  withWorld(async (world) => {
    const agent = prepare(world);
    const before = world.read("processes.json");
    for (const line of [["kill", ID], ["kill", ID, RESULT]]) {
      const ran = await runMounted(world, READ_ONLY, [], line);
      assert.deepEqual([ran.status, ran.stdout], [1, ""]);
      assert.match(
        ran.stderr,
        /^Error: Process .* was not signalled: Failed to lock ".*\/processes\.json\.lock": the file system is read-only \(EROFS\)\n/,
      );
    }
    assert.ok(agent.isAlive());
    assert.equal(world.read("processes.json"), before);
    assert.equal(world.read(LOG), OLD_LINE);
    assert.deepEqual(readdirSync(world.zag).length, 3);

    const list = await runMounted(world, READ_ONLY, [], ["list", "--json"]);
    assert.deepEqual([list.status, list.stderr], [0, ""]);
    assert.equal(JSON.parse(list.stdout)[0].live_status, "running");
    const stop = await runMounted(world, READ_ONLY, [], ["stop", ID]);
    assert.deepEqual([stop.status, stop.stderr], [0, ""]);
    assert.equal(await agent.waitForEnd(), "SIGHUP");
    assert.equal(world.read("processes.json"), before);
  }));

test("kill on a home of another disk replaces the store behind a link", {
  skip,
}, () =>
  withWorld(async (world) => {
    const agent = prepare(world);
    const script = `zag=$1
shift
mkdir "$HOME/disk"
mount -t tmpfs tmpfs "$HOME/disk"
mv "$zag/processes.json" "$HOME/disk/real.json"
ln -s "$HOME/disk/real.json" "$zag/processes.json"
"$@"
test -L "$zag/processes.json"
test ! -L "$HOME/disk/real.json"
ls -A "$HOME/disk" >"$HOME/names"
cp "$HOME/disk/real.json" "$HOME/end.json"`;
    const ran = await runMounted(world, script, [], ["kill", ID, RESULT]);
    assert.deepEqual([ran.status, ran.stderr], [0, ""]);
    assert.equal(await agent.waitForEnd(), "SIGTERM");
    const read = (path: string) => readFileSync(join(world.home, path), "utf8");
    const [{ status }] = JSON.parse(read("end.json")).processes;
    assert.equal(status, "killed");
    assert.equal(read("names"), "real.json\n");
    assert.ok(!existsSync(join(world.zag, "processes.json.lock")));
  }));
