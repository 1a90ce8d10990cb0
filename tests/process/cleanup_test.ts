import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  readdirSync,
  statSync,
  utimesSync,
} from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { type Agent, waitUntil } from "../support/children.ts";
import { makeEntry, makeSession } from "../support/records.ts";
import { ownForm, withWorld, type World } from "../support/world.ts";
import { runZag, skip as withoutZag } from "../support/zag.ts";

const skip = process.platform === "win32" ? "Windows has no signals" : false;

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Of its own: a marker of another test must not tie its processes to ours. */
const newId = () => crypto.randomUUID();

const ago = (ms: number) =>
  new Date(Date.now() - ms).toISOString().replace("Z", "+00:00");

/** A shell with a marker; it says when it is ready. */
async function startShell(
  world: World,
  id: string,
  script = ":",
): Promise<Agent> {
  const agent = world.start("/bin/sh", [
    "-c",
    `${script}; echo READY; while :; do sleep 0.05; done`,
  ], { PATH: process.env["PATH"] ?? "", ZAG_PROCESS_ID: id });
  await agent.waitFor("READY\n");
  return agent;
}

/** The pid of a process that has ended and was reaped. */
async function endedPid(world: World): Promise<number> {
  const agent = world.start("/bin/sh", ["-c", "exit 0"], {});
  await agent.waitForEnd();
  return agent.pid;
}

function readIds(world: World): string[] {
  return JSON.parse(world.read("processes.json") ?? "").processes
    .map(({ id }: { id: string }) => id);
}

/** A living agent, an old ended one, a young ended one, and a dead one. */
async function writeFour(world: World) {
  const [living, old, young, dead] = [newId(), newId(), newId(), newId()];
  const agent = await startShell(world, living);
  const pid = await endedPid(world);
  const ended = { pid, status: "exited", exit_code: 0 };
  world.writeProcesses([
    makeEntry({ ...ended, id: old, exited_at: ago(8 * DAY_MS) }),
    // Its end is long ago, and yet its process is there.
    makeEntry({
      id: living,
      pid: agent.pid,
      status: "killed",
      exited_at: ago(9 * DAY_MS),
    }),
    makeEntry({ ...ended, id: young, exited_at: ago(6 * DAY_MS) }),
    makeEntry({ id: dead, pid, started_at: ago(8 * DAY_MS) }),
  ]);
  return { agent, living, old, young, dead };
}

test(
  "prune shows first, and removes then",
  { skip },
  () =>
    withWorld(async (world) => {
      const { agent, living, old, young, dead } = await writeFour(world);
      const before = world.read("processes.json");
      const shown = await world.run(["prune", "--dead"]);
      assert.deepEqual([shown.status, shown.stderr], [0, ""]);
      assert.match(shown.stdout, /^ACTION {7}ID .*PROVIDER {2}AGE .*WHY$/m);
      assert.match(
        shown.stdout,
        new RegExp(`^remove {7}${old}  claude .*8d`, "m"),
      );
      assert.match(shown.stdout, new RegExp(`^mark-killed  ${dead}`, "m"));
      assert.match(
        shown.stdout,
        /^1 entry would be removed, 1 marked killed; /m,
      );
      assert.ok(
        !shown.stdout.includes(living) && !shown.stdout.includes(young),
      );
      assert.equal(world.read("processes.json"), before);

      const ran = await world.run(["prune", "--dead", "--apply"]);
      assert.deepEqual([ran.status, ran.stderr], [0, ""]);
      assert.match(ran.stdout, /^✓ 1 entry removed, 1 marked killed$/m);
      assert.deepEqual(readIds(world), [living, young, dead]);
      const { status, exit_code, exited_at } = world.readEntry(dead);
      assert.deepEqual([status, exit_code], ["killed", null]);
      assert.ok(Date.now() - Date.parse(String(exited_at)) < 60_000);
      assert.equal(
        (await world.run(["prune", "--dead", "--apply"])).stdout,
        "Nothing to prune.\n",
      );
      assert.deepEqual(readdirSync(world.zag), ["processes.json"]);
      assert.ok(agent.isAlive());
    }),
);

test(
  "prune leaves the store as zag would write it",
  { skip: withoutZag },
  () =>
    withWorld(async (world) => {
      const { living, young, dead } = await writeFour(world);
      const kept = [living, young, dead].map((id) => world.readEntry(id));
      await world.run(["prune", "--apply"]);
      assert.equal(
        world.read("processes.json"),
        JSON.stringify({ processes: kept }, null, 2),
      );
      const { status, stdout, stderr } = await runZag(world, ["--json"]);
      assert.equal(status, 0, stderr);
      const ids = JSON.parse(stdout).map(({ id }: { id: string }) => id);
      assert.deepEqual(ids.sort(), [living, young, dead].sort());
    }),
);

test("prune removes each entry once where three run at the same time", {
  skip,
}, () =>
  withWorld(async (world) => {
    const pid = await endedPid(world);
    const old = Array.from(
      { length: 200 },
      () =>
        makeEntry({
          id: newId(),
          pid,
          status: "exited",
          exit_code: 0,
          exited_at: ago(8 * DAY_MS),
        }),
    );
    const fresh = Array.from({ length: 20 }, () => newId());
    world.writeProcesses([
      ...old,
      ...fresh.map((id) => makeEntry({ id, pid })),
    ]);
    const runs = await Promise.all([
      world.run(["prune", "--apply", "--json"]),
      world.run(["prune", "--apply", "--json"]),
      world.run(["prune", "--apply", "--keep-last", "3", "--json"]),
    ]);
    for (const { status, stderr } of runs) assert.equal(status, 0, stderr);
    const removed = runs.map(({ stdout }) => JSON.parse(stdout).removed);
    assert.equal(removed.reduce((sum, n) => sum + n), 200);
    assert.deepEqual(readIds(world), fresh);
  }));

test(
  "doctor finds what is wrong, and --fix mends what is safe",
  { skip },
  () =>
    withWorld(async (world) => {
      const living = newId();
      const dead = newId();
      const agent = await startShell(world, living);
      const gone = await endedPid(world);
      const processes = [
        makeEntry({ id: living, pid: agent.pid }),
        makeEntry({ id: dead, pid: gone, started_at: ago(8 * DAY_MS) }),
      ];
      world.writeProcesses(processes);
      const left = `.processes.json.${gone}.0.tmp`;
      const busy = `.processes.json.${agent.pid}.0.tmp`;
      world.writeText(left, "{");
      world.writeText(busy, "{");
      const fresh = `.processes.json.${gone}.1.tmp`;
      world.writeText(fresh, "{");
      const aged = (Date.now() - 2 * 60 * 1000) / 1000;
      for (const name of [left, busy]) {
        utimesSync(join(world.zag, name), aged, aged);
      }
      world.writeText("sessions.json", '{"sessions": []}');
      chmodSync(join(world.zag, "sessions.json"), 0o666);
      const before = world.read("processes.json");

      const found = await world.run(["doctor"]);
      assert.deepEqual([found.status, found.stderr], [1, ""]);
      assert.match(found.stdout, /^✓ store: /m);
      assert.match(
        found.stdout,
        new RegExp(
          `^✗ entries: 2 looked at\n  problem: Process ${dead} is stored as running, and it is not: no process has this pid\n    remedy: `,
          "m",
        ),
      );
      assert.match(found.stdout, /Everybody may write ".*sessions\.json"/);
      assert.match(found.stdout, new RegExp(`problem: .*${left}"`));
      assert.match(found.stdout, new RegExp(`note: .*${busy}"`));
      assert.match(found.stdout, new RegExp(`note: .*${fresh}"`));
      assert.match(found.stdout, /^3 problems; zag-ps doctor --fix mends 3$/m);
      assert.equal(world.read("processes.json"), before);
      assert.ok(existsSync(join(world.zag, left)));

      const fixed = await world.run(["doctor", "--fix", "--json"]);
      assert.deepEqual([fixed.status, fixed.stderr], [0, ""]);
      const { ok, backups, findings } = JSON.parse(fixed.stdout);
      assert.equal(ok, true);
      assert.equal(
        findings.filter(({ fixed }: { fixed: boolean }) => fixed).length,
        3,
      );
      assert.equal(backups.length, 1);
      const backup = readdirSync(world.zag).find((name) => /\.bak$/.test(name));
      assert.equal(join(world.zag, backup ?? ""), backups[0]);
      assert.equal(world.read(backup ?? ""), before);
      assert.equal(world.readEntry(dead)["status"], "killed");
      assert.deepEqual(world.readEntry(living), processes[0]);
      const { mode } = statSync(join(world.zag, "sessions.json"));
      assert.equal(mode & 0o777, 0o664);
      assert.ok(!existsSync(join(world.zag, left)));
      assert.ok(existsSync(join(world.zag, busy)));
      assert.ok(existsSync(join(world.zag, fresh)));

      const again = await world.run(["doctor"]);
      assert.equal(again.status, 0, again.stdout);
      assert.match(again.stdout, /^Nothing is wrong$/m);
      assert.ok(agent.isAlive());
    }),
);

test("doctor finds nothing wrong in a home that zag has not made yet", () =>
  withWorld(async (world) => {
    const home = join(world.home, "nowhere");
    const ran = await world.run(["doctor", "--zag-home", home]);
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, /note: There is no zag home/);
    assert.ok(!existsSync(home));
  }));

test("reap ends what is old, whatever is asked of it, and nothing else", {
  skip,
}, () =>
  withWorld(async (world) => {
    const [polite, stubborn, young] = [newId(), newId(), newId()];
    const agents = [
      await startShell(world, polite, "trap 'echo GOT TERM; exit 0' TERM"),
      await startShell(world, stubborn, "trap '' TERM"),
      await startShell(world, young),
    ] as const;
    const bystander = world.startSleeper();
    const old = ago(3 * HOUR_MS);
    world.writeProcesses([
      makeEntry({
        id: polite,
        pid: agents[0].pid,
        session_id: "s-polite",
        started_at: old,
      }),
      makeEntry({ id: stubborn, pid: agents[1].pid, started_at: old }),
      makeEntry({ id: young, pid: agents[2].pid }),
    ]);
    world.writeSessions([
      makeSession({
        session_id: "s-polite",
        exit: { schema: { type: "object" } },
      }),
    ]);
    const log = "logs/sessions/s-polite.jsonl";
    const line = JSON.stringify({ seq: 6, ts: old, type: "session_started" });
    world.writeText(log, `${line}\n`);
    const before = world.read("processes.json");

    const plan = await world.run(["reap", "--older-than", "2h"]);
    assert.deepEqual([plan.status, plan.stderr], [0, ""]);
    assert.match(
      plan.stdout,
      new RegExp(
        `^end {5}${polite}  ${
          agents[0].pid
        } .*claude +age>2h  3h   verified: .*; last log line 3h ago; a result is asked of it: cancelled without one$`,
        "m",
      ),
    );
    assert.match(
      plan.stdout,
      /^2 agents would be ended; nothing was changed, /m,
    );
    assert.ok(!plan.stdout.includes(young));
    assert.equal(world.read("processes.json"), before);
    assert.ok(agents.every((agent) => agent.isAlive()));

    const ran = await world.run([
      ...["reap", "--older-than", "2h", "--apply", "-y"],
      ...["-t", "1s", "--reason", "nobody waits"],
    ]);
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(
      ran.stdout,
      new RegExp(`^✓ Process .*${polite}\\) exited$`, "m"),
    );
    assert.match(
      ran.stdout,
      new RegExp(`^✓ Process .*${stubborn}\\) was killed$`, "m"),
    );
    assert.match(ran.stderr, /^> SIGTERM to process/m);
    assert.match(ran.stderr, /^> SIGKILL to process/m);
    assert.equal(await agents[0].waitForEnd(), 0);
    assert.match(agents[0].output(), /GOT TERM/);
    assert.equal(await agents[1].waitForEnd(), "SIGKILL");
    for (const id of [polite, stubborn]) {
      assert.equal(world.readEntry(id)["status"], "killed");
    }
    const [first, second = "", end] = (world.read(log) ?? "").split("\n");
    assert.deepEqual([first, end], [line, ""]);
    const { ts, ...event } = JSON.parse(second);
    assert.ok(Date.now() - Date.parse(ts) < 60_000);
    assert.deepEqual(event, {
      seq: 7,
      provider: "claude",
      wrapper_session_id: "s-polite",
      provider_session_id: null,
      source_kind: "wrapper",
      completeness: "full",
      type: "session_ended",
      success: false,
      error: "cancelled: nobody waits",
    });
    assert.ok(agents[2].isAlive() && bystander.isAlive());
    assert.equal(world.readEntry(young)["status"], "running");

    const nothing = await world.run(["reap", "--older-than", "2h", "--apply"]);
    assert.deepEqual(nothing, {
      status: 0,
      stdout: "Nothing to reap.\n",
      stderr: "",
    });
  }));

test(
  "reap --finished ends what is done and lives on",
  { skip },
  () =>
    withWorld(async (world) => {
      const [done, busy] = [newId(), newId()];
      const agents = [
        await startShell(world, done),
        await startShell(world, busy),
      ] as const;
      const old = ago(3 * HOUR_MS);
      world.writeProcesses([
        makeEntry({
          id: done,
          pid: agents[0].pid,
          session_id: "d",
          started_at: old,
        }),
        makeEntry({
          id: busy,
          pid: agents[1].pid,
          session_id: "b",
          started_at: old,
        }),
      ]);
      world.writeSessions([
        makeSession({ session_id: "d" }),
        makeSession({ session_id: "b" }),
      ]);
      const event = (seq: number, type: string, ms: number) =>
        `${JSON.stringify({ seq, ts: ago(ms), type, result: "x" })}\n`;
      const result = event(0, "session_result", 2 * HOUR_MS);
      world.writeText("logs/sessions/d.jsonl", result);
      world.writeText(
        "logs/sessions/b.jsonl",
        result + event(1, "session_started", HOUR_MS),
      );
      const ran = await world.run(["reap", "--finished", "--apply", "--json"]);
      assert.equal(ran.status, 0, ran.stderr);
      const { applied, agents: [only, ...others] } = JSON.parse(ran.stdout);
      assert.deepEqual([applied, others], [true, []]);
      assert.equal(only.id, done);
      assert.equal(only.outcome, "exited");
      assert.deepEqual(only.signals, ["SIGTERM"]);
      assert.equal(only.recorded, "session_result");
      assert.equal(only.cancelled, false);
      assert.equal(await agents[0].waitForEnd(), "SIGTERM");
      assert.equal(world.read("logs/sessions/d.jsonl"), result);
      assert.ok(agents[1].isAlive());
    }),
);

test("reap does not end the agent that it runs in unless it is named", {
  skip,
}, () =>
  withWorld(async (world) => {
    const [self, other] = [newId(), newId()];
    const sleeper = world.startSleeper({ ZAG_PROCESS_ID: other });
    const out = join(world.home, "cli");
    const { command, env } = ownForm();
    const agent = await world.startAgent([
      ...["run", out, ...command],
      ...["reap", "--older-than", "1h", "--apply"],
    ], { ...env, ZAG_PROCESS_ID: self });
    const started_at = ago(2 * HOUR_MS);
    world.writeProcesses([
      makeEntry({ id: self, pid: agent.pid, started_at }),
      makeEntry({ id: other, pid: sleeper.pid, started_at }),
    ]);
    agent.child.stdin?.write("GO\n");
    await agent.waitFor("DONE\n");
    await waitUntil(() => existsSync(`${out}.status`), "no exit status");
    const read = (suffix: string) => world.read(`../cli.${suffix}`);
    assert.equal(read("status"), "1");
    assert.match(
      read("err") ?? "",
      new RegExp(`zag-ps itself runs in .*${self}`),
    );
    assert.ok(agent.isAlive() && sleeper.isAlive());
    assert.equal(world.readEntry(other)["status"], "running");
  }));
