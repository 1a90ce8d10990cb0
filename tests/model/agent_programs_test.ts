import assert from "node:assert/strict";
import { test } from "node:test";
import {
  findPrograms,
  isAgentProgram,
} from "../../src/model/agent_programs.ts";

/** Executable, arguments, and whether that is the agent of the provider. */
const ROWS: [
  provider: string,
  executable: string | undefined,
  args: string[] | undefined,
  expected: boolean,
][] = [
  // By the executable or the name it was called by.
  ["claude", "/home/ada/.local/bin/claude", ["claude"], true],
  ["claude", "/home/ada/.local/share/claude/versions/2.0.14", ["2.0.14"], true],
  ["claude", "/usr/bin/claude (deleted)", [], true],
  ["claude", "C:\\Users\\ada\\.local\\bin\\Claude.exe", undefined, true],
  ["claude", undefined, ["/usr/local/bin/claude", "--resume"], true],
  ["Claude", "/usr/bin/claude", [], true],
  ["codex", "/usr/lib/node_modules/@openai/codex/vendor/x/codex", [], true],
  ["ollama", "/usr/local/bin/ollama", ["ollama", "run", "llama3"], true],
  ["copilot", "/opt/@github/copilot-linux-x64/copilot", [], true],
  ["cursor", "/home/ada/.local/bin/cursor-agent", [], true],
  ["cursor", "/usr/share/cursor-agents/cursor-agents", [], false],
  ["codex", "/opt/codex-x86_64-unknown-linux-musl", ["codex"], true],
  // zag itself, and the client of a sandbox, for every provider.
  ["claude", "/home/ada/.cargo/bin/zag", ["zag", "exec", "hello"], true],
  ["gemini", "/usr/bin/docker", ["docker", "run", "-it"], true],
  // By the script of an interpreter.
  ["gemini", "/usr/bin/node", ["node", "/usr/bin/gemini"], true],
  ["claude", "/usr/bin/node", ["node", "/x/claude.js", "--help"], true],
  [
    "gemini",
    "/usr/bin/node",
    ["node", "--no-warnings", "/x/@google/gemini-cli/dist/index.js", "-y"],
    true,
  ],
  ["claude", "/usr/bin/node", ["node", "-r", "x.js", "/bin/claude"], true],
  [
    "claude",
    "/usr/bin/bun",
    ["bun", "/x/@anthropic-ai/claude-code/c.js"],
    true,
  ],
  ["aider", "/usr/bin/python3.11", ["python3", "/usr/bin/aider"], true],
  ["aider", "/usr/bin/python3", ["python3", "-m", "aider"], true],
  ["aider", "/usr/bin/python3", ["python3", "-W", "x", "/bin/aider"], true],
  ["claude", "/usr/bin/dash", ["sh", "/usr/local/bin/claude"], true],

  // Other agents and other programs.
  ["claude", "/usr/bin/codex", ["codex"], false],
  ["codex", "/usr/bin/claude", ["claude"], false],
  ["docker", "/usr/bin/dockerd", ["dockerd"], false],
  ["claude", "/usr/bin/claude-desktop", ["claude-desktop"], false],
  ["claude", "/home/claude/bin/tool", ["tool"], false],
  ["claude", undefined, undefined, false],
  ["claude", "", [""], false],
  ["claude", undefined, [], false],
  // A name elsewhere on the line.
  ["claude", "/usr/bin/vim", ["vim", "claude.md"], false],
  ["claude", "/usr/bin/vim", ["vim", "claude"], false],
  ["codex", "/usr/bin/tail", ["tail", "-f", "codex"], false],
  ["gemini", "/usr/bin/git", ["git", "commit", "-m", "gemini"], false],
  ["claude", "/usr/bin/node", ["node", "server.js", "claude"], false],
  ["claude", "/usr/bin/node", ["node", "-r", "claude", "server.js"], false],
  ["claude", "/usr/bin/node", ["node", "--import", "claude", "x"], false],
  // Code in the arguments or on standard input is no script.
  ["claude", "/usr/bin/node", ["node", "-e", "claude"], false],
  ["claude", "/usr/bin/node", ["node", "-pe", "claude"], false],
  ["claude", "/usr/bin/node", ["node", "--eval=1", "claude"], false],
  ["claude", "/usr/bin/node", ["node", "-", "claude"], false],
  ["claude", "/usr/bin/bash", ["bash", "-c", "claude"], false],
  ["claude", "/usr/bin/bash", ["bash", "-lc", "cat notes/claude"], false],
  ["claude", "/usr/bin/bash", ["bash", "-s", "claude"], false],
  ["aider", "/usr/bin/python3", ["python3", "-Ic", "x/aider"], false],
  ["claude", "/usr/bin/bash", ["-bash"], false],
  // Providers that a hostile store could name.
  ["", "/usr/bin/bash", ["bash"], false],
  ["", "/usr/bin/", [""], false],
  ["constructor", "/usr/bin/bash", ["bash"], false],
  ["__proto__", "/usr/bin/bash", ["bash"], false],
  ["toString", "/usr/bin/node", ["node", "x"], false],
];

for (const [provider, executable, args, expected] of ROWS) {
  const line = JSON.stringify([executable ?? null, ...args ?? []]);
  test(`isAgentProgram of ${line} for "${provider}" is ${expected}`, () => {
    assert.equal(isAgentProgram({ executable, args }, provider), expected);
  });
}

test("findPrograms names what a process runs, each once", () => {
  const find = (executable: string | undefined, args?: string[]) =>
    findPrograms({ executable, args });
  assert.deepEqual(find("/bin/a", ["/bin/a", "x"]), ["/bin/a"]);
  assert.deepEqual(find("/bin/busybox", ["ls"]), ["/bin/busybox", "ls"]);
  assert.deepEqual(find("/bin/node", ["node", "s.js", "x"]), [
    "/bin/node",
    "node",
    "s.js",
  ]);
  assert.deepEqual(find("/bin/node", ["node"]), ["/bin/node", "node"]);
  assert.deepEqual(find(undefined), []);
  // Behind the name a title may hold anything.
  assert.deepEqual(find("/bin/node", ["claude --key=x do this"]), [
    "/bin/node",
    "claude",
  ]);
});

test("isAgentProgram takes an argument of a megabyte", () => {
  const args = ["sh", `-${"a".repeat(1_000_000)}!`, "claude"];
  assert.equal(isAgentProgram({ executable: "/bin/sh", args }, "claude"), true);
});
