import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { quoteForShell } from "../../src/cli/shell.ts";
import { isAlive } from "../support/children.ts";
import { skipAction as skip, withHost } from "../support/fake_runner.ts";
import { findNode24 } from "../support/runner_node.ts";
import type { StepRun } from "../support/runner_step.ts";

const isRoot = process.getuid?.() === 0;
/** A user that no test runs as. */
const OTHER_UID = 65_534;

/** The pids and ownerships of the output `processes`. */
function readOwnership({ processes }: StepRun): [unknown, unknown][] {
  return processes.map(({ pid, ownership }) => [pid, ownership]);
}

function getCounts({ outputs }: StepRun): string {
  const { found, ended, survived, refused } = outputs;
  return [found, ended, survived, refused].join(" ");
}

test(
  "the Action ends by scope what jobs left in every way, and nothing else",
  { skip },
  () =>
    withHost(async (host) => {
      const runner = host.startRunner("one");
      const neighbour = host.startRunner("two");
      const person = await host.startAgent("claude");
      const live = await neighbour.startJob();
      const spared = [
        person,
        await live.leaveAgent("codex"),
        await live.leaveAgent("gemini", "untracked"),
        await live.leaveAgent("codex", "detached"),
      ];

      const first = await runner.startJob();
      const tracked = [
        await first.leaveAgent("claude"),
        await first.leaveAgent("codex", "setsid"),
        await first.leaveAgent("codex", "double-fork"),
      ];
      const untracked = await first.leaveAgent("claude", "untracked");
      const detached = await first.leaveAgent("codex", "detached");
      const emptied = await first.leaveAgent("codex", "emptied");
      const halfEmptied = await first.leaveAgent("codex", "half-emptied");
      await first.end();
      // This is what the runner itself does.
      assert.deepEqual(tracked.map(isAlive), [false, false, false]);
      spared.push(emptied, halfEmptied);

      const second = await runner.startJob();
      const own = await second.leaveAgent("gemini");
      const late = await second.leaveAgent("codex", "untracked");
      const later = [untracked, detached, own, late];
      assert.deepEqual(later.filter(isAlive), later);

      const listed = await second.uses("main", { with: { command: "list" } });
      assert.equal(listed.status, 0, listed.log);
      assert.deepEqual(readOwnership(listed), [[untracked, "leftover"]]);
      assert.ok(isAlive(untracked));

      const reap = { command: "reap", timeout: "5s" };
      const planned = await second.uses("main", {
        with: { ...reap, "dry-run": true },
      });
      assert.equal(getCounts(planned), "1 0 0 0");
      assert.equal(planned.processes[0]?.["outcome"], "planned");
      assert.ok(isAlive(untracked));

      const reaped = await second.uses("main", { with: reap });
      assert.equal(reaped.status, 0, reaped.log);
      assert.equal(getCounts(reaped), "1 1 0 0");
      assert.deepEqual(readOwnership(reaped), [[untracked, "leftover"]]);
      assert.ok(!isAlive(untracked));
      assert.deepEqual([detached, own, late].filter(isAlive).length, 3);

      const both = await second.uses("main", {
        with: { ...reap, "include-detached": "true" },
      });
      assert.deepEqual(readOwnership(both), [[detached, "detached"]]);
      assert.ok(!isAlive(detached));

      const stopped = await second.uses("main", {
        with: { command: "stop", scope: "job", timeout: "5s" },
      });
      assert.equal(getCounts(stopped), "2 2 0 0");
      assert.deepEqual([own, late].filter(isAlive), []);
      for (const { ownership } of stopped.processes) {
        assert.equal(ownership, "this-job");
      }

      assert.deepEqual(spared.filter(isAlive), spared);
      for (const pid of [runner.listener, second.worker, live.worker]) {
        assert.ok(isAlive(pid));
      }
    }),
);

test(
  "the Action ends a person's agents only on the host, by their age",
  { skip },
  () =>
    withHost(async (host) => {
      const runner = host.startRunner("one");
      const live = await host.startRunner("two").startJob();
      const theirs = await live.leaveAgent("codex");
      const person = await host.startAgent("codex");
      const unknown = await host.startAgent("codex", { CI: "true" });
      const job = await runner.startJob();
      const own = await job.leaveAgent("codex");
      // Nothing but what is of this test.
      const only = `root=${host.folder}`;
      const young = await job.uses("main", {
        with: {
          ...{ command: "kill", scope: "host", filter: only },
          "older-than": "10m",
        },
      });
      assert.equal(getCounts(young), "0 0 0 0");
      assert.ok(isAlive(person));

      const run = await job.uses("main", {
        with: {
          ...{ command: "kill", scope: "host", filter: only },
          "older-than": "1ms",
        },
      });
      assert.equal(run.status, 0, run.log);
      assert.deepEqual(readOwnership(run), [[person, "person"]]);
      assert.ok(!isAlive(person));
      assert.deepEqual([theirs, unknown, own].filter(isAlive).length, 3);
      assert.match(run.log, /left alone: .*of whom nothing is known/);
    }),
);

test(
  "the Action leaves a leftover of another user alone",
  { skip: skip || (isRoot ? false : "only root can start one") },
  () =>
    withHost(async (host) => {
      const runner = host.startRunner("one");
      const { env, crash } = await runner.startJob();
      await crash();
      const other = await host.startAgent("codex", { ...env }, OTHER_UID);
      const own = await host.startAgent("codex", { ...env });
      const job = await runner.startJob();
      const run = await job.uses("main", { with: { command: "reap" } });
      assert.deepEqual(readOwnership(run), [[own, "leftover"]]);
      assert.match(run.log, /left alone: .*of other users/);
      assert.ok(isAlive(other));
      assert.ok(!isAlive(own));
    }),
);

test(
  "the Action does not end the agent that it runs in",
  { skip },
  () =>
    withHost(async (host) => {
      const job = await host.startRunner("one").startJob();
      const own = await job.leaveAgent("claude");
      const run = await job.uses("main", {
        with: { command: "kill", scope: "job" },
        insideAgent: true,
      });
      assert.equal(run.status, 0, run.log);
      assert.deepEqual(readOwnership(run), [[own, "this-job"]]);
      assert.match(run.log, /left alone: .*\b1 that zag-ps runs in/);
      assert.ok(!isAlive(own));
    }),
);

test(
  "the Action ends a server of an agent that has gone with its job",
  { skip },
  () =>
    withHost(async (host) => {
      const runner = host.startRunner("one");
      const first = await runner.startJob();
      const server = await first.leaveAgent("mcp-server");
      await first.crash();
      const second = await runner.startJob();
      const own = await second.leaveAgent("mcp-server");
      const run = await second.uses("main", { with: { command: "reap" } });
      assert.deepEqual(readOwnership(run), [[server, "leftover"]]);
      assert.ok(!isAlive(server));
      assert.ok(isAlive(own));
    }),
);

/** Has a codex start agents; `$0 $1` is claude, `$PPID` the codex. */
const STARTS_OTHERS = `
  echo $PPID >codex.pid
  RUNNER_TRACKING_ID= "$0" "$1" -p detached.pid &
  RUNNER_TEMP=/srv/other/_work/_temp "$0" "$1" -p theirs.pid &
  "$0" "$1" -p own.pid &
  wait`;

test(
  "the Action spares below a leftover what is detached and what is another runner's",
  { skip },
  () =>
    withHost(async (host) => {
      const runner = host.startRunner("one");
      const first = await runner.startJob();
      const names = ["codex", "own", "detached", "theirs"];
      const claude = "lib/node_modules/@anthropic-ai/claude-code/cli.js";
      await first.runScript(`cd ${quoteForShell(host.folder)}
        FAKE_AGENT_RUNS=1 "$PWD/bin/codex" exec /bin/sh -c ${
        [STARTS_OTHERS, findNode24() ?? ""].map(quoteForShell).join(" ")
      } "$PWD/${claude}" </dev/null >/dev/null 2>&1 &
        for name in ${names.join(" ")}; do
          while [ ! -s $name.pid ]; do sleep 0.01; done
        done`);
      const [codex = 0, own = 0, detached = 0, theirs = 0] = names.map((name) =>
        Number(readFileSync(join(host.folder, `${name}.pid`), "utf8"))
      );
      await first.crash();
      const second = await runner.startJob();
      const run = await second.uses("main", { with: { command: "reap" } });
      assert.equal(run.status, 0, run.log);
      assert.deepEqual(
        readOwnership(run).toSorted(),
        [[codex, "leftover"], [own, "leftover"]].toSorted(),
      );
      assert.deepEqual([codex, own].filter(isAlive), []);
      assert.deepEqual([detached, theirs].filter(isAlive), [detached, theirs]);
      const row = run.processes.find(({ pid }) => pid === codex);
      for (const pid of [detached, theirs]) {
        assert.match(
          String(row?.["reason"]),
          new RegExp(`^of its tree left alone: .*\\b${pid} \\(`),
        );
      }
      assert.match(run.log, /left alone: .*\b1 detached on purpose/);
    }),
);

const NEVER: [
  name: string,
  pick: (pids: {
    worker: number;
    listener: number;
    theirs: number;
    unknown: number;
  }) => number,
  why: RegExp,
][] = [
  ["pid 1", () => 1, /./],
  ["the runner's worker", ({ worker }) => worker, /no agent/],
  ["the runner's listener", ({ listener }) => listener, /no agent/],
  ["an agent of another runner", ({ theirs }) => theirs, /of other runners/],
  ["an agent of nobody knows whom", ({ unknown }) => unknown, /nothing is/],
];

for (const [name, pick, why] of NEVER) {
  test(
    `the Action refuses ${name}, even by its id`,
    { skip },
    () =>
      withHost(async (host) => {
        const live = await host.startRunner("two").startJob();
        const runner = host.startRunner("one");
        const job = await runner.startJob();
        const pids = {
          worker: job.worker,
          listener: runner.listener,
          theirs: await live.leaveAgent("codex"),
          unknown: await host.startAgent("codex", { CI: "true" }),
        };
        for (const command of ["stop", "kill"]) {
          const run = await job.uses("main", {
            with: { command, id: `pid:${pick(pids)}` },
          });
          assert.equal(run.status, 1, run.log);
          assert.match(run.annotations.join("\n"), why);
        }
        assert.deepEqual(Object.values(pids).map(isAlive), [
          ...[true, true, true, true],
        ]);
      }),
  );
}
