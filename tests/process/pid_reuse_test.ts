import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { waitUntil } from "../support/children.ts";
import { access, type Nursery, openNursery } from "../support/nursery.ts";
import { ID, makeEntry, OTHER_ID } from "../support/records.ts";
import {
  GO_FILE,
  HARNESS_VARIABLE,
  harnessCommand,
  READY_FILE,
  runHarness,
} from "../support/swap_harness.ts";
import { withWorld, type World } from "../support/world.ts";

const MINUTE_MS = 60_000;

const skip = "reason" in access
  ? `no PID namespace can be made here: ${access.reason}`
  : false;

/** Records a child that carries the entry's id, and opens its namespace. */
async function prepare(
  world: World,
  ageMs: number,
): Promise<{ nursery: Nursery; pid: number }> {
  const nursery = openNursery(world);
  const pid = await nursery.start(ID);
  const started_at = new Date(Date.now() - ageMs).toISOString();
  world.writeProcesses([makeEntry({ pid, started_at })]);
  return { nursery, pid };
}

async function identify(nursery: Nursery): Promise<unknown[]> {
  const ran = await nursery.run(["list", "--json"]);
  assert.equal(ran.stderr, "");
  const [row, ...others] = JSON.parse(ran.stdout);
  assert.deepEqual(others, []);
  return [row.live_status, row.identity, row.alive];
}

/** Who gets the pid, how old the entry is, and what tells them apart. */
const STRANGERS: [
  name: string,
  ageMs: number,
  marker: string | undefined,
  reason: RegExp,
][] = [
  [
    "a stranger",
    60 * MINUTE_MS,
    undefined,
    /after the entry was written and carries no ZAG_/,
  ],
  [
    "a stranger of a minute later",
    MINUTE_MS,
    undefined,
    /runs another program/,
  ],
  ["another agent", 0, OTHER_ID, /is another id \(22222222-/],
];

const REFUSED = [
  ["stop"],
  ["kill"],
  ["stop", "--unverified"],
  ["kill", "--unverified", "--skip-validation"],
];

async function testStranger(
  world: World,
  ageMs: number,
  marker: string | undefined,
  reason: RegExp,
): Promise<void> {
  const { nursery, pid } = await prepare(world, ageMs);
  assert.deepEqual(await identify(nursery), ["running", "verified", true]);
  await nursery.swap(marker);
  const before = world.read("processes.json");

  assert.deepEqual(await identify(nursery), ["dead", "recycled", false]);
  const running = await nursery.run(["list", "--running"]);
  assert.equal(running.stdout, "No processes found.\n");
  const shown = await nursery.run(["show", ID]);
  assert.match(shown.stdout, /^Status: {6}dead\nIdentity: {4}recycled: /m);
  assert.match(shown.stdout, reason);
  const explained = await nursery.run(["explain", String(pid)]);
  assert.match(explained.stdout, /^Process: {8}alive$/m);
  assert.match(explained.stdout, /^Verdict: {8}recycled$/m);

  for (const args of REFUSED) {
    const ran = await nursery.run([...args, ID]);
    assert.equal(ran.status, 3, ran.stderr);
    assert.equal(ran.stdout, "");
    assert.match(ran.stderr, /^Error: Process .* \(status: dead\)\nAnother pr/);
    assert.match(ran.stderr, reason);
  }
  assert.equal(world.read("processes.json"), before);
  assert.ok(await nursery.isRunning(), "the stranger was ended");
}

/** Hands the pid over after the judgement, or leaves it where it is. */
async function runBetween(
  world: World,
  verb: string,
  swap: boolean,
): Promise<{ outcome: string; running: boolean }> {
  const { nursery } = await prepare(world, 0);
  const harness = await nursery.spawn(harnessCommand(import.meta.url), {
    [HARNESS_VARIABLE]: verb,
  });
  await waitUntil(
    () => existsSync(join(world.home, READY_FILE)),
    "nothing was judged",
  );
  // Even the mark is the same: the start time alone tells them apart.
  if (swap) await nursery.swap(ID);
  writeFileSync(join(world.home, GO_FILE), "");
  const { stdout, stderr } = await harness.wait();
  assert.equal(stderr, "");
  // Whoever was signalled ends a moment later.
  if (!swap) {
    await waitUntil(
      async () => !(await nursery.isRunning()),
      `the process still runs after: ${stdout}`,
    );
  }
  return { outcome: stdout.trim(), running: await nursery.isRunning() };
}

function registerTests(): void {
  if (skip) console.error(`Tests that reuse a pid are left out: ${skip}`);

  for (const [name, ageMs, marker, reason] of STRANGERS) {
    test(`list, stop and kill spare ${name} that got the pid`, {
      skip,
    }, () => withWorld((world) => testStranger(world, ageMs, marker, reason)));
  }

  for (const verb of ["stop", "kill"]) {
    test(
      `${verb} signals nothing if the pid changes hands after the judgement`,
      {
        skip,
      },
      () =>
        withWorld(async (world) => {
          assert.deepEqual(await runBetween(world, verb, true), {
            outcome: verb === "stop" ? "not-running" : "already-ended",
            running: true,
          });
        }),
    );

    test(`${verb} signals the process that keeps its pid after the judgement`, {
      skip,
    }, () =>
      withWorld(async (world) => {
        assert.deepEqual(await runBetween(world, verb, false), {
          outcome: "signalled",
          running: false,
        });
      }));
  }
}

const verb = process.env[HARNESS_VARIABLE];
if (verb === undefined) registerTests();
else await runHarness(verb);
