import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import {
  endTree,
  RECORDING_MARKER,
  type Sighting,
  watchTree,
} from "../../scripts/record/watch.ts";
import { isZombieState, parseProcStat } from "../../src/system/proc.ts";
import { DEADLINE_MS } from "../support/children.ts";

const LINUX_ONLY = {
  skip: process.platform === "linux" ? false : "needs /proc",
};

/** `env -i` takes the mark away: its sleep is known by its parent alone. */
const TREE = "sleep 61 & env -i /bin/sleep 62 & wait";

interface Tree {
  id: string;
  shell: ChildProcess;
  /** What was seen when all of it was there. */
  sightings: readonly Sighting[];
}

/** Starts a tree, waits until all of it is there, and ends it. */
async function withTree(act: (tree: Tree) => Promise<void>): Promise<void> {
  const id = randomUUID();
  const shell = spawn("/bin/sh", ["-c", TREE], {
    env: { PATH: "/usr/bin:/bin", [RECORDING_MARKER]: id },
    stdio: "ignore",
  });
  let sightings: readonly Sighting[] = [];
  try {
    const end = Date.now() + DEADLINE_MS;
    while (readSleeps(sightings).length < 2 && Date.now() < end) {
      const stop = Date.now() + 50;
      sightings = await watchTree(id, shell.pid, () => Date.now() > stop);
    }
    await act({ id, shell, sightings });
  } finally {
    await endTree(id, sightings);
  }
}

/** The commands of what sleeps. */
function readSleeps(sightings: readonly Sighting[]): string[] {
  return sightings
    .map(({ looks }) => looks.at(-1)?.look.args.join(" ") ?? "")
    .filter((command) => /^(?:\/bin\/)?sleep /.test(command))
    .sort();
}

function isAlive({ pid, startTicks }: Sighting): boolean {
  try {
    const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    return stat?.startTicks === startTicks && !isZombieState(stat.state);
  } catch {
    return false;
  }
}

test(
  "watchTree sees what carries the mark and what descends from it",
  LINUX_ONLY,
  async () => {
    await withTree(({ shell, sightings }) => {
      assert.deepEqual(readSleeps(sightings), ["/bin/sleep 62", "sleep 61"]);
      assert.deepEqual(
        sightings.map(({ looks }) => looks[0]?.look.ppid),
        [shell.pid, shell.pid],
      );
      return Promise.resolve();
    });
  },
);

test("watchTree ends when nothing is left", LINUX_ONLY, async () => {
  assert.deepEqual(await watchTree(randomUUID(), undefined, () => false), []);
});

test(
  "endTree ends a tree, a child that lost mark and parent too, and no other",
  LINUX_ONLY,
  async () => {
    await withTree(async (other) => {
      await withTree(async ({ id, shell, sightings }) => {
        const ended = new Promise((resolve) => shell.on("exit", resolve));
        shell.kill("SIGKILL");
        await ended;
        await endTree(id, sightings);
        assert.deepEqual(sightings.filter(isAlive), []);
      });
      assert.equal(other.sightings.filter(isAlive).length, 2);
      assert.equal(other.shell.signalCode, null);
    });
  },
);
