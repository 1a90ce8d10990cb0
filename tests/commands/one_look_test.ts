/** How often a command looks at the processes. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../src/cli/run.ts";
import { createNodeSystem } from "../../src/system/node_system.ts";
import type { System } from "../../src/system/system.ts";
import {
  CODEX_PID,
  EDITOR_PID,
  LAUNCHER_PID,
  makeUntrackedMachine,
} from "../support/untracked_machine.ts";
import { HOME, ID, makeEntry } from "../support/zag_files.ts";

interface Looks {
  /** Looks at every process. */
  all: number;
  /** Looks at single ones. */
  single: number;
}

/** Runs a command line on a machine, and counts its looks. */
async function countLooks(
  system: System,
  argv: readonly string[],
): Promise<Looks & { status: number; out: string; err: string }> {
  const looks = { all: 0, single: 0 };
  const printed = { out: "", err: "" };
  const watched: System = {
    ...system,
    observeAll: () => {
      looks.all++;
      return system.observeAll();
    },
    observe: (pids) => {
      looks.single++;
      return system.observe(pids);
    },
  };
  const status = await run(argv, watched, {
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
    isTerminal: () => false,
    columns: () => undefined,
  });
  return { status, ...looks, ...printed };
}

const CODEX = `pid:${CODEX_PID}`;

/** What reads, and what it has to look at beside all processes. */
const ROWS: [argv: string[], looks: Looks][] = [
  [["list"], { all: 0, single: 1 }],
  [["list", "-a"], { all: 1, single: 0 }],
  [["list", "-a", "--json"], { all: 1, single: 0 }],
  [["list", "--untracked"], { all: 1, single: 0 }],
  [["list", "-a", "-f", "orphan=true", "-f", "role=agent"], {
    all: 1,
    single: 0,
  }],
  [["show", CODEX], { all: 1, single: 0 }],
  [["show", `pid:${LAUNCHER_PID}`, "pid:300", "--json"], { all: 1, single: 0 }],
  [["explain", String(LAUNCHER_PID)], { all: 1, single: 0 }],
  [["explain", String(EDITOR_PID)], { all: 1, single: 0 }],
  [["explain", ID], { all: 1, single: 0 }],
  // Whether zag-ps runs in one of them is asked of those above it alone.
  [["reap", "-f", "orphan=true", "--include-untracked"], { all: 1, single: 1 }],
];

for (const [argv, looks] of ROWS) {
  test(`${argv.join(" ")} looks at the processes ${looks.all ? "all at once" : "of the store"}`, async () => {
    const { system } = makeUntrackedMachine(
      makeEntry({ pid: LAUNCHER_PID, provider: "codex" }),
    );
    const { status, all, single, err } = await countLooks(system, [
      "--zag-home",
      HOME,
      ...argv,
    ]);
    assert.equal(status, 0, err);
    assert.deepEqual({ all, single }, looks);
  });
}

test("list -a looks once at a real machine", async () => {
  const home = mkdtempSync(join(tmpdir(), "zag-ps-look-"));
  try {
    const system = createNodeSystem();
    const argv = ["--zag-home", home, "list", "-a", "--json"];
    const { status, all, single, out, err } = await countLooks(system, argv);
    assert.equal(status, 0, err);
    assert.deepEqual({ all, single }, { all: 1, single: 0 });
    assert.ok(Array.isArray(JSON.parse(out)));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
