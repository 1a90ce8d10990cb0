/**
 * Reaps the orphans of a machine that is the test's own: a PID namespace with
 * orphans, agents of living sessions and bystanders in it.
 */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { readUnit } from "../../src/model/control_group.ts";
import {
  copyShell,
  copySleep,
  needsCopies,
  writeScript,
} from "../support/agent_files.ts";
import { waitUntil } from "../support/children.ts";
import { access, type Nursery, openNursery } from "../support/nursery.ts";
import { makeEntry } from "../support/records.ts";
import { withWorld, type World } from "../support/world.ts";

const skip = needsCopies ||
  ("reason" in access
    ? `no PID namespace can be made here: ${access.reason}`
    : false);
if (skip) console.error(`The orphans are not reaped: ${skip}`);

const SCRIPT = resolve("tests", "support", "fixtures", "orphans.sh");

/** Everything in the namespace by its name. */
type Cast = Record<string, number>;

/** Builds the programs, starts all, and records one of them. */
async function prepare(world: World, nursery: Nursery): Promise<Cast> {
  const { home } = world;
  const id = randomUUID();
  copySleep(home, "bin/claude");
  copySleep(home, "bin/vim");
  copySleep(home, "bin/mcp-server-left");
  copySleep(home, "bin/mcp-server-alone");
  copySleep(home, "bin/mcp-server-mine");
  copySleep(home, "lib/node_modules/@openai/codex/vendor/x/codex/codex");
  copyShell(home, "bin/ollama");
  copyShell(home, "claude/versions/2.1.34");
  // What waits in a shell leaves nothing behind: the namespace ends it all.
  writeScript(home, "serve", "sleep 119; :\n");
  writeScript(
    home,
    "work",
    '"$bin/mcp-server-mine" 119 & "$bin/note" mine $!; sleep 119; :\n',
  );
  writeScript(
    home,
    "bin/codex",
    '"$HOME/lib/node_modules/@openai/codex/vendor/x/codex/codex" 119 & ' +
      '"$bin/note" "native$$" $!; wait\n',
  );
  chmodSync(
    writeScript(
      home,
      "bin/note",
      '#!/bin/sh\necho "$1 $2" >>"$HOME/cast"\n',
    ),
    0o755,
  );
  await nursery.spawn(["/bin/sh", SCRIPT], { RECORDED: id, HOME: home });
  const file = join(home, "cast");
  const read = (): Cast =>
    existsSync(file)
      ? Object.fromEntries(
        readFileSync(file, "utf8").trimEnd().split("\n").map((line) => {
          const [name = "", pid] = line.split(" ");
          return [name, Number(pid)];
        }),
      )
      : {};
  await waitUntil(
    () => Object.keys(read()).length === WHOLE_CAST,
    "not all were started",
  );
  const { ready: _, ...cast } = read();
  for (const [name, pid] of Object.entries(cast)) {
    const { [name]: own, ...others } = cast;
    assert.ok(!Object.values(others).includes(pid), `pid ${own} twice`);
  }
  // The children of launchers were noted by the pids of those.
  for (const name of ["pair", "launcher"]) {
    const key = `native${cast[name]}`;
    assert.ok(cast[key], `${name} has no child`);
    cast[`${name}-child`] = cast[key];
    delete cast[key];
  }
  world.writeProcesses([
    makeEntry({ id, pid: cast["recorded"] ?? 0, provider: "claude" }),
  ]);
  return cast;
}

/** The notes of `orphans.sh`, of the scripts above, and the last one. */
const WHOLE_CAST = 17;

/** The names of those that are there and no zombies. */
async function listAlive(nursery: Nursery, cast: Cast): Promise<string[]> {
  const script = 'for pid; do read -r line <"/proc/$pid/stat" && ' +
    'echo "$line"; done 2>/dev/null; :';
  const pids = Object.values(cast).map(String);
  const program = await nursery.spawn(["/bin/sh", "-c", script, "sh", ...pids]);
  const { stdout } = await program.wait();
  const alive = new Map(
    stdout.trimEnd().split("\n").map((line) => [
      Number.parseInt(line),
      !/\) [ZX] [^)]*$/.test(line),
    ]),
  );
  return Object.keys(cast).filter((name) => alive.get(cast[name] ?? 0)).sort();
}

/**
 * In a service that systemd keeps, a child of init that leads its session may
 * be the main process: then nothing is said of it.
 */
function isInService(): boolean {
  const [line = ""] = readFileSync("/proc/self/cgroup", "utf8").split("\n")
    .filter((line) => /^0::|:name=systemd:/.test(line));
  return readUnit(line.split(":").slice(2).join(":"))?.kind === "service";
}

interface Machine {
  /** What the program of pid 1 is called. */
  program: string;
  /** The orphans that may be ended. */
  orphans: string[];
}

const LEFT = ["launcher", "launcher-child", "left", "twice"];

/** What pid 1 is called decides who is an orphan. */
const MACHINES: Machine[] = [
  // It may have started what leads a session, or is in one that goes on.
  { program: "some-shell", orphans: LEFT },
  {
    program: "init",
    orphans: [
      ...["adopted", ...LEFT],
      ...!skip && !isInService() ? ["setsid"] : [],
    ].sort(),
  },
];

for (const { program, orphans } of MACHINES) {
  test(
    `reap ends the orphans under a pid 1 called ${program}, and nothing else`,
    {
      skip,
    },
    () =>
      withWorld(async (world) => {
        mkdirSync(join(world.home, "first"));
        const first = copyShell(world.home, join("first", program));
        const nursery = openNursery(world, first);
        const cast = await prepare(world, nursery);
        const all = Object.keys(cast).sort();
        assert.deepEqual(await listAlive(nursery, cast), all);
        const nameOf = (pid: number) =>
          all.find((name) => cast[name] === pid) ?? `pid ${pid}`;

        const listed = await nursery.run(["list", "-a", "--json"]);
        assert.equal(listed.status, 0, listed.stderr);
        const rows: {
          process_pid: number;
          launcher_pids: number[];
          orphan: boolean;
          untracked: boolean;
        }[] = JSON.parse(listed.stdout);
        assert.deepEqual(
          rows.flatMap(({ process_pid, launcher_pids }) =>
            [...launcher_pids, process_pid].map(nameOf)
          ).sort(),
          all.filter((name) => name !== "vim"),
        );
        assert.deepEqual(
          rows.filter(({ orphan }) => orphan).flatMap((row) =>
            [...row.launcher_pids, row.process_pid].map(nameOf)
          ).sort(),
          [...orphans, "alone", "server"].sort(),
        );
        assert.deepEqual(
          rows.filter(({ untracked }) => !untracked)
            .map(({ process_pid }) => nameOf(process_pid)),
          ["recorded"],
        );

        const reap = ["reap", "-f", "orphan=true"];
        const tracked = await nursery.run([...reap, "--apply", "--json"]);
        assert.deepEqual(JSON.parse(tracked.stdout).agents, []);
        const planned = await nursery.run([...reap, "--include-untracked"]);
        assert.equal(planned.status, 0, planned.stderr);
        assert.deepEqual(await listAlive(nursery, cast), all);

        const reaped = await nursery.run([
          ...reap,
          ...["--include-untracked", "--apply", "-t", "20s", "--json"],
        ]);
        assert.equal(reaped.status, 0, reaped.stderr);
        assert.deepEqual(
          await listAlive(nursery, cast),
          all.filter((name) => !orphans.includes(name)),
        );
        const again = await nursery.run([
          ...reap,
          ...["--include-untracked", "--apply", "--json"],
        ]);
        assert.deepEqual(JSON.parse(again.stdout).agents, []);
      }),
  );
}
