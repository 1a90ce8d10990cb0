/** Programs that look like agents: as real processes, none of them is ended. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import {
  CLAUDE,
  copyShell,
  needsCopies,
  writeScript,
} from "../support/agent_files.ts";
import type { Agent } from "../support/children.ts";
import { listRow, listRows, waitForProgram } from "../support/listed_rows.ts";
import { withWorld, type World } from "../support/world.ts";

const skip = needsCopies;
if (skip) console.error(`Programs like agents are left out: ${skip}`);

const { PATH = "" } = process.env;

/** What a program is called, the words behind it, and a folder for it. */
const TRAPS: [name: string, path: string, words: string[]][] = [
  ["an editor", "bin/vim", ["claude.md"]],
  ["a pager", "bin/less", ["claude"]],
  ["tail", "bin/tail", ["-f", "codex.log"]],
  ["grep", "bin/grep", ["claude", "-r", "codex"]],
  ["git", "bin/git", ["commit", "-m", "fix gemini"]],
  ["ssh", "bin/ssh", ["host", "claude", "-p", "hello"]],
  ["docker", "bin/docker", ["run", "claude"]],
  ["a shell with a script", "bin/bash", ["notes", "claude", "codex exec"]],
  ["a browser's host", `${CLAUDE}0`, ["chrome-extension://abcdef"]],
  ["a browser's host by its file", "bin/claude", [
    "{home}/native-messaging-hosts/com.anthropic.claude.json",
  ]],
  ["a desktop application", "lib/claude-desktop/claude", ["app.asar"]],
  ["another desktop application", "opt/Claude/claude", ["app.asar"]],
  ["a management command", "share/claude/versions/2.1.35", ["update"]],
  ["a tool for databases", "bin/goose", ["up"]],
  ["another editor", "bin/amp", ["notes.txt"]],
  ["another agent", "bin/agent", ["start"]],
  ["a tool for files", "bin/droid", ["scan"]],
  ["another copilot", "bin/copilot", ["svc"]],
  ["a game", "bin/crush", ["saga"]],
];

const WAITING = "read -r _\n";

function fillIn({ home }: World, words: readonly string[]): string[] {
  return words.map((word) => word.replace("{home}", home));
}

/** Makes the files of a trap; several may have the same script. */
function writeTrap(world: World, path: string, given: string[]): void {
  copyShell(world.home, path);
  const words = fillIn(world, given);
  const script = words.find((word) => !word.startsWith("-")) ?? "";
  // The shell opens a `//` like a `/`.
  writeScript(isAbsolute(script) ? "/" : world.home, script, WAITING);
}

function startTrap(world: World, path: string, given: string[]): Agent {
  return world.start("/bin/sh", [
    "-c",
    'cd "$1" && shift && exec "$@"',
    "sh",
    world.home,
    join(world.home, path),
    ...fillIn(world, given),
  ], { PATH });
}

/** Programs that are no agents by what a shell or Node was told. */
const SHELL_TRAPS: [name: string, words: string[]][] = [
  ["a shell that holds a text", [
    "-c",
    "cat >/dev/null <<X\nclaude -p 'mend it'\nX\nread -r _",
  ]],
  ["a shell that was given a line", ["-c", "read -r _; : codex exec claude"]],
];

test(
  "list -a shows no bystander, and none of them is ended",
  { skip },
  () =>
    withWorld(async (world) => {
      for (const [, path, words] of TRAPS) writeTrap(world, path, words);
      const traps: [name: string, agent: Agent][] = [
        ...TRAPS.map(([name, path, words]): [string, Agent] => [
          name,
          startTrap(world, path, words),
        ]),
        ...SHELL_TRAPS.map(([name, words]): [string, Agent] => [
          name,
          world.start("/bin/sh", words, { PATH }),
        ]),
      ];
      for (const [i, [name, path, words]] of TRAPS.entries()) {
        const program = join(world.home, path);
        const pid = traps[i]?.[1].pid ?? 0;
        await waitForProgram(pid, program);
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        assert.equal(
          line,
          [program, ...fillIn(world, words), ""].join("\0"),
          name,
        );
      }
      const pids = traps.map(([, { pid }]) => pid);
      for (const words of [["-a"], ["--untracked"]]) {
        assert.deepEqual(await listRows(world, pids, words), []);
      }
      for (const [i, [name, agent]] of traps.entries()) {
        const verb = i % 2 === 0 ? "stop" : "kill";
        const ran = await world.run([verb, `pid:${agent.pid}`]);
        assert.equal(ran.status, 3, `${name}: ${ran.stderr}`);
        assert.match(ran.stderr, /is no agent that zag-ps recognises/, name);
        assert.ok(agent.isAlive(), `${name} was ended`);
      }
      const [, editor] = traps[0] as [string, Agent];
      const ran = await world.run(["explain", String(editor.pid)]);
      assert.equal(ran.status, 0, ran.stderr);
      assert.match(ran.stdout, /^Recognised: +as no agent$/m);
      for (const [name, agent] of traps) assert.ok(agent.isAlive(), name);
    }),
);

test(
  "filters never mean the server that all share",
  { skip },
  () =>
    withWorld(async (world) => {
      writeTrap(world, "bin/ollama", ["serve"]);
      writeTrap(world, "bin/ollama", ["run"]);
      const server = startTrap(world, "bin/ollama", ["serve"]);
      await waitForProgram(server.pid, join(world.home, "bin/ollama"));
      const agent = startTrap(world, "bin/ollama", ["run"]);
      await waitForProgram(agent.pid, join(world.home, "bin/ollama"));
      const row = await listRow(world, [server.pid], ["-a"]);
      assert.deepEqual([row.provider, row.role], ["ollama", "server"]);
      const select = ["-f", "provider=ollama", "--untracked", "--dry-run"];
      for (const verb of ["stop", "kill"]) {
        const ran = await world.run([
          verb,
          ...select,
          "--json",
          "--max",
          "9999",
        ]);
        assert.equal(ran.status, 0, ran.stderr);
        assert.ok(ran.stdout.includes(`"pid:${agent.pid}"`), ran.stdout);
        assert.ok(!ran.stdout.includes(`"pid:${server.pid}"`), ran.stdout);
      }
      assert.ok(server.isAlive());
    }),
);
