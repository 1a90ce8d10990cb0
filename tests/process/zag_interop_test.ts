import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ran } from "../support/children.ts";
import { ID, makeEntry, OTHER_ID } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";
import { runZag, skip } from "../support/zag.ts";

const stamp = (text: string) => `2026-11-22T${text}`;

/**
 * Entries of all kinds that zag can read, in no order. zag takes any process
 * that has the pid for the agent: those that run here carry their mark.
 */
function makeEntries(world: World): Record<string, unknown>[] {
  const start = (id: string) => world.startSleeper({ ZAG_PROCESS_ID: id }).pid;
  const { pid } = world.startSleeper();
  const ended = 2 ** 22 + 7;
  return [
    { id: ID, pid: start(ID), started_at: stamp("10:00:00.1+00:00") },
    {
      id: OTHER_ID,
      pid: start(OTHER_ID),
      started_at: stamp("10:00:00.123456789+00:00"),
    },
    { id: "b", pid: ended, started_at: stamp("10:00:00.123456788+00:00") },
    { id: "tie-a", pid: ended, started_at: stamp("09:00:00+00:00") },
    { id: "tie-\u{1f916}", pid: ended, started_at: stamp("09:00:00+00:00") },
    { id: "tie-\uffee", pid: ended, started_at: stamp("09:00:00.000+00:00") },
    { id: "zone", pid: start("zone"), started_at: stamp("14:00:00+05:00") },
    { id: "no-date", pid, started_at: "yesterday" },
    { id: "no-date-2", pid, started_at: "" },
    {
      id: "all",
      pid,
      session_id: "s",
      provider: "copilot-and-more",
      model: "日本\u{1f916}",
      command: "interactive",
      prompt: "\u{1f916}".repeat(45),
      started_at: stamp("11:00:00.123456+00:00"),
      status: "exited",
      exit_code: -1,
      exited_at: stamp("11:30:00.5+00:00"),
      root: "/some/where/",
      parent_process_id: ID,
      parent_session_id: "parent-session",
    },
    {
      id: "killed",
      pid: ended,
      provider: "codex",
      model: "",
      prompt: null,
      status: "killed",
      parent_session_id: ID,
      started_at: stamp("08:00:00Z"),
    },
    { id: "odd", pid, status: "paused", started_at: stamp("07:00:00+00:00") },
  ].map(makeEntry);
}

/** What zag prints, of what zag-ps prints, which may have more keys. */
function pickKeys(value: unknown, wanted: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(wanted)) {
    return value.map((item, i) => pickKeys(item, wanted[i]));
  }
  const all = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(wanted as object).map((key) => [key, all[key]]),
  );
}

const LISTS: string[][] = [
  [],
  ["list"],
  ["list", "--running"],
  ["list", "-n", "3"],
  ["list", "--limit", "0"],
  ["list", "-n", "4", "--provider", "copilot-and-more"],
  ["list", "-n", "1", "-p", "codex"],
  ["list", "--children", ID],
  ["list", "--children", "parent-session"],
  ["list", "--children", "nobody"],
];

for (const args of LISTS) {
  test(
    `list prints what zag prints: ps ${args.join(" ")}`,
    { skip },
    () =>
      withWorld(async (world) => {
        world.writeProcesses(makeEntries(world));
        assert.deepEqual(await world.run(args), await runZag(world, args));
        const ours = await world.run(["--json", ...args]);
        const theirs = await runZag(world, ["--json", ...args]);
        const wanted = JSON.parse(theirs.stdout);
        const rows = JSON.parse(ours.stdout);
        assert.deepEqual(pickKeys(rows, wanted), wanted);
        assert.equal(rows.length, wanted.length);
      }),
  );
}

test("list and show print what zag prints for an absent store and nobody", {
  skip,
}, () =>
  withWorld(async (world) => {
    for (const args of [[], ["--json"], ["--json", "list"]]) {
      assert.deepEqual(await world.run(args), await runZag(world, args));
    }
    const ours = await world.run(["show", "nobody"]);
    const theirs = await runZag(world, ["show", "nobody"]);
    const first = ({ stderr }: Ran) => stderr.split("\n")[0];
    assert.equal(first(ours), first(theirs));
  }));

test("show prints what zag prints", { skip }, () =>
  withWorld(async (world) => {
    const entries = makeEntries(world);
    world.writeProcesses(entries);
    const strangers = ["no-date", "no-date-2", "all", "odd"];
    for (const id of entries.map(({ id }) => String(id))) {
      const args = ["show", id];
      const { stdout, ...shown } = await world.run(args);
      // This line is zag-ps's own: it tells what zag does not look at.
      const [identity] = stdout.match(/^Identity: .*\n/m) ?? [];
      const plain = { ...shown, stdout: stdout.replace(identity ?? "", "") };
      assert.deepEqual(plain, await runZag(world, args));
      assert.equal(identity === undefined, !strangers.includes(id), id);
      const ours = await world.run(["--json", ...args]);
      const wanted = JSON.parse(
        (await runZag(world, ["--json", ...args])).stdout,
      );
      assert.deepEqual(pickKeys(JSON.parse(ours.stdout), wanted), wanted);
    }
  }));
