import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createNodeSystem } from "../../src/system/node_system.ts";
import { capture } from "../support/capture.ts";
import type { Agent, Ran } from "../support/children.ts";
import { ID, makeEntry, makeSession, OTHER_ID } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";
import { runZag, skip } from "../support/zag.ts";
import { RESULT_ROWS } from "../support/zag_results.ts";

/** An agent that ignores signals, in the store, with a session. */
async function prepareStubborn(world: World): Promise<Agent> {
  // What is ignored stays ignored in the program that takes its place.
  const script = "trap '' TERM HUP; echo READY; exec /bin/sleep 120";
  const agent = world.start("/bin/sh", ["-c", script], { ZAG_PROCESS_ID: ID });
  await agent.waitFor("READY");
  return agent;
}

function reset(world: World, agent: Agent, session: Record<string, unknown>) {
  rmSync(join(world.zag, "logs"), { recursive: true, force: true });
  const processes = [makeEntry({ pid: agent.pid, session_id: "session-1" })];
  world.writeProcesses(processes);
  world.writeSessions([makeSession(session)]);
}

const LOG = "logs/sessions/session-1.jsonl";

/** The log without the times of the lines. */
function readLog(world: World): string | undefined {
  return world.read(LOG)?.replace(/"ts":"[^"]*"/g, '"ts":"<time>"');
}

/** The messages about the values that break a schema. */
function readViolations({ stderr }: Ran): string[] {
  return stderr.split("\n").filter((line) => line.startsWith("  - ")).sort();
}

test(
  "kill records the line that zag records",
  { skip },
  () =>
    withWorld(async (world) => {
      const agent = await prepareStubborn(world);
      const started =
        '{"seq":41,"type":"session_started"}\n{"type":"heartbeat"}\n';
      const results = [
        "x",
        "",
        '{"a":"\u{1f916} é \\u2028 /"}',
        "\x7f\x1b\n\t\u2028",
      ];
      for (const native of [null, "native-id"]) {
        for (const before of [undefined, "", started, "no JSON\n"]) {
          for (const result of results) {
            const logs: unknown[] = [];
            for (const tool of [runZag, runOurs]) {
              reset(world, agent, {
                provider: "codex",
                provider_session_id: native,
              });
              if (before !== undefined) world.writeText(LOG, before);
              const ran = await tool(world, ["kill", ID, result]);
              assert.equal(ran.status, 0, ran.stderr);
              logs.push(readLog(world));
            }
            const [theirs, ours] = logs;
            assert.equal(ours, theirs, JSON.stringify([before, result]));
          }
        }
      }
    }),
);

/** Our command line in this very process: some hundred runs stay quick. */
function runOurs(world: World, args: string[]): Promise<Ran> {
  return capture(args, createNodeSystem({ env: { HOME: world.home } }));
}

function stripColors(text: string): string {
  return ["32", "33", "0"]
    .reduce((rest, code) => rest.replaceAll(`\x1b[${code}m`, ""), text);
}

test("kill leaves a store that zag reads, and reads the one that zag leaves", {
  skip,
}, () =>
  withWorld(async (world) => {
    const agent = world.startSleeper();
    const other = world.startSleeper();
    world.writeProcesses([
      makeEntry({ pid: agent.pid, future_field: { kept: [1, 2] } }),
      makeEntry({ id: OTHER_ID, pid: other.pid }),
    ]);
    assert.equal((await world.run(["kill", ID])).status, 0);
    const { exited_at, ...entry } = world.readEntry(ID);
    assert.deepEqual(entry["future_field"], { kept: [1, 2] });
    const listed = await runZag(world, ["--json", "show", ID]);
    const seen = JSON.parse(listed.stdout);
    assert.equal(seen.exited_at, exited_at);
    assert.deepEqual([seen.status, seen.live_status], ["killed", "killed"]);
    assert.deepEqual(await world.run([]), await runZag(world, []));

    const killed = await runZag(world, ["kill", OTHER_ID]);
    assert.equal(killed.status, 0, killed.stderr);
    assert.equal(await other.waitForEnd(), "SIGTERM");
    assert.deepEqual(await world.run([]), await runZag(world, []));
    const again = await world.run(["kill", OTHER_ID]);
    assert.equal(
      again.stderr.split("\n")[0],
      (await runZag(world, ["kill", OTHER_ID])).stderr.split("\n")[0],
    );
  }));

test(
  "stop and kill print what zag prints, without its colours",
  { skip },
  () =>
    withWorld(async (world) => {
      const agent = await prepareStubborn(world);
      for (const args of [["stop", ID], ["kill", ID], ["kill", ID, "x"]]) {
        const printed: string[] = [];
        for (const tool of [runZag, runOurs]) {
          reset(world, agent, {});
          const { status, stdout, stderr } = await tool(world, args);
          assert.deepEqual([status, stderr], [0, ""]);
          printed.push(stripColors(stdout));
        }
        assert.equal(printed[1], printed[0]);
      }
      assert.ok(agent.isAlive());
    }),
);

for (const { name, exit, results } of RESULT_ROWS) {
  test(
    `kill judges results as zag does: ${name}`,
    { skip },
    () =>
      withWorld(async (world) => {
        const agent = await prepareStubborn(world);
        for (const result of results) {
          const args = [
            "kill",
            ID,
            ...(result === undefined ? [] : ["--", result]),
          ];
          reset(world, agent, { exit });
          const theirs = await runZag(world, args);
          const theirLog = readLog(world);
          reset(world, agent, { exit });
          const ours = await runOurs(world, args);
          const what = `${result}: ${ours.stderr} / ${theirs.stderr}`;
          assert.equal(ours.status === 0, theirs.status === 0, what);
          assert.deepEqual(readViolations(ours), readViolations(theirs), what);
          assert.equal(readLog(world), theirLog, what);
        }
        assert.ok(agent.isAlive());
      }),
  );
}
