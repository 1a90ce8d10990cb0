/** What reap, prune and doctor take and print. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCommandLine } from "../../src/cli/args.ts";
import { renderPlanTable } from "../../src/model/plan_table.ts";
import { capture } from "../support/capture.ts";
import { createMemory, type Memory } from "../support/memory_system.ts";
import {
  formatStore,
  HOME,
  ID,
  isError,
  makeEntry,
  makeFacts,
  PID,
  STORE,
} from "../support/zag_files.ts";

const OLD = "2026-11-01T10:00:00+00:00";

function makeMachine(...entries: ReturnType<typeof makeEntry>[]): Memory {
  const memory = createMemory();
  memory.folders.add(HOME);
  memory.put(STORE, formatStore(...entries));
  memory.processes.set(PID, makeFacts({ markers: { ZAG_PROCESS_ID: ID } }));
  return memory;
}

const ended = makeEntry({
  id: "gone\u001b[1m",
  pid: 12,
  status: "exited",
  exit_code: 0,
  exited_at: OLD,
  session_id: null,
});

test("prune prints a table that cannot act on a terminal", async () => {
  const memory = makeMachine(ended);
  assert.deepEqual(await capture(["prune"], memory.system), {
    status: 0,
    stdout: "ACTION  ID           PROVIDER  AGE    WHY\n" +
      `remove  gone\\x1b[1m  claude    21d2h  exited at ${OLD}\n` +
      "1 entry would be removed, 0 marked killed; nothing was changed, add --apply\n",
    stderr: "",
  });
  const { stdout } = await capture(["prune"], memory.system, { columns: 20 });
  for (const line of stdout.split("\n").slice(0, 2)) {
    assert.ok(line.length <= 20, line);
  }
});

test("prune prints one JSON object", async () => {
  const { system } = makeMachine(ended);
  const { status, stdout } = await capture(
    ["prune", "--apply", "--json"],
    system,
  );
  assert.equal(status, 0);
  assert.equal(stdout.indexOf("\n"), stdout.length - 1);
  assert.deepEqual(JSON.parse(stdout), {
    applied: true,
    marked: 0,
    plan: [{
      action: "remove",
      age_ms: (21 * 24 + 2) * 3_600_000,
      exited_at: OLD,
      id: ended.id,
      pid: 12,
      provider: "claude",
      reason: `exited at ${OLD}`,
      started_at: ended.started_at,
      status: "exited",
    }],
    removed: 1,
  });
});

test("prune takes its options", () => {
  const read = (...argv: string[]) => parseCommandLine(["prune", ...argv]);
  assert.deepEqual(
    read("a", "b", "-f", "tag=x", "-f", "tag=y", "--older-than", "1d12h")
      .command,
    {
      verb: "prune",
      options: {
        handles: ["a", "b"],
        filters: ["tag=x", "tag=y"],
        olderThanMs: 36 * 3_600_000,
        dead: false,
        keepLast: undefined,
        apply: false,
      },
    },
  );
  const { command } = read("--dead", "--keep-last", "0", "--apply");
  assert.ok(command.verb === "prune");
  const { dead, keepLast, apply } = command.options;
  assert.deepEqual([dead, keepLast, apply], [true, 0, true]);
});

test("reap takes its options", () => {
  const { command } = parseCommandLine([
    ...["reap", "x", "--older-than", "2h", "--finished", "-f", "tag=ci"],
    ...["--apply", "-y", "--reason", "over", "-t", "5s", "--tree"],
    ...["--max", "7", "--unverified"],
  ]);
  assert.deepEqual(command, {
    verb: "reap",
    options: {
      handles: ["x"],
      filters: ["tag=ci"],
      olderThan: "2h",
      all: false,
      untracked: undefined,
      finished: true,
      unverified: true,
      apply: true,
      reason: "over",
      timeoutMs: 5000,
      tree: true,
      max: 7,
    },
  });
});

const REFUSED: [argv: string[], message: RegExp][] = [
  [["prune", "--keep-last", "-1"], /--keep-last/],
  [["prune", "--keep-last", "x"], /takes a whole number from 0 up, not "x"/],
  [["prune", "--older-than", "7"], /the duration "7"/],
  [["prune", "-f", "colour=red"], /no key "colour"\n.*provider/],
  [["prune", "--finished"], /"prune" has no option "--finished"/],
  [["reap", "--max", "0"], /takes a whole number from 1 up/],
  [["reap", "-t", "soon"], /the duration "soon"/],
  [["reap", "--older-than", "x"], /the duration "x"/],
  [["reap", ""], /needs an ID that is not empty/],
  [["reap", "--signal", "KILL"], /"reap" has no option "--signal"/],
  [["doctor", "x"], /Unexpected argument "x" for "doctor"/],
  [["doctor", "--apply"], /"doctor" has no option "--apply"/],
];

for (const [argv, message] of REFUSED) {
  test(`parseCommandLine refuses ${argv.join(" ")}`, () => {
    assert.throws(() => parseCommandLine(argv), isError("usage", message));
  });
}

test("reap without anything that is stale is wrong usage", async () => {
  const { system } = makeMachine(makeEntry());
  const { status, stdout, stderr } = await capture(["reap"], system);
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(stderr, /^Error: Cannot reap: .*\nGive --older-than, /);
});

test("reap prints the plan, then what became of it", async () => {
  const memory = makeMachine(makeEntry({ session_id: null }));
  const plan = await capture(["reap", "--older-than", "30s"], memory.system);
  assert.deepEqual(plan, {
    status: 0,
    stdout:
      `ACTION  ID${" ".repeat(36)}PID   PROVIDER  WHY      AGE  EVIDENCE\n` +
      `end     ${ID}  4711  claude    age>30s  59s  verified: ZAG_PROCESS_ID of the process is this id\n` +
      "1 agent would be ended; nothing was changed, add --apply\n",
    stderr: "",
  });
});

test("reap is a failure where something is left", async () => {
  const memory = makeMachine(makeEntry({ session_id: null }));
  const { system } = memory;
  const argv = ["reap", "--older-than", "30s", "--apply", "-t", "10ms"];
  const ran = await capture(argv, system);
  assert.equal(ran.status, 1);
  assert.match(ran.stdout, /^✗ Process 4711 \(.*\) survived$/m);
  assert.match(ran.stdout, /Its entry was put back as it was/);
  const json = await capture([...argv, "--json"], system);
  assert.equal(json.status, 1);
  const { agents } = JSON.parse(json.stdout);
  assert.equal(agents[0].outcome, "survived");
  assert.deepEqual(agents[0].signals, ["SIGTERM", "SIGKILL"]);

  memory.processes.set(PID, makeFacts({ startedAt: 0 }));
  const unsure = ["reap", "--older-than", "30s"];
  const shown = await capture(unsure, system);
  assert.equal(shown.status, 0);
  assert.match(shown.stdout, /^leave {3}.* may not be the one/m);
  const left = await capture([...unsure, "--apply"], system);
  assert.equal(left.status, 1);
  assert.match(left.stdout, /^leave {3}.* may not be the one/m);
});

test("doctor has status 1 where something is wrong, notes are nothing", async () => {
  const healthy = makeMachine(makeEntry({ session_id: null }));
  const well = await capture(["doctor"], healthy.system);
  assert.deepEqual(well, {
    status: 0,
    stdout: `✓ home: "${HOME}"\n✓ store: "${STORE}"\n` +
      "✓ entries: 1 looked at\n✓ sessions: 0 in 0 stores\n" +
      "✓ logs: 0 looked at\n✓ permissions\n✓ locks\n✓ temporary files\n" +
      "Nothing is wrong\n",
    stderr: "",
  });
  const ill = makeMachine(makeEntry({ session_id: null, pid: 12 }));
  const found = await capture(["doctor"], ill.system);
  assert.equal(found.status, 1);
  assert.match(
    found.stdout,
    /^✗ entries: 1 looked at\n {2}problem: .*\n {4}remedy: /m,
  );
  assert.match(found.stdout, /\n1 problem\n$/);
  const fixed = await capture(["doctor", "--fix"], ill.system);
  assert.equal(fixed.status, 1);
  const none = await capture(["doctor"], createMemory().system);
  assert.equal(none.status, 0);
  assert.match(none.stdout, /^✓ home\n {2}note: There is no zag home/);
});

test("renderPlanTable counts characters, and pads none at the end", () => {
  assert.equal(
    renderPlanTable(["A", "B"], [["🤖", "x "], ["ab", ""]], undefined),
    "A   B\n🤖   x\nab\n",
  );
});
